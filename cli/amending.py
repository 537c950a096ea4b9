"""Changing a running cycle: `move`, `capacity`, `remind` and `cancel`. Each shows first whom it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import DECIDING, command
from cli.faults import Refused
from cli.terminal import CycleId, InCycle, Reason, Yes, terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from exchange.base import Command
    from exchange.moving import Move
    from exchange.state import Cycle
    from telling.names import Names

_REASONED = {"reason": "n_"}
"""Stands in for a reason while nobody has been asked for it yet."""

Step = Annotated[str, typer.Argument(metavar="STEP", help="The step, by its id in the plan.")]


@command(
    "move",
    DECIDING,
    'kierros move opening begins 2027-02-16 --reason "The hall is taken"',
    'kierros move registration closes "2027-01-20 23:59" --reason "Many were on leave"',
    'kierros move visits begins 2027-04-12 --slot malmo-days --ends 2027-04-13 --reason "Host asked"',
)
def move(
    step: Step,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="Which date: begins, opens, closes, prepare, …")],
    when: Annotated[str, typer.Argument(metavar="WHEN", help="Local time at its place: 2027-02-16, or with 10:00.")],
    slot: Annotated[str, typer.Option(metavar="SLOT", help="Of visits: which stay.")] = "",
    ends: Annotated[str, typer.Option(metavar="WHEN", help="When it ends; else it takes as long as before.")] = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also where the group is expected elsewhere at a visit's new time.")
    ] = False,
    reason: Reason = "",
    cycle: InCycle = "",
    yes: Yes = False,
) -> None:
    """Move a date or a deadline, with a reason. You see whom it touches before it is done."""
    from cli.record import acting, cycle_id, looked_up
    from telling.times import now, written
    from workers.typed import wish_to_move

    staff, wanted = acting(), cycle_id(cycle)
    state, names = looked_up(wanted)
    wish = wish_to_move(state, now(), staff.ref, step, field, when, slot, ends)
    wish = wish.model_copy(update={"anyway": anyway})
    show_touched(state, wish, names, f"{field} of {names.step(step)} becomes {written(wish.when)} ({wish.when.zone}).")
    _show_clashes(state, wish, names)
    decide_it(wanted, wish, reason, yes, f"Move it to {written(wish.when)}? [y/N]", "Moved.")


def _show_clashes(state: Cycle, wish: Move, names: Names) -> None:
    """What lies at the same time, where a visit moves for which a host stands."""
    from telling.wished import Time, known_of

    if not wish.slot or wish.ends is None:
        return
    step, stay = state.slot_of(wish.step, wish.slot)
    if state.booking(step.id, stay.id).host:
        for line in known_of(Time(terminal().store, state, step, stay, wish.when, wish.ends), names, wish.at):
            terminal().say(f"  {line}")


@command("capacity", DECIDING, 'kierros capacity registration 18 --reason "A larger bus"')
def capacity(
    step: Step,
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="How many places there are from now on.")],
    reason: Reason = "",
    cycle: InCycle = "",
    yes: Yes = False,
) -> None:
    """Change the number of places. Nobody is put out; freed places go to those who wait."""
    from cli.record import acting, cycle_id, looked_up
    from exchange.registration import SetCapacity
    from telling.times import now

    staff, wanted = acting(), cycle_id(cycle)
    state, names = looked_up(wanted)
    wish = SetCapacity(at=now(), actor=staff.ref, step=step, capacity=number)
    show_touched(state, wish, names, f"{names.step(step)}: {state.desk(step).capacity} places become {number}.")
    decide_it(wanted, wish, reason, yes, f"Set it to {number}? [y/N]", f"{names.step(step)} has {number} places now.")


@command("remind", DECIDING, "kierros remind invitations", "kierros remind visits --slot malmo-days")
def remind(
    step: Step,
    slot: Annotated[
        str, typer.Option(metavar="SLOT", help="Of visits: the stay whose host, or group, is reminded.")
    ] = "",
    cycle: InCycle = "",
    yes: Yes = False,
) -> None:
    """Remind those who have not answered: the invited, a host, those asked for feedback.

    Of a visit that has moved, those of the group who have not said whether they can still come.
    """
    from cli.record import acting, cycle_id, looked_up
    from telling.times import now
    from workers.typed import reminder

    staff, wanted = acting(), cycle_id(cycle)
    state, names = looked_up(wanted)
    wish = reminder(state, now(), staff.ref, step, slot)
    if not show_touched(state, wish, names, f"Reminder of {names.step(step)}."):
        raise Refused("Nobody is to be reminded there.")
    decide_it(wanted, wish, "", yes, "Send it? [y/N]", "The reminder leaves now.")


@command("cancel", DECIDING, 'kierros cancel --reason "The funding has ended"')
def cancel(cycle: CycleId = "", reason: Reason = "", yes: Yes = False) -> None:
    """End a cycle before its time: all that is booked is released, and everyone invited is told once."""
    from cli.record import acting, cycle_id, kept, looked_up
    from exchange.cancelling import Cancel
    from telling.times import now

    here, staff, wanted = terminal(), acting(), cycle_id(cycle)
    state, names = looked_up(wanted)
    wish = Cancel(at=now(), actor=staff.ref)
    letters = show_touched(state, wish, names, f"{wanted} ends now and for good.")
    reason = here.reason(reason)
    if not yes and here.ask(f"Type {wanted} to cancel it:", "Add --yes.") != wanted:
        raise Refused("Nothing was cancelled.")
    from cli.engine import tell

    tell(wanted, wish.model_copy(update={"reason": kept(wanted, reason)}))
    told = "Everyone invited is told." if _known_to_people(state) else "Nobody had been invited yet."
    told += "" if letters else " Nobody is written to."
    here.say(f"{wanted} is cancelled. {told}")
    here.next(f"kierros letters {wanted}")


def _known_to_people(state: Cycle) -> bool:
    """Whether anybody was invited, or has asked for a place."""
    invited = any(state.guests(step.id).stage == "sent" for step in state.invitations())
    return invited or any(state.desk(step.id).people for step in state.desks_in_plan())


def show_touched(state: Cycle, wish: Command, names: Names, what: str) -> int:
    """Says what will happen and who is told, on stderr; gives back how many letters that makes.

    Raises:
        Refusal: the engine would say no.
    """
    from telling.refusals import tried
    from telling.sentences import sentence
    from telling.touching import touched

    here = terminal()
    events = tried(state, wish.model_copy(update=_REASONED) if "reason" in type(wish).model_fields else wish)
    here.say(what, "bold")
    for event in events[1:]:
        here.say(f"  {sentence(event, names)}")
    letters, lines = touched(state, events, names)
    for line in lines:
        here.say(f"  {line}")
    if not lines:
        here.say("  Nobody has to be told.")
    return letters


def decide_it(
    cycle: str,
    wish: Command,
    reason: str,
    yes: bool,
    question: str,
    done: str,
    last: Callable[[], dict[str, str]] = dict,
) -> None:
    """Asks, and has the engine decide it; ``last`` keeps other words than the reason, once they are wanted."""
    from cli.engine import tell
    from cli.record import kept

    here = terminal()
    if "reason" in type(wish).model_fields:
        reason = here.reason(reason)
    if not yes and here.ask(question, "Add --yes.").casefold() not in {"y", "yes"}:
        raise Refused("Nothing was changed.")
    words = {**last(), **({"reason": kept(cycle, reason)} if reason else {})}
    tell(cycle, wish.model_copy(update=words))
    here.say(done, "green")
    here.next(f"kierros show {cycle}")
