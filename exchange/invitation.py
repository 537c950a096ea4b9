"""Invitations: named people are asked once, reminded while they have not answered, and never after.

A reminder goes only to those who neither registered nor declined, at most as often as the plan says, and none after the
registration has closed. Opt-outs are kept by the record and applied when a letter is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime

from exchange.base import TIME, Command, Due, Event, Model, Refusal
from exchange.keyed import Keyed
from exchange.plan import Invitations, Registration, When

if TYPE_CHECKING:
    from exchange.approval import StepApproved
    from exchange.state import Cycle


class DeclineInvitation(Command):
    """An invited person cannot come; ``reason`` is a text reference."""

    person: str
    reason: str = ""


class RemindInvited(Command):
    """Time, or staff: remind those who have not answered."""

    step: str
    number: int = 0
    """Which of the plan's reminders, from 1; 0 for one that staff ask for."""


class InvitationsSent(Event):
    step: str
    count: int


class InvitationDeclined(Event):
    step: str
    person: str
    reason: str = ""


class InvitedReminded(Event):
    step: str
    number: int
    count: int


class Guests(Model):
    """Who was invited and who has answered."""

    stage: Literal["idle", "sent"] = "idle"
    reminded: int = 0
    """How many of the plan's reminders have gone."""
    sent_at: AwareDatetime | None = None
    last_reminder: AwareDatetime | None = None
    answers: Keyed[str] = Keyed()
    """Person to ``registered`` or ``declined``; who is not in it has not answered."""


@dataclass(frozen=True)
class NotInvited(Refusal):
    person: str

    def __str__(self) -> str:
        return f"{self.person} was not invited to this cycle, so there is no invitation to decline."


@dataclass(frozen=True)
class AlreadyTakesPart(Refusal):
    person: str

    def __str__(self) -> str:
        return f"{self.person} is registered. To give the place up, withdraw instead of declining."


@dataclass(frozen=True)
class NothingToRemind(Refusal):
    step: str

    def __str__(self) -> str:
        return f"Nobody is to be reminded in {self.step}: either nothing has been asked yet, or everybody has answered, or it is over."


@dataclass(frozen=True)
class RemindedJustNow(Refusal):
    step: str
    since: datetime

    def __str__(self) -> str:
        return f"{self.step} was reminded at {self.since:%Y-%m-%d %H:%M} UTC, less than a day ago. Wait a day before the next reminder."


def unanswered(cycle: Cycle, step: Invitations) -> list[str]:
    """Those invited who have not answered, in the order of the people list."""
    answers = cycle.guests(step.id).answers
    return [person for person in step.people if person not in answers]


def released(cycle: Cycle, event: StepApproved, step: Invitations) -> list[Event]:
    return [InvitationsSent(at=event.at, actor=event.actor, cause=event.cause, step=step.id, count=len(step.people))]


def timely(moments: tuple[When, ...], number: int, since: datetime | None, now: datetime) -> bool:
    """Whether the plan's reminder of that number still makes sense: it follows what it reminds of, and the next one
    is not due as well (after an absence one reminder goes, and no burst). ``number`` counts from 1."""
    late = number < len(moments) and moments[number].at <= now
    return not late and since is not None and moments[number - 1].at > since


def _desk(cycle: Cycle, step: Invitations) -> Registration:
    desk = cycle.plan.step(step.registration)
    assert isinstance(desk, Registration)
    return desk


def decide(cycle: Cycle, command: Command) -> list[Event]:
    said = {"at": command.at, "actor": command.actor, "cause": command.cause}
    match command:
        case DeclineInvitation():
            step = next((s for s in cycle.invitations() if command.person in s.people), None)
            if step is None:
                raise NotInvited(command.person)
            answer = cycle.guests(step.id).answers.get(command.person)
            if answer == "declined":
                return []
            if answer == "registered" and cycle.is_in(command.person):
                raise AlreadyTakesPart(command.person)
            return [InvitationDeclined(**said, step=step.id, person=command.person, reason=command.reason)]
        case RemindInvited():
            return _remind(cycle, command)
        case _:
            raise TypeError(command)


def _remind(cycle: Cycle, command: RemindInvited) -> list[Event]:
    step = cycle.plan.step(command.step)
    assert isinstance(step, Invitations)
    guests, count = cycle.guests(step.id), len(unanswered(cycle, step))
    by_time = command.actor == TIME
    over = guests.stage != "sent" or command.at > _desk(cycle, step).closes.at
    if not by_time:
        if over or not count:
            raise NothingToRemind(step.id)
        last = guests.last_reminder
        if last is not None and (command.at - last).total_seconds() < cycle.day:
            raise RemindedJustNow(step.id, last)
    elif command.number <= guests.reminded:
        return []
    else:
        over = over or not timely(step.remind, command.number, guests.sent_at, command.at)
    event = InvitedReminded(
        at=command.at, actor=command.actor, cause=command.cause, step=step.id, number=command.number, count=0 if over else count
    )
    return [event]


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case InvitationsSent():
            return cycle.with_guests(event.step, stage="sent", sent_at=event.at)
        case InvitationDeclined():
            answers = cycle.guests(event.step).answers.put(event.person, "declined")
            return cycle.with_guests(event.step, answers=answers)
        case InvitedReminded():
            number = max(cycle.guests(event.step).reminded, event.number)
            last = event.at if event.count else cycle.guests(event.step).last_reminder
            return cycle.with_guests(event.step, reminded=number, last_reminder=last)
        case _:
            raise TypeError(event)


def registered(cycle: Cycle, person: str) -> Cycle:
    """The person has answered by registering."""
    for step in cycle.invitations():
        if person in cycle.invited(step.id):
            answers = cycle.guests(step.id).answers.put(person, "registered")
            cycle = cycle.with_guests(step.id, answers=answers)
    return cycle


def due(cycle: Cycle) -> list[Due]:
    """The next reminder of each step that has been sent."""
    found = []
    for step in cycle.invitations():
        guests = cycle.guests(step.id)
        if guests.stage == "sent" and guests.reminded < len(step.remind):
            at = step.remind[guests.reminded].at
            command = RemindInvited(at=at, actor=TIME, step=step.id, number=guests.reminded + 1)
            found.append(Due(at, command))
    return found
