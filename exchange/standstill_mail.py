"""Who is written to when a cycle is suspended, and again when it goes on: only where staff have said so."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.mail import LetterKind, Mail, contact
from exchange.state import Cycle
from exchange.suspending import CycleResumed, CycleSuspended

OfStandstill = CycleSuspended | CycleResumed


def of_standstill(event: OfStandstill, after: Cycle) -> list[Mail]:
    """One letter to everybody who counts on the cycle; without calendar entries, for nothing is called off."""
    people = tuple(dict.fromkeys(_counting_on(after))) if event.told else ()
    kind: LetterKind = "cycle_suspended" if isinstance(event, CycleSuspended) else "cycle_resumed"
    return [Mail(kind=kind, to=people, mark=str(after.position))] if people else []


def _counting_on(cycle: Cycle) -> Iterator[str]:
    """Who was invited and has not declined, who has a place or waits, who is to speak, and hosts asked or confirmed."""
    for step in cycle.invitations():
        guests = cycle.guests(step.id)
        if guests.stage == "sent":
            yield from (person for person in step.people if guests.answers.get(person) != "declined")
    for desk in cycle.desks_in_plan():
        yield from (person for person, place in cycle.desk(desk.id).people.items() if place.live)
    for seminar in cycle.seminars():
        if cycle.gathering(seminar.id).stage == "announced":
            yield from (session.speaker for session in seminar.sessions if session.speaker)
    for journey in cycle.journeys():
        for slot in journey.slots:
            stay = cycle.booking(journey.id, slot.id)
            if stay.stage in {"asked", "proposed", "confirmed"}:
                yield from contact(cycle, journey.id, slot.id, stay.host)
