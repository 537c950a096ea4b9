"""Stopping for a while: `suspend` and `resume`. Answers are kept meanwhile, and nothing leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import DECIDING, command
from cli.terminal import CycleId, Reason, Yes, terminal

if TYPE_CHECKING:
    from exchange.state import Cycle
    from exchange.suspending import Resume
    from telling.names import Names

AHEAD = 6
"""So many of the dates that follow are shown before a cycle is resumed."""


@command(
    "suspend",
    DECIDING,
    'kierros suspend --reason "The library is flooded"',
    'kierros suspend --tell --yes --reason "The funding is being decided anew"',
)
def suspend(
    cycle: CycleId = "",
    reason: Reason = "",
    tell: Annotated[
        bool, typer.Option("--tell", help="Write to everybody who takes part, now and when it goes on.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Let a cycle stand still until you resume it: answers are kept, nothing is due, and no letter leaves."""
    from cli.amending import decide_it, show_touched
    from cli.record import acting, cycle_id, looked_up
    from exchange.suspending import Suspend
    from telling.times import now

    staff, wanted = acting(), cycle_id(cycle)
    state, names = looked_up(wanted)
    wish = Suspend(at=now(), actor=staff.ref, tell=tell)
    show_touched(state, wish, names, f"{wanted} stands still from now on.")
    decide_it(wanted, wish, reason, yes, "Suspend it? [y/N]", f"{wanted} is suspended. kierros resume lets it go on.")


@command("resume", DECIDING, "kierros resume", 'kierros resume --yes --reason "The house is dry again"')
def resume(cycle: CycleId = "", reason: Reason = "", yes: Yes = False) -> None:
    """Let a suspended cycle go on. You see which dates have passed, and what is due then, before it does."""
    from cli.engine import tell
    from cli.faults import Refused
    from cli.record import acting, cycle_id, kept, looked_up
    from exchange.suspending import Resume
    from telling.times import now

    here, staff, wanted = terminal(), acting(), cycle_id(cycle)
    state, names = looked_up(wanted)
    wish = Resume(at=now(), actor=staff.ref)
    _show_what_follows(state, wish, names)
    if not yes and here.ask("Let it go on? [y/N]", "Add --yes.").casefold() not in {"y", "yes"}:
        raise Refused("Nothing was changed.")
    row = here.store.cycle(wanted)
    tell(wanted, wish.model_copy(update={"reason": kept(wanted, reason)}) if reason else wish)
    here.say(f"{wanted} goes on.", "green")
    _tell_outcomes(wanted, range(row.decided_to + 1, row.received_to + 1))
    here.next(f"kierros show {wanted}")


def _tell_outcomes(cycle: str, numbers: range) -> None:
    """What became of the answers that were kept while it stood still: of those refused, why."""
    from cli.posting import waited_for
    from cli.record import spelled
    from telling.counts import plural
    from telling.refusals import sentence_of

    here = terminal()
    if not numbers:
        return
    if not waited_for(cycle, numbers[-1]):
        here.say(f"{plural(len(numbers), 'answer')} kept meanwhile will be decided when the engine runs.")
        return
    outcomes, plan = here.store.outcomes(cycle, numbers), here.store.get_plan(cycle)
    refused = [outcome for _, outcome in sorted(outcomes.items()) if outcome.state == "refused"]
    here.say(f"{plural(len(numbers), 'answer')} kept meanwhile decided; {len(refused)} of them refused.")
    for outcome in refused:
        here.say(spelled(f"  refused: {sentence_of(outcome.name, outcome.facts, plan)}"))


def _show_what_follows(state: Cycle, wish: Resume, names: Names) -> None:
    """Which dates have passed, whom it touches, and what is due then; on stderr.

    Raises:
        Refusal: the engine would say no; the dates that have passed have been shown.
    """
    from cli.amending import show_touched
    from exchange.cycle import fold
    from exchange.suspending import passed
    from telling.board import coming_lines
    from telling.refusals import tried
    from telling.times import written

    here = terminal()
    for date in passed(state, wish.at):
        what = f"{names.slot(date.slot, date.step)} ({date.slot})" if date.slot else names.step(date.step)
        here.say(f"  passed: {date.field} of {what}, {written(date.when)}")
    show_touched(state, wish, names, f"{state.plan.id} goes on from now on.")
    lines = coming_lines(fold(state, tried(state, wish)), names)
    for line in lines[:AHEAD]:
        here.say(f"  {'at once' if line.at <= wish.at else line.when}: {line.what}")
