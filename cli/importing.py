"""Lists of people and of answers: every row is taken, refused with its reason, or a duplicate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import PEOPLE, command
from cli.faults import Misused
from cli.tally import AT_ONCE, Tally, hand_in, tally_of, tell
from cli.terminal import InCycle, Json, terminal

if TYPE_CHECKING:
    from exchange.state import Cycle
    from plans import AnswerRow, Person
    from store.models import Letterbox


def import_people(cycle: str, file: Path, step: str, as_json: bool) -> None:
    """Registers everybody on the list, in its order. Importing it again adds nothing.

    Raises:
        Misused: the file cannot be read at all.
        Refused: a row was refused; the others are taken.
    """
    from plans import read_people

    plan = terminal().store.get_plan(cycle)
    found = read_people(file, organisations=plan.organisations)
    tally = tally_of(found.name, found.refused, found.duplicates)
    invited = [person for person in found.accepted if person.part == "invitee"]
    others = [person for person in found.accepted if person.part != "invitee"]
    tally.refused += [(p.row, f"is a {p.part} on this list, and only participants register.") for p in others]
    refs = _made_known(cycle, invited)
    items = [_registration(cycle, person, ref, step) for person, ref in zip(invited, refs, strict=True)]
    hand_in(cycle, tally, [(p.row, ref) for p, ref in zip(invited, refs, strict=True)], items)
    state = terminal().store.load(cycle)
    _count_places(tally, state)
    tell(tally, as_json, f"kierros show {cycle}")


def _made_known(cycle: str, people: Sequence[Person]) -> list[str]:
    """The references of the people; whoever is new is made known, many in one transaction."""
    from store import people as register
    from store.models import Person as Known
    from telling.times import now

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
    from exchange.registration import Register
    from telling.times import now

    wish = Register(at=now(), actor=ref, person=ref, home=person.library, step=step)
    return letterbox(wish, derived_id("register", cycle, ref, person.library, step))


def _count_places(tally: Tally, state: Cycle) -> None:
    for _, ref in tally.accepted:
        _, place = state.place(ref)
        word = place.state if place and tally.decided else "kept"
        tally.states[word] = tally.states.get(word, 0) + 1


def _option(name: str, metavar: str, words: str) -> object:
    return typer.Option(f"--{name}", metavar=metavar, help=words)


@command(
    "feedback",
    PEOPLE,
    "kierros feedback --file answers.csv",
    "kierros feedback --file answers.xlsx --step survey",
    'kierros feedback --host dokk1 --rating 4 --gained "We read aloud more" --better "Stay a day longer"',
)
def feedback(
    file: Annotated[
        Path | None, _option("file", "FILE", "One row for each participant who answered, CSV or XLSX.")
    ] = None,
    step: Annotated[str, _option("step", "STEP", "The form; needed only where there are several.")] = "",
    host: Annotated[str, _option("host", "HOST", "Instead of a file: what this host says of its visit.")] = "",
    rating: Annotated[
        str, _option("rating", "1-5", "What the visit gave the host's own library: 1 nothing, 5 very much.")
    ] = "",
    gained: Annotated[str, _option("gained", "TEXT", "What the host took from it.")] = "",
    better: Annotated[str, _option("better", "TEXT", "What the next group should do differently.")] = "",
    slot: Annotated[str, _option("slot", "SLOT", "Which visit; needed only where the host had several.")] = "",
    cycle: InCycle = "",
    as_json: Json = False,
) -> None:
    """Take participants' feedback from a file, or what a host says of the visit that it has received.

    Participants' answers are kept apart from who gave them. A host's are signed, and stand in the report; given again,
    they take the place of those before.
    """
    from cli.record import acting, cycle_id

    if bool(host) == (file is not None):
        raise Misused("Take participants' answers with --file FILE, or one host's with --host HOST --rating 1-5.")
    if file is not None and (left := _of_a_host(rating=rating, gained=gained, better=better, slot=slot)):
        raise Misused(f"--{left} is for what a host says: add --host HOST, and leave --file out.")
    if host and (step or as_json):
        raise Misused(f"{'--step' if step else '--json'} is for participants' answers in a file, not for a host's.")
    wanted = cycle_id(cycle)
    acting()
    if file is None:
        from cli.hosting import told

        told(wanted, host, slot, rating, (gained, better))
        return
    _feedback_of(wanted, file, step, as_json)


def _of_a_host(**given: str) -> str:
    return next((name for name, words in given.items() if words), "")


def _feedback_of(wanted: str, file: Path, step: str, as_json: bool) -> None:
    """What participants answered, row by row."""
    from plans import read_answers

    form = terminal().store.load(wanted).survey_step(step)
    found = read_answers(file, form.questions)
    tally = tally_of(found.name, found.refused, found.duplicates)
    rows = [(row, _answerer(wanted, row)) for row in found.accepted]
    tally.refused += [(row.row, "nobody in this cycle has that address.") for row, ref in rows if not ref]
    known = [(row, ref) for row, ref in rows if ref]
    items = [_answer(wanted, form.id, row, ref) for row, ref in known]
    hand_in(wanted, tally, [(row.row, ref) for row, ref in known], items)
    tell(tally, as_json, f"kierros show {wanted}")


def _answerer(cycle: str, row: AnswerRow) -> str:
    store = terminal().store
    if row.person:
        return row.person if row.person in store.get_people([row.person]) else ""
    person = store.by_address(cycle, row.address)
    return person.ref if person else ""


def _answer(cycle: str, step: str, row: AnswerRow, person: str) -> Letterbox:
    """The mark that she answered, with her answers in a sealed envelope. The id says nothing of what she answered."""
    from cli.posting import derived_id, letterbox
    from exchange.feedback import GiveFeedback
    from telling.times import now

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
