"""Invitations: named people are asked once, reminded while they have not answered, and never after.

A reminder goes only to those who neither registered nor declined, at most as often as the plan says, and none after the
registration has closed. Opt-outs are kept by the record and applied when a letter is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime

from exchange.base import TIME, Command, Due, Event, Model, Refusal
from exchange.keyed import Keyed
from exchange.naming import awaited
from exchange.plan import Invitations, When

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
    """How many are written to; 0 where the moment had passed when it was decided."""
    role: str = ""
    person: str = ""
    """The only one who is reminded, because she has a deadline of her own."""


class Guests(Model):
    """Who was invited and who has answered."""

    stage: Literal["idle", "sent"] = "idle"
    reminded: int = 0
    """How many of the plan's reminders have gone."""
    sent_at: AwareDatetime | None = None
    last_reminder: AwareDatetime | None = None
    answers: Keyed[str] = Keyed()
    """Person to ``registered`` or ``declined`` (or ``erased``); an invited person who is not in it has not answered."""


@dataclass(eq=False)
class NotInvited(Refusal):
    person: str

    def __str__(self) -> str:
        return f"{self.person} was not invited to this cycle, so there is no invitation to decline."


@dataclass(eq=False)
class AlreadyTakesPart(Refusal):
    person: str

    def __str__(self) -> str:
        return f"{self.person} is registered. To give the place up, withdraw instead of declining."


@dataclass(eq=False)
class NothingToRemind(Refusal):
    step: str

    def __str__(self) -> str:
        return (
            f"Nobody is to be reminded in {self.stay(self.step)}: either nothing has been asked yet, or everybody has "
            "answered, or it is over."
        )


@dataclass(eq=False)
class RemindedJustNow(Refusal):
    step: str
    since: datetime

    def __str__(self) -> str:
        when = self.clock(self.since)
        return (
            f"{self.stay(self.step)} was reminded at {when}, less than a day ago. Wait a day before the next reminder."
        )


def unanswered(cycle: Cycle, step: Invitations) -> list[str]:
    """Those invited who have not answered, in the order of the people list."""
    answers = cycle.guests(step.id).answers
    return [person for person in step.people if person not in answers]


def own_times(cycle: Cycle, step: Invitations) -> dict[str, datetime]:
    """Those who have not answered and have more time for it than all others, and until when."""
    closes, answers = cycle.desk_step(step.registration).closes.at, cycle.guests(step.id).answers
    given = cycle.desk(step.registration).extended.items()
    mine = {person: one.until for person, one in given if one.asked == step.id and person not in answers}
    return {person: until for person, until in mine.items() if until > closes}


def to_remind(cycle: Cycle, step: Invitations, now: datetime, *, own: bool) -> list[str]:
    """Those whose answer is still awaited.

    Args:
        cycle: the state.
        step: the invitations.
        now: when they are reminded (UTC).
        own: whether also those who have a deadline of their own.
    """
    longer = own_times(cycle, step)
    over = now >= cycle.desk_step(step.registration).closes.at
    common = [] if over else [person for person in unanswered(cycle, step) if person not in longer]
    return [*common, *(person for person, until in longer.items() if own and now < until)]


def released(cycle: Cycle, event: StepApproved, step: Invitations) -> list[Event]:
    return [InvitationsSent(**event.said, step=step.id, count=len(unanswered(cycle, step)))]


def timely(moments: tuple[When, ...], number: int, since: datetime | None, now: datetime) -> bool:
    """Whether the plan's reminder of that number still makes sense; ``number`` counts from 1.

    It must follow what it reminds of, and the next one must not be due as well: after an absence one reminder goes, and
    no burst.
    """
    late = number < len(moments) and moments[number].at <= now
    return not late and since is not None and moments[number - 1].at > since


def _decline(cycle: Cycle, command: DeclineInvitation) -> list[Event]:
    step = next((s for s in cycle.invitations() if command.person in s.people), None)
    if step is None:
        raise NotInvited(command.person)
    if cycle.is_in(command.person):
        raise AlreadyTakesPart(command.person)
    if cycle.guests(step.id).answers.get(command.person) == "declined":
        return []
    return [InvitationDeclined(**command.said, step=step.id, person=command.person, reason=command.reason)]


def _remind(cycle: Cycle, command: RemindInvited) -> list[Event]:
    step = cycle.step_of(command.step, Invitations)
    guests, by_time = cycle.guests(step.id), command.actor == TIME
    people = to_remind(cycle, step, command.at, own=not by_time)
    count = len(people) + len(awaited(cycle, step, command.at))
    if by_time:
        in_time = guests.stage == "sent" and timely(step.remind, command.number, guests.sent_at, command.at)
        return [InvitedReminded(**command.said, step=step.id, number=command.number, count=count if in_time else 0)]
    role = cycle.demand(command.actor)
    if guests.stage != "sent" or not count:
        raise NothingToRemind(step.id)
    cycle.demand_pause(step.id, guests.last_reminder, command.at)
    return [InvitedReminded(**command.said, step=step.id, number=0, count=count, role=role)]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case DeclineInvitation():
            return _decline(cycle, command)
        case RemindInvited():
            return _remind(cycle, command)
        case _:
            raise TypeError(command)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case InvitationsSent():
            return cycle.with_guests(event.step, stage="sent", sent_at=event.at)
        case InvitationDeclined():
            answers = cycle.guests(event.step).answers.put(event.person, "declined")
            return cycle.with_guests(event.step, answers=answers)
        case InvitedReminded() if event.person:
            registration = cycle.step_of(event.step, Invitations).registration
            return cycle.with_desk(registration, cycle.desk(registration).reminded(event.person))
        case InvitedReminded():
            guests = cycle.guests(event.step)
            last = event.at if event.count else guests.last_reminder
            cycle = cycle.with_guests(event.step, reminded=max(guests.reminded, event.number), last_reminder=last)
            return cycle if event.actor == TIME else _reminded_by_staff(cycle, event)
        case _:
            raise TypeError(event)


def _reminded_by_staff(cycle: Cycle, event: InvitedReminded) -> Cycle:
    """Who would have had a reminder of her own within a day has had it with the others."""
    step, day = cycle.step_of(event.step, Invitations), timedelta(seconds=cycle.day)
    desk = cycle.desk(step.registration)
    for person in own_times(cycle, step) if desk.extended else ():
        if (hour := desk.extended[person].remind) is not None and hour - event.at < day:
            desk = desk.reminded(person)
    return cycle.with_desk(step.registration, desk) if desk.extended else cycle


def registered(cycle: Cycle, person: str) -> Cycle:
    """The person has answered by registering, invited or not."""
    for step in cycle.invitations():
        cycle = cycle.with_guests(step.id, answers=cycle.guests(step.id).answers.put(person, "registered"))
    return cycle


def declined(cycle: Cycle, person: str) -> Cycle:
    """The person has answered by naming somebody else."""
    for step in cycle.invitations():
        if person in step.people:
            cycle = cycle.with_guests(step.id, answers=cycle.guests(step.id).answers.put(person, "declined"))
    return cycle


def due(cycle: Cycle) -> list[Due]:
    """The next reminder of each step that has been sent."""
    found = []
    for step in cycle.invitations():
        guests = cycle.guests(step.id)
        if guests.stage == "sent" and guests.reminded < len(step.remind):
            at = step.remind[guests.reminded].at
            found.append(Due(at, RemindInvited(at=at, actor=TIME, step=step.id, number=guests.reminded + 1)))
    return found
