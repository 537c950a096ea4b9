"""More time for one person: once, for her answer to the invitation or for the place that is on offer to her.

Her answer then counts until her own deadline, also when registration has closed for everybody else, at most until the
next gathering begins. Where places are shared out at the closing, nobody waits for her: whoever answers after that gets
what is left, or waits behind those who asked in time. She is reminded once, as long before her deadline as the plan's
last reminder comes before the closing. Everybody's deadline moves with :mod:`exchange.moving`. TRUST invariants 13, 17,
20.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import AwareDatetime

from exchange.base import TIME, Command, Due, Event, Refusal
from exchange.desk import Extension
from exchange.invitation import InvitedReminded, own_times
from exchange.places import ANSWERED
from exchange.plan import Invitations, Registration, Report, When

if TYPE_CHECKING:
    from exchange.state import Cycle


class Extend(Command):
    """Give a person until ``until`` to answer; ``reason`` is a text reference."""

    person: str
    until: When
    reason: str = ""


class RemindExtended(Command):
    """Time: remind somebody who has a deadline of her own."""

    step: str
    person: str


class DeadlineExtended(Event):
    step: str
    """The registration."""
    person: str
    until: AwareDatetime
    asked: str = ""
    """The invitations that lie with her unanswered; empty where it is the place on offer to her that is kept longer."""
    remind: AwareDatetime | None = None
    """When she is reminded, if at all."""
    role: str = ""
    reason: str = ""


@dataclass(eq=False)
class WhyExtend(Refusal):
    person: str

    def __str__(self) -> str:
        return f"Say why {self.person} gets more time than others; the record keeps it."


@dataclass(eq=False)
class NothingToExtend(Refusal):
    person: str

    def __str__(self) -> str:
        return (
            f"No answer of {self.person} is awaited: no place is on offer to her, and no invitation lies with her "
            "unanswered."
        )


@dataclass(eq=False)
class HasAnswered(Refusal):
    person: str
    answer: str

    def __str__(self) -> str:
        # what was declined may be the invitation as well as a place on offer
        became = "has declined" if self.answer == "declined" else ANSWERED.get(self.answer, self.answer)
        return f"{self.person} has answered already and {became}, so there is nothing to give her more time for."


@dataclass(eq=False)
class AlreadyExtended(Refusal):
    person: str
    until: datetime

    def __str__(self) -> str:
        return (
            f"{self.person} was given more time before, until {self.clock(self.until)}, and that is done once. "
            "A date for everybody moves with `kierros move`."
        )


@dataclass(eq=False)
class NoMoreTime(Refusal):
    person: str
    until: When
    stands: datetime
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        return (
            f"{self.clock(self.until)} gives {self.person} no more time: it must be still to come, and later than what "
            f"she had anyway, {self.clock(self.stands)}."
        )


@dataclass(eq=False)
class LongerThanPlacesLast(Refusal):
    until: When
    last: datetime
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        return (
            f"{self.clock(self.until)} is too late: what comes next begins, or no place is offered any more, at "
            f"{self.clock(self.last)}. Choose a moment before that."
        )


def decide(cycle: Cycle, command: Extend | RemindExtended) -> list[Event]:
    if isinstance(command, RemindExtended):
        return [_reminded(cycle, command)]
    role, person = cycle.demand(command.actor, "coordinator"), command.person
    if not command.reason:
        raise WhyExtend(person)
    step, invitations, stands = _awaited(cycle, person, command.at)
    for desk in (cycle.desk(one.id) for one in cycle.desks_in_plan()):
        if (given := desk.extended.get(person)) is not None:
            raise AlreadyExtended(person, given.until)
    until = command.until.at
    if until <= max(stands, command.at):
        raise NoMoreTime(person, command.until, stands)
    last = latest(cycle, step, invitations, command.at)
    if last is not None and until > last:
        raise LongerThanPlacesLast(command.until, last)
    about: dict[str, Any] = {"step": step.id, "person": person, "until": until, "role": role, "reason": command.reason}
    if invitations is not None:
        about |= {"asked": invitations.id, "remind": _reminder(invitations, step, until, command.at)}
    return [DeadlineExtended(**command.said, **about)]


def _awaited(cycle: Cycle, person: str, at: datetime) -> tuple[Registration, Invitations | None, datetime]:
    """The registration in which her answer is awaited, the invitations that ask for it (none: an offer), until when."""
    desk, place = cycle.place(person)
    if desk is not None and place is not None and place.state == "offered" and place.until and at <= place.until:
        return desk, None, place.until
    if place is not None and place.state not in {"offered", "expired"}:
        raise HasAnswered(person, place.state)
    for step in cycle.invitations():
        guests = cycle.guests(step.id)
        if person in step.people and guests.stage == "sent":
            if (answer := guests.answers.get(person)) == "declined":
                raise HasAnswered(person, answer)
            if answer is None:
                desk = cycle.desk_step(step.registration)
                return desk, step, desk.closes.at
    raise NothingToExtend(person)


def latest(cycle: Cycle, step: Registration, invitations: Invitations | None, now: datetime) -> datetime | None:
    """Until when more time makes sense: what comes next begins then, or no place is offered after it.

    An invitation is answered before the first gathering or stay; a place that is on offer, before the next one.
    """
    begins = [seminar.begins.at for seminar in cycle.seminars()]
    begins += [
        slot.begins.at
        for journey in cycle.journeys()
        for slot in journey.slots
        if cycle.booking(journey.id, slot.id).stage != "given_up"
    ]
    if invitations is None:
        begins = [moment for moment in begins if moment > now]
    if not begins:
        begins = [s.opens.at for s in cycle.surveys()] + [s.due.at for s in cycle.plan.steps if isinstance(s, Report)]
    return min([*begins, *([step.offers_until.at] if step.offers_until else [])], default=None)


def _reminder(invitations: Invitations, step: Registration, until: datetime, now: datetime) -> datetime | None:
    """As long before her deadline as the plan's last reminder comes before everybody's; none where that is past."""
    before = [step.closes.at - when.at for when in invitations.remind if when.at < step.closes.at]
    moment = until - min(before) if before else now
    return moment if moment > now else None


def _reminded(cycle: Cycle, command: RemindExtended) -> InvitedReminded:
    late = command.at >= own_times(cycle, cycle.step_of(command.step, Invitations))[command.person]
    about: dict[str, Any] = {"step": command.step, "person": command.person, "number": 0, "count": 0 if late else 1}
    return InvitedReminded(**command.said, **about)


def resumed(cycle: Cycle, since: datetime, now: datetime) -> Cycle:
    """The state in which those who had time of their own left have as much more as the standstill took."""
    for step in cycle.invitations():
        desk_step = cycle.desk_step(step.registration)
        desk, last = cycle.desk(desk_step.id), latest(cycle, desk_step, step, now)
        longer = desk.extended
        for person, until in own_times(cycle, step).items():
            if until > since:
                longer = longer.put(person, _later(desk.extended[person], now - since, last, now))
        if longer is not desk.extended:
            cycle = cycle.with_desk(desk_step.id, desk.model_copy(update={"extended": longer}))
    return cycle


def _later(given: Extension, pause: timedelta, last: datetime | None, now: datetime) -> Extension:
    until = given.until + pause if last is None else min(given.until + pause, max(given.until, last))
    remind = given.remind + (until - given.until) if given.remind else None
    return given.model_copy(update={"until": until, "remind": remind if remind and remind > now else None})


def evolve(cycle: Cycle, event: DeadlineExtended) -> Cycle:
    given = Extension(until=event.until, asked=event.asked, remind=event.remind)
    return cycle.with_desk(event.step, cycle.desk(event.step).prolong(event.person, given))


def due(cycle: Cycle) -> list[Due]:
    """The one reminder of each who has a deadline of her own and has not answered."""
    return [
        Due(at, RemindExtended(at=at, actor=TIME, step=step.id, person=person))
        for step in cycle.invitations()
        if (extended := cycle.desk(step.registration).extended)
        for person in own_times(cycle, step)
        if (at := extended[person].remind) is not None
    ]
