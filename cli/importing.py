"""Lists of people and of answers: every row is taken, refused with its reason, or a duplicate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.app import PEOPLE, command
from cli.faults import Misused, Refused
from cli.terminal import InCycle, Json, terminal

if TYPE_CHECKING:
    from exchange.state import Cycle
    from plans import AnswerRow, Person
    from plans.tables import Refused as Row
    from store.models import Letterbox

AT_ONCE = 500
"""Rows that are kept in one transaction."""


@dataclass
class Tally:
    """What became of each row. The three kinds together are the rows of the file."""

    name: str
    accepted: list[tuple[int, str]] = field(default_factory=list)
    """Row number and the person's reference."""
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Row number and why."""
    duplicates: list[tuple[int, str]] = field(default_factory=list)
    decided: bool = True
    """False while the engine has not decided all of them."""
    states: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return len(self.accepted) + len(self.refused) + len(self.duplicates)

    def as_data(self) -> dict[str, Any]:
        """The tally for ``--json``."""
        return {
            "file": self.name, "rows": self.rows, "accepted": len(self.accepted), "decided": self.decided,
            "refused": [{"row": row, "reason": why} for row, why in self.refused],
            "duplicates": [{"row": row, "reason": why} for row, why in self.duplicates],
            "states": self.states,
        }  # fmt: skip


def import_people(cycle: str, file: Path, step: str, as_json: bool) -> None:
    """Registers everybody on the list, in its order. Importing it again adds nothing.

    Raises:
        Misused: the file cannot be read at all.
        Refused: a row was refused; the others are taken.
    """
    from plans import read_people

    plan = terminal().store.get_plan(cycle)
    found = read_people(file, organisations=plan.organisations)
    tally = _tally(found.name, found.refused, found.duplicates)
    invited = [person for person in found.accepted if person.part == "invitee"]
    others = [person for person in found.accepted if person.part != "invitee"]
    tally.refused += [(p.row, f"is a {p.part} on this list, and only participants register.") for p in others]
    refs = _made_known(cycle, invited)
    items = [_registration(cycle, person, ref, step) for person, ref in zip(invited, refs, strict=True)]
    _hand_in(cycle, tally, [(p.row, ref) for p, ref in zip(invited, refs, strict=True)], items)
    state = terminal().store.load(cycle)
    _count_places(tally, state)
    _tell(tally, as_json, f"kierros show {cycle}")


def _tally(name: str, refused: Sequence[Row], duplicates: Sequence[Row]) -> Tally:
    """A tally that begins with what the file itself gave cause for.

    Raises:
        Misused: the file as a whole cannot be taken.
    """
    if whole := next((row for row in refused if row.row == 0), None):
        raise Misused(f"{name} {whole.reason}")
    said = [(row.row, f"{row.column}: {row.reason}" if row.column else row.reason) for row in refused]
    return Tally(name, refused=said, duplicates=[(row.row, row.reason) for row in duplicates])


def _made_known(cycle: str, people: Sequence[Person]) -> list[str]:
    """The references of the people; whoever is new is made known, many in one transaction."""
    from cli.times import now
    from store import people as register
    from store.models import Person as Known

    store = terminal().store
    plan, moment = store.get_plan(cycle), now()
    refs: list[str] = []
    for start in range(0, len(people), AT_ONCE):
        with store.writing() as connection:
            for one in people[start : start + AT_ONCE]:
                home = plan.organisation(one.library)
                known = Known(
                    name=one.name,
                    address=one.address,
                    address_norm=one.address_norm,
                    language=one.language or plan.languages[0],
                    zone=one.zone or (home.zone if home else plan.zone),
                    home=one.library,
                )
                refs.append(register.find_or_add(connection, cycle, known, moment))
    return refs


def _registration(cycle: str, person: Person, ref: str, step: str) -> Letterbox:
    from cli.posting import derived_id, letterbox
    from cli.times import now
    from exchange.registration import Register

    wish = Register(at=now(), actor=ref, person=ref, home=person.library, step=step)
    return letterbox(wish, derived_id("register", cycle, ref, person.library, step))


def _hand_in(cycle: str, tally: Tally, rows: Sequence[tuple[int, str]], items: Sequence[Letterbox]) -> None:
    """Keeps the items in their order, waits for their decisions, and notes what became of each row."""
    from cli.posting import decided, waited_for
    from cli.refusals import sentence_of

    store = terminal().store
    before = store.cycle(cycle).received_to
    numbers: list[int] = []
    for start in range(0, len(items), AT_ONCE):
        numbers += _received(cycle, items[start : start + AT_ONCE])
    fresh = [(row, ref, number) for (row, ref), number in zip(rows, numbers, strict=True) if number > before]
    known = [row for (row, _), number in zip(rows, numbers, strict=True) if number <= before]
    tally.duplicates += [(row, "was handed in before; nothing was added.") for row in known]
    tally.decided = not fresh or waited_for(cycle, fresh[-1][2])
    for row, ref, number in fresh:
        outcome = decided(cycle, number) if tally.decided else None
        if outcome is not None and outcome.state == "refused":
            tally.refused.append((row, sentence_of(outcome.name, outcome.facts)))
        else:
            tally.accepted.append((row, ref))


def _received(cycle: str, items: Sequence[Letterbox]) -> list[int]:
    """The inbox numbers of the items. One that came before with other content is a duplicate, and hinders no other."""
    from store.faults import CommandIdReused

    store = terminal().store
    try:
        return [receipt.number for receipt in store.receive(cycle, items)]
    except CommandIdReused:
        if len(items) == 1:
            return [0]
    return [number for item in items for number in _received(cycle, [item])]


def _count_places(tally: Tally, state: Cycle) -> None:
    for _, ref in tally.accepted:
        _, place = state.place(ref)
        word = place.state if place and tally.decided else "kept"
        tally.states[word] = tally.states.get(word, 0) + 1


def _tell(tally: Tally, as_json: bool, then: str) -> None:
    from cli.record import spelled

    here = terminal()
    if as_json:
        here.data(tally.as_data())
    else:
        for row, why in sorted(tally.refused):
            here.line(spelled(f"{tally.name}, row {row}: refused: {why}"))
        for row, why in sorted(tally.duplicates):
            here.line(spelled(f"{tally.name}, row {row}: duplicate: {why}"))
    counts = f"{len(tally.accepted)} accepted + {len(tally.refused)} refused + {len(tally.duplicates)} duplicate"
    here.say(f"{counts} = {tally.rows} rows of {tally.name}.")
    if tally.states:
        here.say(", ".join(f"{count} {word}" for word, count in tally.states.items()).capitalize() + ".", "green")
    if not tally.decided:
        here.say("They are kept, count from now, and will be decided when the engine runs.")
    here.next(then)
    if tally.refused:
        raise Refused(f"{len(tally.refused)} of {tally.rows} rows were refused; mend these and import the file again.")


@command(
    "feedback", PEOPLE, "kierros feedback --file answers.csv", "kierros feedback --file answers.xlsx --step survey"
)
def feedback(
    file: Annotated[Path, typer.Option("--file", metavar="FILE", help="One row for each who answered, CSV or XLSX.")],
    step: Annotated[str, typer.Option(metavar="STEP", help="The form; needed only where there are several.")] = "",
    cycle: InCycle = "",
    as_json: Json = False,
) -> None:
    """Take feedback from a file. Answers are kept apart from who gave them."""
    from cli.record import cycle_id
    from plans import read_answers

    wanted = cycle_id(cycle)
    form = terminal().store.load(wanted).survey_step(step)
    found = read_answers(file, form.questions)
    tally = _tally(found.name, found.refused, found.duplicates)
    rows = [(row, _answerer(wanted, row)) for row in found.accepted]
    tally.refused += [(row.row, "nobody in this cycle has that address.") for row, ref in rows if not ref]
    known = [(row, ref) for row, ref in rows if ref]
    items = [_answer(wanted, form.id, row, ref) for row, ref in known]
    _hand_in(wanted, tally, [(row.row, ref) for row, ref in known], items)
    _tell(tally, as_json, f"kierros show {wanted}")


def _answerer(cycle: str, row: AnswerRow) -> str:
    store = terminal().store
    if row.person:
        return row.person if row.person in store.get_people([row.person]) else ""
    person = store.by_address(cycle, row.address)
    return person.ref if person else ""


def _answer(cycle: str, step: str, row: AnswerRow, person: str) -> Letterbox:
    """The mark that she answered, with her answers in a sealed envelope. The id says nothing of what she answered."""
    from cli.posting import derived_id, letterbox
    from cli.times import now
    from exchange.feedback import GiveFeedback

    wish = GiveFeedback(at=now(), actor=person, person=person, step=step)
    return letterbox(wish, derived_id("feedback", cycle, person, step), row.answers)


def addresses_in(file: Path) -> list[str]:
    """The addresses of a people list.

    Raises:
        Misused: a row cannot be taken; attendance is noted for all of them or for none.
    """
    from plans import read_people

    found = read_people(file)
    if found.refused:
        raise Misused(f"{found.name}: {'; '.join(map(str, found.refused))}")
    return [person.address for person in found.accepted]
