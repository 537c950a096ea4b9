"""Moving a date or a deadline of a running cycle: always a decision of staff, always with a reason.

What has happened does not move, nothing moves before now, and dates stay in order, within a step and from step to step
(:mod:`exchange.order`). Those who were told the old date get one letter with the new one, and their calendar entry
follows (SEQUENCE rises); the group of a confirmed visit is asked whether it can still come (:mod:`exchange.coming`). A
seminar's sessions move along. Letters that wait for agreement and name the old date are made ready anew. TRUST
invariants 2, 3, 18, 20.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from exchange.approval import remade
from exchange.base import Command, Event, Refusal
from exchange.booking import Booking, VisitMoved, moved_to
from exchange.clocks import backwards
from exchange.eyes import had_a_hand, naming
from exchange.hosts import HostBusy
from exchange.meanwhile import in_one_place
from exchange.order import Moment, OutOfPlan, early, out_of_turn, within
from exchange.places import ClosedForGood
from exchange.plan import (
    CyclePlan,
    Feedback,
    Invitations,
    Registration,
    Report,
    Seminar,
    Session,
    Slot,
    Step,
    Visits,
    When,
)
from exchange.unsettled import wish_over

if TYPE_CHECKING:
    from exchange.state import Cycle


class Move(Command):
    """Move ``field`` of a step (or the stay in ``slot``); ``ends`` goes along where a whole span moves."""

    step: str
    field: str = "begins"
    slot: str = ""
    when: When
    ends: When | None = None
    sessions: dict[str, When] = {}
    """Where a seminar moves: the new moments of its programme, by :func:`named` of the old ones."""
    reason: str = ""
    anyway: bool = False
    """Known and meant: at a visit's new time the group is expected elsewhere as well."""


class DateMoved(Event):
    step: str
    field: str
    when: When
    ends: When | None = None
    sessions: dict[str, When] = {}
    role: str = ""
    reason: str = ""
    told: bool = False
    """People had been told the old date, and are told the new one."""


@dataclass(eq=False)
class ReasonMissing(Refusal):
    step: str

    def __str__(self) -> str:
        return f"Say why {self.step} moves: those who are told the new date will want to know, and the record keeps it."


@dataclass(eq=False)
class NothingToMove(Refusal):
    step: str
    field: str
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.step} has no date called {self.field!r}; it has {', '.join(self.fields) or 'none that moves'}."


@dataclass(eq=False)
class AlreadyHappened(Refusal):
    step: str
    field: str
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        stay = f"{self.step}/{self.field}"
        what = self.stay(stay) if self.stay(stay) != stay else f"{self.field} of {self.step}"
        return f"{what} has happened already, and the past does not move."


@dataclass(eq=False)
class MovedIntoPast(Refusal):
    when: When
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.clock(self.when)} is past. Choose a moment that is still to come."


@dataclass(eq=False)
class OutOfOrder(Refusal):
    step: str
    first: str
    then: str

    def __str__(self) -> str:
        stay = self.stay(self.step)
        return f"In {stay}, {self.first} would no longer come before {self.then}. Move both, or choose another date."


UNSEEN = frozenset({"prepare", "announce", "due"})
"""Dates that no letter names."""


def movable(cycle: Cycle, step: Step) -> dict[str, bool]:
    """The step's dates by name, and whether each is still to come."""
    prepared = cycle.approving(step.id).stage != "none"
    match step:
        case Invitations() | Visits():
            return {"prepare": not prepared}
        case Registration():
            desk = cycle.desk(step.id).stage
            return {"opens": desk == "idle", "closes": desk != "closed"}
        case Seminar():
            return {"announce": not prepared, "begins": cycle.gathering(step.id).stage in {"idle", "announced"}}
        case Feedback():
            survey = cycle.survey(step.id).stage
            return {"opens": survey == "idle", "closes": survey != "closed"}
        case Report():
            return {"due": not prepared}


def _may_move(booking: Booking, slot: Slot, now: datetime) -> bool:
    return not booking.done and (booking.stage == "planned" or slot.begins.at > now)


def _move_visit(cycle: Cycle, command: Move, role: str) -> VisitMoved:
    step, slot = cycle.slot_of(command.step, command.slot)
    booking = cycle.booking(step.id, slot.id)
    if not _may_move(booking, slot, cycle.lived_to(command.at)):
        raise AlreadyHappened(step.id, slot.id)
    begins, ends = command.when, command.ends
    if ends is None or backwards(begins, ends):
        raise OutOfOrder(f"{step.id}/{slot.id}", "begins", "ends")
    if booking.host and cycle.host_busy(booking.host, begins, ends, but=(step.id, slot.id)):
        raise HostBusy(booking.host, slot.id)
    about: dict[str, Any] = {"step": step.id, "slot": slot.id, "role": role, "reason": command.reason}
    event = VisitMoved(**command.said, **about, begins=begins, ends=ends)
    check_stay(cycle, event)
    if booking.host:
        in_one_place(cycle, step, slot, begins, ends, anyway=command.anyway)
    return event


def _move_date(cycle: Cycle, command: Move, step: Step, role: str) -> DateMoved:
    fields = movable(cycle, step)
    if command.field not in fields:
        raise NothingToMove(step.id, command.field, tuple(fields))
    told = isinstance(step, Seminar) and command.field == "begins" and cycle.gathering(step.id).stage == "announced"
    going_on = (
        isinstance(step, Seminar) and told and cycle.reached(step.id) and step.begins.at <= cycle.lived_to(command.at)
    )
    if going_on or not fields[command.field]:
        if isinstance(step, Registration) and command.field == "closes":
            raise ClosedForGood(step.id)
        raise AlreadyHappened(step.id, command.field)
    about: dict[str, Any] = {"step": step.id, "field": command.field, "role": role, "reason": command.reason}
    ends = command.ends if command.field == "begins" else None
    to: dict[str, Any] = {"when": command.when, "ends": ends, "sessions": command.sessions}
    event = DateMoved(**command.said, **about, **to, told=told)
    after = amended(step, event)
    check_within(after)
    if command.field != "announce" and not isinstance(step, Visits):  # preparation may run ahead
        check_turn(cycle, after, cycle.lived_to(command.at))
    return event


def decide(cycle: Cycle, command: Move) -> list[Event]:
    role, step = cycle.demand(command.actor, "coordinator"), cycle.known(command.step)
    if not command.reason:
        raise ReasonMissing(step.id)
    if command.when.at <= command.at:
        raise MovedIntoPast(command.when)
    event = _move_visit(cycle, command, role) if command.slot else _move_date(cycle, command, step, role)
    unseen = isinstance(event, DateMoved) and event.field in UNSEEN
    # what the host had asked for is answered by it
    answered = wish_over(cycle, command, step.id, command.slot)
    return [event] if unseen else [event, *answered, *remade(cycle, command, step.id)]


_BEGINS = ("opens", "begins", "prepare", "due")
"""The date with which a step begins, by its name; each kind has one of them."""


def check_stay(cycle: Cycle, event: VisitMoved) -> None:
    """Whether the stay would keep the order at its new time.

    Raises:
        OutOfOrder, OutOfPlan: it would not.
    """
    journey = moved_to(cycle.plan, event).step(event.step)
    assert isinstance(journey, Visits)
    # the other stays do not move, and what is wrong with them is no fault of this one
    alone = journey.model_copy(update={"slots": tuple(slot for slot in journey.slots if slot.id == event.slot)})
    check_within(alone)
    check_turn(cycle, alone, cycle.lived_to(event.at))


def check_within(step: Step) -> None:
    for first, then in within(step):
        if early(first, then):
            raise OutOfOrder(f"{step.id}/{then.slot}" if then.slot else step.id, first.field, then.field)


def check_turn(cycle: Cycle, step: Step, now: datetime) -> None:
    """Whether the step, with its new dates, keeps its turn among those that are not behind us."""
    ids = [other.id for other in cycle.plan.steps]
    ahead = [other for other in cycle.plan.steps if not cycle.settled(other.id) and other.id != step.id]
    before = [_open(cycle, other) for other in ahead if ids.index(other.id) < ids.index(step.id)]
    after = [_may_wait(cycle, other, now) for other in ahead if ids.index(other.id) > ids.index(step.id)]
    for earlier, later in out_of_turn(before, step, (other for other in after if other)):
        if step.id == earlier.step:
            raise _out_of_plan(earlier.ends, later.begins, goes_first=True)
        raise _out_of_plan(later.begins, earlier.ends, goes_first=False)


def _out_of_plan(moment: Moment, other: Moment, *, goes_first: bool) -> OutOfPlan:
    where = (other.step, other.field, other.when, other.slot)
    return OutOfPlan(moment.step, moment.field, moment.when, *where, goes_first=goes_first)


def _open(cycle: Cycle, step: Step) -> Step:
    """The step with the stays that are not over."""
    if not isinstance(step, Visits):
        return step
    slots = tuple(slot for slot in step.slots if not cycle.booking(step.id, slot.id).done)
    return step.model_copy(update={"slots": slots})


def _may_wait(cycle: Cycle, step: Step, now: datetime) -> Step | None:
    """The step as far as it could still begin later: what cannot does not hold up those in front of it."""
    if not isinstance(step, Visits):
        fields = movable(cycle, step)
        return (
            step if fields[next(field for field in ("opens", "begins", "prepare", "due") if field in fields)] else None
        )
    bookings = {slot.id: cycle.booking(step.id, slot.id) for slot in step.slots}
    slots = tuple(slot for slot in step.slots if _may_move(bookings[slot.id], slot, now))
    return step.model_copy(update={"slots": slots})


def amended(step: Step, event: DateMoved) -> Step:
    """The step with the moved date in it."""
    changes: dict[str, object] = {event.field: event.when}
    if event.ends is not None and event.field == "begins":
        changes["ends"] = event.ends
    if isinstance(step, Seminar) and event.sessions:
        changes["sessions"] = tuple(_along(session, event.sessions) for session in step.sessions)
    return step.model_copy(update=changes)


def named(when: When) -> str:
    """A moment by the clocks of its place, as it was agreed on."""
    return f"{when.local} {when.zone}"


def _along(session: Session, moments: dict[str, When]) -> Session:
    """The session with the seminar at its new time; one that nobody resolved stays where it was."""
    spans = {field: moments.get(named(was), was) for field in ("begins", "ends") if (was := getattr(session, field))}
    return session.model_copy(update=spans)


def moved(plan: CyclePlan, event: DateMoved) -> CyclePlan:
    """The plan with the date at its new place."""
    step = amended(plan.step(event.step), event)
    return plan.model_copy(update={"steps": tuple(step if s.id == step.id else s for s in plan.steps)})


def evolve(cycle: Cycle, event: DateMoved) -> Cycle:
    cycle = cycle.put(plan=moved(cycle.plan, event))
    step = cycle.plan.step(event.step)
    if event.field not in UNSEEN:
        cycle = had_a_hand(cycle, naming(cycle, step.id), event.actor)
    if isinstance(step, Seminar) and event.told:
        return cycle.with_gathering(step.id, sequence=cycle.gathering(step.id).sequence + 1)
    if isinstance(step, Feedback) and event.field == "closes" and cycle.survey(step.id).stage == "open":
        if cycle.standstill is not None:
            cycle = cycle.put(standstill=cycle.standstill.with_end_set(step.id, event.at))
        return cycle.with_survey(step.id, until=event.when.at)
    return cycle
