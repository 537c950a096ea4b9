"""Whether the people list can be taken, and whether everybody the plan names is on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from exchange.plan import Registration, Seminar, Visits
from plans.check_languages import letters_language
from plans.faults import Fault, Misread, listed
from plans.people import PeopleList, Person
from plans.planfile import PlanFile
from plans.roster import contact, home, person, renamed
from plans.said import said
from plans.words import language_name

LEFT_OUT = "“{heading}” is no column that we know; it is left out."
RENAMED = "{before} is called {now} by now, and is taken for the same person."
NOBODY = "lists nobody; add a row with name and address for everyone to be invited."


def people_list(file: PlanFile, people: PeopleList) -> Iterator[Fault]:
    """Every refused row, and what is odd about the accepted ones."""
    for row in people.refused:
        yield Fault(people.name, row.row, row.column, row.reason)
    for row in people.duplicates:
        yield Fault(people.name, row.row, row.column, row.reason, "warning")
    for heading in people.ignored:
        yield Fault(people.name, 1, heading, said(LEFT_OUT, heading=heading), "warning")
    if not people.rows:
        yield Fault(people.name, 0, "", said(NOBODY))
    elif not any(row.row == 0 for row in people.refused):
        yield from _invited(file, people)


def without_contact(file: PlanFile, people: PeopleList) -> list[str]:
    """The ids of the libraries that are to say whom they send, and for which the list names nobody who could."""
    draft = file.draft
    if not any(isinstance(step, Registration) and step.places == "nominated" for step in draft.steps):
        return []
    answering = {home(draft, one) for one in people.accepted if one.part == "contact"}
    sending = dict.fromkeys(home(draft, one) for one in people.accepted if one.part == "invitee")
    return [library for library in sending if library and library not in answering]


def _invited(file: PlanFile, people: PeopleList) -> Iterator[Fault]:
    invitees = [one for one in people.accepted if one.part == "invitee"]
    if not invitees and file.draft.of_kind("invitations"):
        yield Fault(people.name, 0, "", said("has nobody to invite; add people of the part “participant”."))
    limited = any(getattr(step, "per_library", None) for step in file.draft.of_kind("registration"))
    for one in people.accepted:
        if limited and one.part == "invitee" and not one.library:
            sentence = said("has no library, so the limit per library cannot be kept; fill it in.")
            yield Fault(people.name, one.row, "library", sentence, "warning")


def readers(file: PlanFile, people: PeopleList, written: tuple[str, ...] | None) -> Iterator[Fault]:
    """Those whose language is none of the plan's, and in which languages they are written to instead."""
    for one in people.accepted:
        if one.language and one.language not in file.draft.languages:
            yield Fault(people.name, one.row, "language", _language(file, one, written), "warning")


def _language(file: PlanFile, one: Person, written: tuple[str, ...] | None) -> str:
    spoken = file.draft.languages
    sentence = f"“{one.language}” is none of the plan's languages ({listed(spoken)}); "
    if written is None or one.language in written:
        return f"{sentence}what you write in the plan reaches her in {spoken[0]}."
    instead = language_name(letters_language(one.language, spoken, written))
    return f"{sentence}there are no letters in it either, so hers are in {instead}."


def people_named(file: PlanFile, people: PeopleList) -> Iterator[Fault]:
    """Speakers and contacts are on the list, each with an address."""
    if any(row.row == 0 for row in people.refused):
        return
    for step in file.draft.steps:
        if isinstance(step, Seminar):
            for number, session in enumerate(step.sessions, 1):
                path = ("steps", step.id, "sessions", str(number), "speaker")
                if session.speaker:
                    yield from _found(file, path, partial(person, people, session.speaker))
                    yield from _renamed(file, path, people, session.speaker)
        if isinstance(step, Visits):
            yield from _contacts(file, people, step)


def _contacts(file: PlanFile, people: PeopleList, step: Visits) -> Iterator[Fault]:
    for slot in step.slots:
        for rank, candidate in enumerate(slot.candidates, 1):
            path = ("steps", step.id, "slots", slot.id, "candidates", str(rank), "contact")
            if candidate.contact or file.draft.organisation(candidate.host):
                yield from _found(file, path, partial(contact, people, file.draft, candidate))
            yield from _renamed(file, path, people, candidate.contact)


def _renamed(file: PlanFile, path: tuple[str, ...], people: PeopleList, words: str) -> Iterator[Fault]:
    """That the plan names somebody as she was called before she was corrected; she is meant."""
    if words and (now := renamed(people, words)) is not None:
        known = now.address if "@" in words else now.name
        yield file.fault(path, said(RENAMED, before=words, now=known), "warning")


def _found(file: PlanFile, path: tuple[str, ...], look: Callable[[], Person]) -> Iterator[Fault]:
    try:
        look()
    except Misread as why:
        yield file.fault(path, str(why))
