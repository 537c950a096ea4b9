"""Lists of people and of answers: every row is taken, refused with its reason, or a duplicate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import PEOPLE, command
from cli.faults import Misused
from cli.tally import hand_in, tell
from cli.terminal import InCycle, Json, terminal

if TYPE_CHECKING:
    from plans import AnswerRow
    from store.models import Letterbox


def import_people(cycle: str, file: Path, step: str, as_json: bool) -> None:
    """Registers everybody on the list, in its order. Importing it again adds nothing.

    Raises:
        Misused: the file cannot be read at all.
        Refused: a row was refused; the others are taken.
    """
    from plans import read_people
    from telling.times import now
    from workers.importing import NoList, count_places, made_known, registration, sorted_out

    store, moment = terminal().store, now()
    try:
        tally, invited = sorted_out(read_people(file, organisations=store.get_plan(cycle).organisations))
    except NoList as why:
        raise Misused(str(why)) from None
    refs = made_known(store, cycle, invited, moment)
    items = [registration(cycle, person, ref, step, moment) for person, ref in zip(invited, refs, strict=True)]
    hand_in(cycle, tally, [(p.row, ref) for p, ref in zip(invited, refs, strict=True)], items)
    count_places(tally, store, cycle)
    tell(tally, as_json, f"kierros show {cycle}")


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
    from cli.record import acting_in, cycle_id

    if bool(host) == (file is not None):
        raise Misused("Take participants' answers with --file FILE, or one host's with --host HOST --rating 1-5.")
    if file is not None and (left := _of_a_host(rating=rating, gained=gained, better=better, slot=slot)):
        raise Misused(f"--{left} is for what a host says: add --host HOST, and leave --file out.")
    if host and (step or as_json):
        raise Misused(f"{'--step' if step else '--json'} is for participants' answers in a file, not for a host's.")
    wanted = cycle_id(cycle)
    acting_in(wanted)
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
    from workers.importing import NoList, tally_of

    form = terminal().store.load(wanted).survey_step(step)
    found = read_answers(file, form.questions)
    try:
        tally = tally_of(found.name, found.refused, found.duplicates)
    except NoList as why:
        raise Misused(str(why)) from None
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
    from exchange.feedback import GiveFeedback
    from telling.times import now
    from workers.entering import derived_id, letterbox

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
