"""What became of it: `history`, `letters` and `report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.app import TODAY, command
from cli.faults import Misused, Refused
from cli.pages import put
from cli.terminal import CycleId, Json, terminal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rich.console import RenderableType

    from store.models import JournalEntry


@command("history", TODAY, "kierros history", 'kierros history --at "2027-05-03 12:00"')
def history(
    cycle: CycleId = "",
    at: Annotated[str, typer.Option(metavar="TIME", help="What was known then, by the clocks of the cycle.")] = "",
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=0, show_default=False, help="Only the last N events.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Tell what happened, a sentence for each event; with --at, what was known at a moment."""
    from cli.record import latest_id, names_in
    from telling.names import titled
    from telling.sentences import letters_in, sentence, texts_of

    here, wanted = terminal(), latest_id(cycle)
    plan = here.store.get_plan(wanted)
    moment = _moment(at, plan.zone) if at else None
    known = here.store.journal(wanted, moment)
    entries, written = known[-last:], letters_in(entry.event for entry in known)
    texts = [text for entry in entries for text in texts_of(entry.event)]
    names = titled(names_in(plan, [*texts, *written.values()]), written)
    if as_json:
        here.data([_line(entry, sentence(entry.event, names)) for entry in entries])
        return
    here.show(story(entries, [sentence(entry.event, names) for entry in entries], names.moment))
    if moment is not None:
        _as_known(wanted, moment)
    here.next(f"kierros show {wanted}")


def _moment(words: str, zone: str) -> datetime:
    from datetime import time

    from plans.clock import read_moment

    return read_moment(words, zone, time(23, 59)).at


def _line(entry: JournalEntry, words: str) -> dict[str, Any]:
    from exchange.record import events

    return {
        "position": entry.position,
        "recorded_at": entry.recorded_at,
        "sentence": words,
        "event": events.pack(entry.event),
    }


def story(entries: Sequence[JournalEntry], sentences: list[str], moment: Any) -> RenderableType:
    """Events as a table: when, and what."""
    from cli.show import cell, table

    page = table("", "", header=False)
    for entry, words in zip(entries, sentences, strict=True):
        page.add_row(cell(moment(entry.event.at), "dim"), cell(words))
    return page


def _as_known(cycle: str, moment: datetime) -> None:
    from cli.record import looked_up
    from cli.show import board_page, cell
    from telling.board import board_of

    here = terminal()
    state, names = looked_up(cycle, moment)
    here.show(cell(f"\nAs it was known on {names.moment(moment)}:", "bold"))
    here.show(board_page(board_of(state, names, here.store), moment))


@command("letters", TODAY, "kierros letters", "kierros letters --failed", "kierros letters --show 17")
def letters(
    cycle: CycleId = "",
    to: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Only letters to this address, of the cycle’s people or of staff.")
    ] = "",
    state: Annotated[
        str, typer.Option(metavar="STATE", help="held, queued, sending, sent, failed, suspect, overdue or dropped.")
    ] = "",
    show: Annotated[
        int, typer.Option(metavar="NUMBER", show_default=False, help="Read one letter, by its number in the list.")
    ] = 0,
    failed: Annotated[
        bool, typer.Option("--failed", help="What did not arrive and is not settled; of all cycles, or of one.")
    ] = False,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="What should have left while nothing ran; of all cycles, or of one.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List what was written to whom, and what became of it."""
    from cli.letter_list import letter_data, letter_list
    from cli.record import latest_id, names_in

    here = terminal()
    if failed:
        from cli.undelivered import undelivered

        undelivered(cycle, as_json)
        return
    if overdue:
        from cli.belated import shown

        shown(cycle, as_json)
        return
    wanted = latest_id(cycle)
    if show:
        _read(wanted, show)
        return
    readers = _readers(wanted, to) if to else [None]
    rows = [row for ref in readers for row in here.store.letters(wanted, *_states(state), to_ref=ref)]
    names = names_in(here.store.get_plan(wanted))
    if as_json:
        here.data([letter_data(row, names.who(row.to_ref)) for row in rows])
        return
    _elsewhere(wanted)
    if not rows:
        here.say("No letters yet." if not (to or state) else "No such letters.")
        return
    here.show(letter_list(rows, names.who))
    here.next(f"kierros letters {wanted} --show {rows[-1].id}")


def _elsewhere(cycle: str) -> None:
    """Says that letters of other cycles did not arrive, also of those that are over."""
    from telling.counts import plural

    count = sum(lost.count for lost in terminal().store.troubles() if lost.cycle != cycle)
    if count:
        said = f"{plural(count, 'letter')} of other cycles did not surely arrive: kierros letters --failed"
        terminal().say(said, "yellow")


def _readers(cycle: str, address: str) -> list[str | None]:
    """Who has that address: somebody of the cycle, somebody of the staff, or both.

    Raises:
        Misused: the address is malformed, or neither has it.
    """
    from cli.record import person_at
    from plans.words import plain

    staff = [one.ref for one in terminal().store.staff(everybody=True) if plain(one.address) == plain(address)]
    try:
        return [person_at(cycle, address).ref, *staff]
    except Misused:
        if staff:
            return [*staff]
        raise


def _states(state: str) -> tuple[Any, ...]:
    from typing import get_args

    from store.models import LetterState

    if state and state not in get_args(LetterState):
        raise Misused(f"{state!r} is no state of a letter; it is {', '.join(get_args(LetterState))}.")
    return (state,) if state else ()


def _read(cycle: str, number: int) -> None:
    from cli.show import cell
    from workers.held import read

    row = terminal().store.letter(number)
    if row is None or row.cycle != cycle:
        raise Misused(f"{cycle} has no letter no. {number}. `kierros letters` lists them.")
    terminal().show(cell(read(row.data, row.language)))


@command("report", TODAY, "kierros report", "kierros report --html report.html", "kierros report --json")
def report(
    cycle: CycleId = "",
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the whole report there.")] = None,
    as_json: Json = False,
) -> None:
    """Show the report, as it was filed or as it was last drawn up."""
    from cli.account import account_page
    from cli.record import latest_id

    here, wanted = terminal(), latest_id(cycle)
    found = here.store.report(wanted)
    if found is None:
        raise Refused(
            f"{wanted} has no report yet; it is drawn up when the steps before it are done. `kierros show` tells."
        )
    if html is not None:
        put(html, found.html)
        here.say(f"The report is in {html}.")
    if as_json:
        here.data(found.data)
    elif html is None:
        here.show(account_page(found.data))
        here.say("Filed." if found.filed_at else "Drawn up, and not yet approved.")
        here.next(f"kierros report {wanted} --html report.html")
