"""Erasing: somebody asked to be forgotten, or the time is over for which her data may be kept.

Her name, and all that was written to her and about her, are rows of the record and go from there at once. What comes
here is an opaque reference, and what follows from her going: her place is free, as if she had withdrawn, and is offered
to the next who waits; she is asked for nothing more, and no letter goes to her. Letters that wait for agreement and
name her are made ready anew. It holds in every step and while all stands still, and twice is once. TRUST invariant 26.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange.approval import PreparationBegan
from exchange.base import PLAN, TIME, Command, Event, Refusal
from exchange.groups import Word
from exchange.plan import Seminar, Step
from exchange.prompt import closed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exchange.mail import Mail
    from exchange.state import Cycle


class Erase(Command):
    """The record: a person's data is gone. Asked for by her, by staff, or by time; the door has looked who may."""

    person: str
    role: str = ""
    """The role in which staff had it done; looked up where it is left out."""
    steps: tuple[str, ...] = ()
    """Steps (and letters of staff's own) of which something that waits for agreement named her."""


class PersonErased(Event):
    person: str
    role: str = ""


@dataclass(eq=False)
class WasErased(Refusal):
    person: str

    def __str__(self) -> str:
        return (
            f"The data of {self.person} was erased, so nothing more is decided for her here. If she wants to take part "
            "after all, register her anew: `kierros register ADDRESS --name NAME`."
        )


def decide(cycle: Cycle, command: Erase) -> list[Event]:
    if command.person in cycle.erased:
        return []
    asked_herself = command.actor in {command.person, TIME}
    role = "" if asked_herself else command.role or cycle.demand(command.actor)
    gone = PersonErased(**command.said, person=command.person, role=role)
    return [gone, *_anew(cycle, command)]


def _anew(cycle: Cycle, command: Erase) -> list[Event]:
    """What waits for agreement and names her is made ready again. The plan does it: four eyes stay as they are."""
    by_the_way = command.model_copy(update={"actor": PLAN})
    waiting = [
        (step.id, state.revision)
        for step in (*cycle.plan.steps, *cycle.words.values())
        if _names(step, command) and (state := cycle.approving(step.id)).stage in {"preparing", "asked"}
    ]
    steps = {step for step, _ in waiting}
    asked = (p for p in cycle.prompts.values() if p.about == "approval" and p.step in steps)
    lapsed = [closed(by_the_way, p.id, "lapsed") for p in asked]
    said = by_the_way.said
    return [*lapsed, *(PreparationBegan(**said, step=step, revision=last + 1) for step, last in waiting)]


def _names(step: Step | Word, command: Erase) -> bool:
    return step.id in command.steps or (isinstance(step, Seminar) and _speaks(step, command.person))


def _speaks(step: Seminar, person: str) -> bool:
    return any(session.speaker == person for session in step.sessions)


def evolve(cycle: Cycle, event: PersonErased) -> Cycle:
    person = event.person
    cycle = cycle.put(erased=cycle.erased.put(person, 1))
    for asked in cycle.invitations():
        answers = cycle.guests(asked.id).answers
        if person in asked.people and person not in answers:
            cycle = cycle.with_guests(asked.id, answers=answers.put(person, "erased"))
    for step in cycle.desks_in_plan():
        place = cycle.desk(step.id).people.get(person)
        if place is not None and place.live:
            cycle = cycle.with_desk(step.id, cycle.desk(step.id).without(person, "withdrawn"))
    return _asked_no_more(cycle, person)


def _asked_no_more(cycle: Cycle, person: str) -> Cycle:
    """She is not asked any more whether she can come to what has moved."""
    for journey in cycle.journeys():
        for slot in journey.slots:
            stay = cycle.booking(journey.id, slot.id)
            if stay.call is not None and person in stay.call.people:
                without = stay.model_copy(update={"call": stay.call.without(person)})
                cycle = cycle.with_booking(journey.id, slot.id, without)
    return cycle


def refuse_for_erased(cycle: Cycle, command: Command) -> None:
    """Nothing is decided for somebody who was erased: her answers may still have lain in the inbox.

    Raises:
        WasErased: she was.
    """
    if not cycle.erased or command.actor in {TIME, PLAN} or isinstance(command, Erase):
        return
    for field in ("actor", "person", "by"):
        if (whose := getattr(command, field, "")) in cycle.erased:
            raise WasErased(whose)


def but_erased(cycle: Cycle, mails: Iterable[Mail]) -> list[Mail]:
    """The letters without those to people who were erased; what drops letters stays."""
    if not cycle.erased:
        return list(mails)
    kept = [mail.model_copy(update={"to": tuple(p for p in mail.to if p not in cycle.erased)}) for mail in mails]
    return [mail for mail in kept if mail.to or mail.op == "drop"]
