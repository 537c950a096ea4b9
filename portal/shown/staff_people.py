"""Where a person stands in a cycle, and what became of her letters, in words."""

from __future__ import annotations

from exchange.state import Cycle
from portal.shown.staff_names import Spoken
from portal.speech import mark
from store.models import Person

LETTERS = {
    "held": mark("waits to be approved"),
    "queued": mark("waits to leave"),
    "sending": mark("is leaving"),
    "sent": mark("sent"),
    "failed": mark("could not be delivered"),
    "suspect": mark("may or may not have arrived"),
    "overdue": mark("should have left while nothing ran"),
    "dropped": mark("not sent"),
}
PLACES = {
    "confirmed": mark("has a place"),
    "offered": mark("has been offered a place"),
    "waiting": mark("waits for a place"),
    "applied": mark("has applied"),
    "withdrawn": mark("has withdrawn"),
    "declined": mark("has declined"),
    "expired": mark("let an offer run out"),
}
PARTS = {
    "contact": mark("answers for a library"),
    "speaker": mark("speaks at a seminar"),
}


def standing_of(state: Cycle, names: Spoken, person: Person) -> str:
    """``has a place``, ``was invited and has not answered``, ``answers for a library``."""
    words = names.speech
    _, place = state.place(person.ref)
    if place is not None:
        return words.gettext(PLACES.get(place.state, place.state))
    for step in state.invitations():
        if person.ref in step.people and state.guests(step.id).stage == "sent":
            if state.guests(step.id).answers.get(person.ref) == "declined":
                return words.gettext("has declined")
            return words.gettext("was invited and has not answered")
    asked = {one.contact for step in state.journeys() for slot in step.slots for one in slot.candidates}
    if person.host and person.ref in asked:
        return words.gettext("answers for the host %(host)s", host=names.host(person.host))
    if library := person.host or next((home for home, ref in state.plan.contacts.items() if ref == person.ref), ""):
        return words.gettext("answers for the library %(library)s", library=names.host(library))
    return words.gettext(PARTS[person.part]) if person.part in PARTS else words.gettext("was not written to yet")
