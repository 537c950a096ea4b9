"""Letters whose hour went by while nothing ran: `overdue` shows them, lets them leave, or throws them away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import TODAY, command
from cli.faults import Misused, Refused
from cli.terminal import InCycle, Json, Reason, terminal

if TYPE_CHECKING:
    from store.models import OutboxRow

DEEDS = ("send", "drop")


@command(
    "overdue",
    TODAY,
    "kierros overdue",
    "kierros overdue send",
    "kierros overdue send --kind invitation",
    'kierros overdue drop --to anna@home-library.example --reason "The seminar is over"',
)
def overdue(
    deed: Annotated[str, typer.Argument(metavar="send|drop", help="What to do with them; else they are shown.")] = "",
    kind: Annotated[str, typer.Option(metavar="KIND", help="Only letters of this kind, as the list names it.")] = "",
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="Only letters to this address.")] = "",
    reason: Reason = "",
    cycle: InCycle = "",
    as_json: Json = False,
) -> None:
    """Send or drop letters that should have left while nothing ran. None of them leaves before you say so."""
    if not deed:
        shown(cycle, as_json, kind, to)
        return
    if deed not in DEEDS:
        raise Misused(f"Overdue letters are sent or dropped: kierros overdue send, kierros overdue drop; not {deed!r}.")
    if deed == "drop" and not reason:
        raise Misused("Say why they are not to leave: --reason TEXT. It is kept beside the letters.")
    _settle(deed, _meant(cycle), kind, to, reason)


def shown(cycle: str, as_json: bool, kind: str = "", to: str = "") -> None:
    """Shows the overdue letters: of one cycle, or of all."""
    from cli.letter_list import letter_data, letter_list, perhaps_delivered
    from cli.record import names_in
    from cli.show import heading
    from telling.counts import plural

    here, store = terminal(), terminal().store
    wanted = [store.cycle(cycle).id] if cycle else [late.cycle for late in store.overdue()]
    found = {one: rows for one in wanted if (rows := _overdue(one, kind, to))}
    names = {one: names_in(store.get_plan(one)) for one in found}
    if as_json:
        here.data([letter_data(row, names[one].who(row.to_ref)) for one, rows in found.items() for row in rows])
        return
    if not found:
        here.say("No such letter is overdue." if kind or to else "No letter is overdue.")
        return
    for one, rows in found.items():
        since = names[one].moment(min(row.not_before for row in rows))
        here.show(heading(one, f"should have left since {since}"))
        here.show(letter_list(rows, names[one].who))
    if perhaps := sum(perhaps_delivered(row) for rows in found.values() for row in rows):
        here.say(f"{plural(perhaps, 'letter')} may have arrived already: sending makes another copy of the same.")
    first = next(iter(found))
    here.next(f"kierros overdue send --cycle {first}", f"or: kierros overdue drop --cycle {first} --reason TEXT")


def _overdue(cycle: str, kind: str, to: str) -> list[OutboxRow]:
    """The overdue letters of the cycle, as far as they are of that kind and to that address."""
    from typing import get_args

    from cli.record import person_at
    from exchange.mail import LetterKind

    wanted = kind.replace(" ", "_").replace("-", "_")
    if wanted and wanted not in get_args(LetterKind):
        raise Misused(f"{kind!r} is no kind of letter. `kierros overdue` shows which letters are overdue.")
    ref = person_at(cycle, to).ref if to else None
    return terminal().store.letters(cycle, "overdue", kind=wanted or None, to_ref=ref)


def _settle(deed: str, cycle: str, kind: str, to: str, reason: str) -> None:
    from cli.record import acting_in, kept
    from telling.counts import plural

    here, staff = terminal(), acting_in(cycle)
    letters = [row.id for row in _overdue(cycle, kind, to)]
    if not letters:
        raise Refused(f"No such letter of {cycle} is overdue. `kierros overdue` shows those that are.")
    if deed == "send":
        done = here.store.release_overdue(cycle, letters, staff.ref)
    else:
        done = here.store.drop_overdue(cycle, letters, staff.ref, kept(cycle, reason))
    when = "when it goes on" if here.store.cycle(cycle).phase == "suspended" else "now"
    one, more = (f"leaves {when}", f"leave {when}") if deed == "send" else ("is dropped", "are dropped")
    here.say(f"{plural(len(done), 'letter')} of {cycle} {one if len(done) == 1 else more}.", "green")
    here.next("kierros overdue" if here.store.overdue() else f"kierros letters {cycle}")


def _meant(cycle: str) -> str:
    """The cycle named, or the only one with overdue letters."""
    store = terminal().store
    if cycle:
        return store.cycle(cycle).id
    found = [late.cycle for late in store.overdue()]
    if not found:
        raise Refused("No letter is overdue.")
    if len(found) > 1:
        raise Misused(f"Letters of several cycles are overdue: {', '.join(found)}. Say which one with --cycle.")
    return found[0]
