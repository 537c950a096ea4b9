"""Bare `kierros`: what waits for whom, what the next 14 days bring, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType

from cli.terminal import terminal

if TYPE_CHECKING:
    from exchange.state import Cycle
    from telling.board import ComingLine, PromptLine
    from telling.names import Names
    from workers.trouble import Trouble

DAYS = 14
WRONG = {
    "failed": ("{letters} could not be delivered", "kierros letters {cycle} --failed"),
    "suspect": ("{letters} may or may not have arrived", "kierros letters {cycle} --failed"),
    "absent": ("{letters} should have left while nothing ran", "kierros overdue --cycle {cycle}"),
    "unfiled": ("the report ({about}) is not the one that was approved, and was not filed", "kierros doctor"),
    "erasing": ("an erasure is pending: {why}", "kierros people erasures"),
    "sender": ("letters wait: {why}", "kierros doctor"),
    "newer": ("waits for a newer Kierros (rules of version {about})", "kierros doctor"),
    "still": ("stands still {why}", "kierros resume {cycle}"),
    "defect": ("{asks}", "kierros choose {about} seen"),
    "pending": ("has not begun: the engine has not taken it yet", "kierros up"),
    "lost": ("stands still: no workflow carries it on", "kierros recover {cycle}"),
    "left": (
        "{kind}: its last date has passed, decisions wait, and it does not end by itself",
        "kierros cancel {cycle}",
    ),
    "empty": ("{asks}", "kierros cancel {cycle}"),
    "behind": ("what was due {since} has not happened: does the engine run?", "kierros doctor"),
}
"""What may be wrong, and what helps."""
ENDS = "kierros cancel"
"""Something to be asked about: the command that ends a cycle is named beside it, and is not what comes next."""


@dataclass(frozen=True)
class Wrong:
    """One thing that needs a hand, and the command that helps."""

    cycle: str
    what: str
    help: str


def today(as_json: bool) -> None:
    """Shows the desk as it is today."""
    from cli.record import open_cycles
    from cli.whatnext import suggest
    from telling.board import coming_lines, prompt_lines
    from telling.times import now
    from workers.trouble import of_cycle, of_the_record

    here, moment = terminal(), now()
    rows = open_cycles()
    found, newer = _looked_up([row.id for row in rows])
    going = [(cycle, names) for cycle, names in found if cycle.standstill is None]
    waiting = [line for cycle, names in going for line in prompt_lines(cycle.prompts.values(), names)]
    dates = sorted((line for cycle, names in found for line in coming_lines(cycle, names)), key=lambda line: line.at)
    ahead = [line for line in dates if line.at <= moment + timedelta(days=DAYS)]
    wrong = [*map(_worded, of_the_record(here.store)), *newer]
    wrong += [_worded(it, names) for cycle, names in found for it in of_cycle(here.store, cycle, moment)]
    if as_json:
        here.data(_data([row.id for row in rows], waiting, ahead, wrong))
        return
    if not rows:
        here.say("No cycle is open.")
    if not (rows or wrong):
        suggest("kierros list shows what has been" if here.store.cycles() else "")
        return
    several = len({*(row.id for row in rows), *(entry.cycle for entry in wrong)}) > 1
    here.show(_page(waiting, ahead, wrong, moment, several=several))
    _suggest(waiting, wrong)


def _looked_up(cycles: list[str]) -> tuple[list[tuple[Cycle, Names]], list[Wrong]]:
    """The state and names of each, but for those that wait for a newer release: these are told."""
    from cli.record import looked_up
    from store.faults import CycleNewer
    from workers.trouble import Trouble

    found, newer = [], []
    for cycle in cycles:
        try:
            found.append(looked_up(cycle))
        except CycleNewer as why:
            newer.append(_worded(Trouble("newer", cycle, about=str(why.version))))
    return found, newer


def _data(cycles: list[str], waiting: list[PromptLine], ahead: list[ComingLine], wrong: list[Wrong]) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "cycles": cycles,
        "waiting": [asdict(line) for line in waiting],
        "ahead": [asdict(line) for line in ahead],
        "wrong": [asdict(entry) for entry in wrong],
    }


def _worded(trouble: Trouble, names: Names | None = None) -> Wrong:
    """What is wrong in words, and the command that helps."""
    from telling.board import still_line
    from telling.counts import plural
    from telling.heldup import empty
    from telling.sentences import asks

    what, help_ = WRONG[trouble.kind]
    said = {"cycle": trouble.cycle, "letters": plural(trouble.count, "letter"), "about": trouble.about}
    said |= {"why": trouble.why, "since": names.moment(trouble.at) if names and trouble.at else ""}
    said["kind"] = "practice run" if names is not None and names.plan.practice else "year"
    if names is not None and trouble.kind in {"still", "defect"}:
        state = terminal().store.load(trouble.cycle)
        said["why"] = str(still_line(state, names) or "")
        said["asks"] = asks(state.prompts[trouble.about], names) if trouble.about else ""
    if names is not None and trouble.begins is not None:
        said["asks"] = empty(trouble.about, trouble.begins, names)
    return Wrong(trouble.cycle, what.format_map(said), help_.format_map(said))


def _page(
    waiting: list[PromptLine], ahead: list[ComingLine], wrong: list[Wrong], moment: datetime, *, several: bool
) -> RenderableType:
    from cli import show
    from telling.counts import plural

    parts: list[RenderableType] = [show.heading("Waiting", plural(len(waiting), "decision") if waiting else "")]
    parts += show.prompts(waiting, moment, cycle=several)
    if not waiting:
        parts.append(show.cell("Nothing waits for a decision."))
    parts.append(show.heading(f"The next {DAYS} days"))
    parts.append(show.ahead(ahead, moment) if ahead else show.cell("Nothing is due."))
    if wrong:
        parts.append(show.heading("Needs a hand"))
    for problem in wrong:
        parts.append(
            show.cell(f"! {problem.what}" + (f" ({problem.cycle})" if several and problem.cycle else ""), "red")
        )
        parts.append(show.cell(f"  {problem.help}", "dim"))
    return Group(*parts)


def _suggest(waiting: list[PromptLine], wrong: list[Wrong]) -> None:
    from cli.reading import suggest_answer

    here = terminal()
    if waiting:
        suggest_answer(waiting)
    elif wrong and not wrong[0].help.startswith(ENDS):
        here.next(wrong[0].help)
    else:
        here.next("kierros show")
