"""What did not arrive, also after the end of its cycle: `letters --failed` shows it, `settle` ends the matter."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cli.app import TODAY, command
from cli.faults import Misused, Refused
from cli.terminal import CycleId, Reason, terminal

LOST: tuple[Literal["failed", "suspect"], ...] = ("failed", "suspect")
"""The states of letters that will not arrive by themselves."""


def undelivered(cycle: str, as_json: bool) -> None:
    """Shows what did not arrive and is not settled: of one cycle, or of all."""
    from cli.letter_list import letter_data, letter_list
    from cli.record import names_in
    from cli.show import heading

    here, store = terminal(), terminal().store
    wanted = [store.cycle(cycle).id] if cycle else _troubled()
    found = {one: rows for one in wanted if (rows := [r for r in store.letters(one, *LOST) if not r.settled_at])}
    names = {one: names_in(store.get_plan(one)) for one in found}
    if as_json:
        here.data([letter_data(row, names[one].who(row.to_ref)) for one, rows in found.items() for row in rows])
        return
    if not found:
        here.say("Every letter has arrived, still waits, or is settled.")
        return
    for one, rows in found.items():
        here.show(heading(one))
        here.show(letter_list(rows, names[one].who))
    here.next(f"kierros settle {next(iter(found))} --reason TEXT", "once they are dealt with in another way")


def undelivered_in_all(cycle: str) -> str:
    """How many letters of the cycle can be tried again, and how many have been tried as often as they may."""
    from telling.counts import plural

    rows = [row.state for row in terminal().store.letters(cycle, *LOST)]
    failed, doubtful = rows.count("failed"), rows.count("suspect")
    if not doubtful:
        return f"{plural(failed, 'letter')} can be tried again."
    spent = f"{plural(doubtful, 'letter')} may have arrived three times already, and no fourth is sent"
    return f"{plural(failed, 'letter') if failed else 'No letter'} can be tried again. {spent}: write or ring yourself."


def _troubled() -> list[str]:
    """The cycles with letters that did not arrive and are not settled."""
    return list(dict.fromkeys(lost.cycle for lost in terminal().store.troubles()))


@command(
    "settle",
    TODAY,
    'kierros settle --reason "Phoned them"',
    'kierros settle cycle-riga-2027-youth --letter 17 --reason "The address is gone"',
)
def settle(
    cycle: CycleId = "",
    letter: Annotated[
        list[int] | None, typer.Option("--letter", metavar="NUMBER", help="Only this letter; once for each.")
    ] = None,
    reason: Reason = "",
) -> None:
    """Note that letters which did not arrive were dealt with in another way. They are not shown as wrong any more."""
    from cli.record import acting_in, kept
    from telling.counts import plural

    here = terminal()
    wanted = here.store.cycle(cycle).id if cycle else _only()
    staff = acting_in(wanted)
    lost = {row.id for row in here.store.letters(wanted, *LOST) if not row.settled_at}
    if unknown := [str(number) for number in letter or () if number not in lost]:
        raise Refused(
            f"Letter {unknown[0]} does not wait to be settled. `kierros letters --failed` shows those that do."
        )
    if not lost:
        raise Refused(f"There is nothing to settle in {wanted}: every letter has arrived, waits, or is settled.")
    if not reason:
        raise Misused("Say how they were dealt with: --reason TEXT. It is kept beside the letters.")
    done = here.store.settle(wanted, letter or (), staff.ref, kept(wanted, reason))
    here.say(f"{plural(len(done), 'letter')} of {wanted} {'is' if len(done) == 1 else 'are'} settled.", "green")
    here.next("kierros")


def _only() -> str:
    """The one cycle that has something to settle."""
    found = _troubled()
    if not found:
        raise Refused("There is nothing to settle: every letter has arrived, waits, or is settled.")
    if len(found) > 1:
        raise Misused(f"Letters of several cycles did not arrive: {', '.join(found)}. Say which cycle is meant.")
    return found[0]
