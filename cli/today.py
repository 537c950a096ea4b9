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

DAYS = 14
LATE = timedelta(minutes=1)
"""So long after its hour something that was due has been decided, where anything decides."""

_TROUBLE = {"failed": "could not be delivered", "suspect": "may or may not have arrived"}


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

    here, moment = terminal(), now()
    rows = open_cycles()
    found, newer = _looked_up([row.id for row in rows])
    going = [(cycle, names) for cycle, names in found if cycle.standstill is None]
    waiting = [line for cycle, names in going for line in prompt_lines(cycle.prompts.values(), names)]
    dates = sorted((line for cycle, names in found for line in coming_lines(cycle, names)), key=lambda line: line.at)
    ahead = [line for line in dates if line.at <= moment + timedelta(days=DAYS)]
    wrong = [*_lost(), *newer, *(w for cycle, names in found for w in _wrong(cycle, names, moment))]
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

    found, newer = [], []
    for cycle in cycles:
        try:
            found.append(looked_up(cycle))
        except CycleNewer as why:
            newer.append(Wrong(cycle, f"waits for a newer Kierros (rules of version {why.version})", "kierros doctor"))
    return found, newer


def _data(cycles: list[str], waiting: list[PromptLine], ahead: list[ComingLine], wrong: list[Wrong]) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "cycles": cycles,
        "waiting": [asdict(line) for line in waiting],
        "ahead": [asdict(line) for line in ahead],
        "wrong": [asdict(entry) for entry in wrong],
    }


def _lost() -> list[Wrong]:
    """What did not arrive and is not settled, also of cycles that are over; and what keeps everything from leaving."""
    from telling.names import plural

    store = terminal().store
    found = [
        Wrong(
            lost.cycle,
            f"{plural(lost.count, 'letter')} {_TROUBLE[lost.state]}",
            f"kierros letters {lost.cycle} --failed",
        )
        for lost in store.troubles()
    ]
    found += [
        Wrong(
            late.cycle,
            f"{plural(late.count, 'letter')} should have left while nothing ran",
            f"kierros overdue --cycle {late.cycle}",
        )
        for late in store.overdue()
    ]
    found += [
        Wrong(cycle, f"the report ({step}) is not the one that was approved, and was not filed", "kierros doctor")
        for cycle, step in store.unfiled()
    ]
    found += [
        Wrong(one.cycle, f"an erasure is pending: {one.pending or 'it has just begun'}", "kierros people erasures")
        for one in store.erasures(pending_only=True)
    ]
    if why := store.sender_refused():
        found.append(Wrong("", f"letters wait: {why}", "kierros doctor"))
    return found


def _wrong(cycle: Cycle, names: Names, moment: datetime) -> list[Wrong]:
    from telling.board import prompt_lines, still_line

    if (still := still_line(cycle, names)) is not None:
        return [Wrong(cycle.plan.id, f"stands still {still}", f"kierros resume {cycle.plan.id}")]
    found = []
    for line in prompt_lines(cycle.prompts.values(), names):
        if line.overdue(moment):
            found.append(Wrong(cycle.plan.id, f"{line.id} is overdue", "kierros waiting"))
        elif line.id.startswith("defect-"):
            found.append(Wrong(cycle.plan.id, f"{line.asks}", f"kierros choose {line.id} seen"))
    engine = terminal().store.cycle(cycle.plan.id).engine
    if engine == "pending":
        found.append(Wrong(cycle.plan.id, "has not begun: the engine has not taken it yet", "kierros up"))
    elif engine == "lost":
        found.append(
            Wrong(cycle.plan.id, "stands still: no workflow carries it on", f"kierros recover {cycle.plan.id}")
        )
    elif (behind := _behind(cycle, names, moment)) is not None:
        found.append(behind)
    return found


def _behind(cycle: Cycle, names: Names, moment: datetime) -> Wrong | None:
    """What was due a while ago and has not happened: the engine does not run, or cannot decide it."""
    from exchange.cycle import due

    entries = due(cycle)
    if not entries or entries[0].at > moment - LATE:
        return None
    since = names.moment(entries[0].at)
    return Wrong(cycle.plan.id, f"what was due {since} has not happened: does the engine run?", "kierros doctor")


def _page(
    waiting: list[PromptLine], ahead: list[ComingLine], wrong: list[Wrong], moment: datetime, *, several: bool
) -> RenderableType:
    from cli import show
    from telling.names import plural

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
    from cli.reading import answering

    here = terminal()
    if waiting:
        here.next(answering(waiting[0]))
    elif wrong:
        here.next(wrong[0].help)
    else:
        here.next("kierros show")
