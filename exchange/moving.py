"""Moving a date or a deadline of a running cycle: always a decision of staff, always with a reason.

What has happened does not move, nothing moves before now, and a step's dates stay in order. Those who were told the old
date get one letter with the new one, and their calendar entry follows (SEQUENCE rises); a seminar's sessions move, too.
Letters that wait for agreement and name the old date are made ready anew. TRUST invariants 2, 18, 20.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exchange.approval import remade
from exchange.base import Command, Event, Refusal
from exchange.booking import VisitMoved
from exchange.hosts import HostBusy
from exchange.plan import CyclePlan, Feedback, Invitations, Registration, Report, Seminar, Session, Step, Visits, When

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

    def __str__(self) -> str:
        return f"{self.field} of {self.step} has happened already, and the past does not move."


@dataclass(eq=False)
class MovedIntoPast(Refusal):
    when: When

    def __str__(self) -> str:
        return f"{self.clock(self.when)} is past. Choose a moment that is still to come."


@dataclass(eq=False)
class OutOfOrder(Refusal):
    step: str
    first: str
    then: str

    def __str__(self) -> str:
        return (
            f"In {self.step}, {self.first} would no longer come before {self.then}. Move both, or choose another date."
        )


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


_ORDER = (("opens", "closes"), ("announce", "begins"), ("begins", "ends"))


def _move_visit(cycle: Cycle, command: Move, role: str) -> VisitMoved:
    step, slot = cycle.slot_of(command.step, command.slot)
    booking = cycle.booking(step.id, slot.id)
    if booking.done or (booking.stage != "planned" and slot.begins.at <= command.at):
        raise AlreadyHappened(step.id, slot.id)
    begins, ends = command.when, command.ends
    if ends is None or ends.at <= begins.at:
        raise OutOfOrder(f"{step.id}/{slot.id}", "begins", "ends")
    if booking.host and cycle.host_busy(booking.host, begins, ends, but=(step.id, slot.id)):
        raise HostBusy(booking.host, slot.id)
    about: dict[str, Any] = {"step": step.id, "slot": slot.id, "role": role, "reason": command.reason}
    return VisitMoved(**command.said, **about, begins=begins, ends=ends)


def _move_date(cycle: Cycle, command: Move, step: Step, role: str) -> DateMoved:
    fields = movable(cycle, step)
    if command.field not in fields:
        raise NothingToMove(step.id, command.field, tuple(fields))
    told = isinstance(step, Seminar) and command.field == "begins" and cycle.gathering(step.id).stage == "announced"
    going_on = isinstance(step, Seminar) and told and cycle.reached(step.id) and step.begins.at <= command.at
    if going_on or not fields[command.field]:
        raise AlreadyHappened(step.id, command.field)
    about: dict[str, Any] = {"step": step.id, "field": command.field, "role": role, "reason": command.reason}
    to: dict[str, Any] = {"when": command.when, "ends": command.ends, "sessions": command.sessions}
    event = DateMoved(**command.said, **about, **to, told=told)
    _check_order(amended(step, event))
    return event


def decide(cycle: Cycle, command: Move) -> list[Event]:
    role, step = cycle.demand(command.actor, "coordinator"), cycle.known(command.step)
    if not command.reason:
        raise ReasonMissing(step.id)
    if command.when.at <= command.at:
        raise MovedIntoPast(command.when)
    event = _move_visit(cycle, command, role) if command.slot else _move_date(cycle, command, step, role)
    unseen = isinstance(event, DateMoved) and event.field in {"prepare", "announce", "due"}
    return [event] if unseen else [event, *remade(cycle, command, step.id)]


def _check_order(step: Step) -> None:
    for first, then in _ORDER:
        earlier, later = getattr(step, first, None), getattr(step, then, None)
        if earlier is not None and later is not None and earlier.at >= later.at:
            raise OutOfOrder(step.id, first, then)


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
    if isinstance(step, Seminar) and event.told:
        return cycle.with_gathering(step.id, sequence=cycle.gathering(step.id).sequence + 1)
    if isinstance(step, Feedback) and event.field == "closes" and cycle.survey(step.id).stage == "open":
        return cycle.with_survey(step.id, until=event.when.at)
    return cycle
