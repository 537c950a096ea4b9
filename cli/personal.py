"""What is kept of a person: `people export`, `correct`, `erase` and `erasures`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.app import PEOPLE, Group, app, command
from cli.faults import Misused, Refused
from cli.terminal import InCycle, Json, Yes, progress, terminal

if TYPE_CHECKING:
    from store.models import Erasure, Person, Staff
    from telling.names import Names

people = typer.Typer(
    cls=Group, help="What is kept of a person: show it, correct it, erase it.", rich_markup_mode="rich"
)
app.add_typer(people, name="people", rich_help_panel=PEOPLE)

Who = Annotated[str, typer.Argument(metavar="WHO", help="Her e-mail address, her name, or her reference p_….")]
OUTSIDE = (
    "What mail servers, their readers and old backups keep of her is not in our reach: delete the backups in time."
)


PATIENCE = 5.0
"""Seconds to wait for the worker that lets her go from her cycle."""


def found(who: str, cycle: str) -> list[Person]:
    """The rows of one person: in the cycle named, or in all where she is known.

    Raises:
        Misused: nobody is known, or several people have that name.
    """
    rows = [row for row in terminal().store.everywhere(who) if cycle in {"", row.cycle}]
    if not rows:
        where = f" in {cycle}" if cycle else ""
        raise Misused(f"Nobody is known as {who!r}{where}. Write her e-mail address as it stands in the people list.")
    if len({row.address_norm for row in rows}) > 1:
        said = ", ".join(sorted({row.address for row in rows}))
        raise Misused(f"Several people are called {who!r} ({said}). Say which one by her address.")
    return rows


@command(
    "export",
    PEOPLE,
    "kierros people export anna@library.example",
    "kierros people export anna@library.example --to anna.json",
    to=people,
)
def export(
    who: Who,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Into this file, for your eyes only.")] = None,
    cycle: InCycle = "",
) -> None:
    """Everything that is kept of a person, in every cycle, as JSON: to be given to her if she asks.

    Her answers to a survey are not in it: they stand apart from her and cannot be found again.
    """
    import json
    import os

    from pydantic_core import to_jsonable_python

    from telling.counts import plural

    here, kept = terminal(), [_kept(row) for row in found(who, cycle)]
    if to is None:
        here.data(kept)
        return
    if to.exists():
        raise Refused(f"{to} is there already, and nothing is overwritten. Name another file.")
    words = json.dumps(to_jsonable_python(kept), ensure_ascii=False, indent=2) + "\n"
    with os.fdopen(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(words)
    here.say(f"Everything that is kept of her, in {plural(len(kept), 'cycle')}, is in {to}.", "green")


def _kept(row: Person) -> dict[str, Any]:
    """What one cycle keeps of her, with its history in words."""
    from cli.signed import standing
    from store.own_words import NEEDS, OWN
    from telling.sentences import sentence

    store = terminal().store
    kept, names = store.kept_of(row.cycle, row.ref), _names(row.cycle)
    if any(about in NEEDS or about.startswith(OWN) for about in kept["told"]):
        readers = standing()
        who = readers[0].staff if len(readers) == 1 else ""
        store.note_security("needs_read", door="terminal", staff=who, cycle=row.cycle, detail=row.ref)
    mine = {event["position"] for event in kept["events"]}
    lines = [entry for entry in store.journal(row.cycle) if entry.position in mine]
    told = [{"at": entry.event.at, "what": sentence(entry.event, names)} for entry in lines]
    return {**kept, "events": told}


def _names(cycle: str) -> Names:
    from cli.record import names_in

    return names_in(terminal().store.get_plan(cycle))


@command(
    "correct",
    PEOPLE,
    'kierros people correct anna@library.example --name "Anna Berg-Ek"',
    "kierros people correct anna@library.example --address anna@new.example --everywhere",
    to=people,
)
def correct(
    who: Who,
    name: Annotated[str, typer.Option(metavar="NAME", help="How she is called.")] = "",
    address: Annotated[str, typer.Option(metavar="ADDRESS", help="Where her letters go.")] = "",
    language: Annotated[str, typer.Option(metavar="CODE", help="The language of her letters.")] = "",
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Her time zone, e.g. Europe/Helsinki.")] = "",
    everywhere: Annotated[bool, typer.Option("--everywhere", help="In every cycle that knows her.")] = False,
    cycle: InCycle = "",
) -> None:
    """Correct a person's name, address, language or time zone. Letters that wait and were not approved follow."""
    from cli.entry import one_person
    from cli.record import acting_in
    from telling.counts import plural

    here, rows = terminal(), found(who, cycle)
    given = {"name": name, "address": address, "language": language, "zone": zone}
    if not any(given.values()):
        raise Misused("Say what to correct: --name, --address, --language or --zone.")
    if len(rows) > 1 and not everywhere:
        where = ", ".join(row.cycle for row in rows)
        raise Misused(f"{rows[0].name} is known in several cycles ({where}). Name one with --cycle, or --everywhere.")
    typed = one_person(name or rows[0].name, address or rows[0].address, language=language, zone=zone)
    values = {key: str(getattr(typed, key)) for key, value in given.items() if value}
    for row in rows:
        acting_in(row.cycle)
    for row in rows:
        here.store.correct_person(row.cycle, row.ref, **values)
    here.say(f"Corrected in {plural(len(rows), 'cycle')}: {', '.join(values)}.", "green")
    here.next(f"kierros people export {values.get('address', rows[0].address)}")


@command(
    "erase",
    PEOPLE,
    "kierros people erase anna@library.example",
    "kierros people erase anna@library.example --cycle cycle-riga-2027-youth --yes",
    to=people,
)
def erase(who: Who, cycle: InCycle = "", yes: Yes = False) -> None:
    """Erase what is kept of a person who asks for it, in every cycle. You see first what goes and what stays.

    It cannot be undone. Staff who have left are named by their name or address.
    """
    from cli.record import acting

    here, staff = terminal(), acting()
    if (left := _staff_who_left(who)) is not None:
        _erase_staff(left, staff, yes=yes)
        return
    rows = found(who, cycle)
    roles = {row.cycle: _role(row, staff) for row in rows}
    for row in rows:
        for line in _foreseen(row):
            here.say(line)
    here.say("Stays: counts, sums and the history, by a reference that leads to nobody; answers given without a name.")
    here.say(OUTSIDE)
    _agree(f"Erase {rows[0].name} ({rows[0].address})? It cannot be undone. [y/N]", yes=yes)
    from workers.erasing import erase as forget

    with progress("Erasing …"):
        done = [forget(here.settings, here.store, row.cycle, row.ref, staff.ref, roles[row.cycle]) for row in rows]
        done = _let_go(done)
    _told(done)


def _let_go(done: list[Erasure]) -> list[Erasure]:
    """Waits a little until running cycles have let her go: a worker needs a second or two."""
    from time import monotonic, sleep

    from workers.erasing import UNTOLD, finish

    here, until = terminal(), monotonic() + PATIENCE
    wanted = {(one.cycle, one.mark) for one in done}
    while any(one.pending == UNTOLD for one in done) and monotonic() < until:
        sleep(0.1)
        done = [one for one in here.store.erasures() if (one.cycle, one.mark) in wanted]
        if all(one.told_at for one in done):
            return finish(here.settings, here.store, done)
    return done


def _agree(question: str, *, yes: bool) -> None:
    if not yes and terminal().ask(question, "Add --yes.").casefold() not in {"y", "yes"}:
        raise Refused("Nothing was erased.")


def _role(row: Person, staff: Staff) -> str:
    """The role in which staff may have it done: any role in her cycle.

    Raises:
        exchange.prompt.NotYourDecision: none.
    """
    return terminal().store.load(row.cycle).demand(staff.ref)


def _foreseen(row: Person) -> list[str]:
    """What goes, of one cycle."""
    from exchange.mail import speakers_of
    from telling.counts import plural

    kept, cycle = terminal().store.kept_of(row.cycle, row.ref), terminal().store.load(row.cycle)
    waits = sum(letter["state"] in {"held", "queued", "overdue", "sending"} for letter in kept["letters"])
    goes = ["her name and address", plural(len(kept["letters"]), "letter") + (f" ({waits} not sent)" if waits else "")]
    goes += [plural(len(kept["words"]), "reason or note", "reasons and notes")] if kept["words"] else []
    lines = [f"{row.cycle}. Goes: {', '.join(goes)}."]
    _, place = cycle.place(row.ref)
    if place is not None and place.holds and not cycle.over:
        lines.append("  Her place is free then, and is offered to the next who waits.")
    if any(row.ref in speakers_of(step) for step in cycle.seminars() if cycle.gathering(step.id).stage != "held"):
        lines.append("  She is to speak there: find somebody else first (kierros replace), or the programme lacks her.")
    if _answers_for_a_host(row):
        lines.append("  She answers for a host there: no letter reaches it any more. Name another contact in the plan.")
    return lines


def _answers_for_a_host(row: Person) -> bool:
    from exchange.plan import Visits

    cycle = terminal().store.load(row.cycle)
    stays = (slot for step in cycle.plan.steps if isinstance(step, Visits) for slot in step.slots)
    return not cycle.over and any(row.ref == candidate.contact for slot in stays for candidate in slot.candidates)


def _staff_who_left(who: str) -> Staff | None:
    """The member of staff of that name, address or reference, who may not act any more."""
    from store.refs import normal_address

    spelt = " ".join(who.split()).casefold()
    for one in terminal().store.staff(everybody=True):
        named = spelt in {one.ref, one.name.casefold()} or normal_address(who) == normal_address(one.address)
        if named and (not one.active or spelt == one.ref):
            return one
    return None


def _erase_staff(one: Staff, by: Staff, *, yes: bool) -> None:
    here = terminal()
    here.say("Goes: the name and the address, and the letters to her. Stays: what she decided, by her reference.")
    here.say("Letters to others that bear her name as the organiser stay as long as their cycle keeps its letters.")
    _agree(f"Erase {one.name} ({one.address})? It cannot be undone. [y/N]", yes=yes)
    from workers.erasing import erase_staff

    _told([erase_staff(here.settings, here.store, one.ref, by.ref)])


def _told(done: list[Erasure]) -> None:
    here = terminal()
    if pending := [one for one in done if one.done_at is None]:
        here.say("Erased: nothing of it can be looked up any more. Not all of its traces are gone yet:", "yellow")
        for why in dict.fromkeys(f"{one.cycle or 'staff'}: {one.pending}" for one in pending):
            here.say(f"  {why}.")
        here.next("kierros people erasures", "shows when nothing is left; a running worker sees to it")
        return
    here.say("Erased. Nothing of it is left in the record, its files, the mailbox folder and the reports.", "green")
    here.next("kierros people erasures --to FILE", "the list, to be kept with your backups")


@command(
    "erasures", PEOPLE, "kierros people erasures", "kierros people erasures --to /backups/erasures.jsonl", to=people
)
def erasures(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write the list, to be kept with your backups.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the erasures: when each was asked for, and whether nothing is left. The list names nobody."""
    from cli.show import cell, table
    from telling.counts import plural

    here, rows = terminal(), terminal().store.erasures()
    if to is not None:
        from workers.erasure_list import write_list

        count = write_list(here.store, to)
        here.say(f"{plural(count, 'erasure')} written to {to}. `kierros restore … --erasures {to}` reads it.", "green")
        return
    if as_json:
        here.data([one.model_dump(mode="json") for one in rows])
        return
    if not rows:
        here.say("Nobody has been erased.")
        return
    page = table("Cycle", "Asked for", "Done")
    for one in rows:
        done = f"{one.done_at:%Y-%m-%d %H:%M} UTC" if one.done_at else f"pending: {one.pending}"
        page.add_row(cell(one.cycle or "staff"), cell(f"{one.asked_at:%Y-%m-%d %H:%M} UTC"), cell(done))
    here.show(page)
