"""Moving a date or a deadline of a running cycle: always a decision of staff, always with a reason.

What has happened does not move, nothing moves before now, and a step's dates stay in order. Those who were told the old
date get one letter with the new one, and their calendar entry follows (SEQUENCE rises). TRUST invariants 18, 20.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from exchange.base import Command, Event, Refusal
from exchange.booking import HostBusy, VisitMoved
from exchange.plan import CyclePlan, Feedback, Invitations, Registration, Report, Seminar, Step, Visits, When

if TYPE_CHECKING:
    from exchange.state import Cycle


class Move(Command):
    """Move ``field`` of a step (or the stay in ``slot``); ``ends`` goes along where a whole span moves."""

    step: str
    field: str = "begins"
    slot: str = ""
    when: When
    ends: When | None = None
    reason: str = ""


class DateMoved(Event):
    step: str
    field: str
    when: When
    ends: When | None = None
    reason: str = ""
    told: bool = False
    """People had been told the old date, and are told the new one."""


@dataclass(frozen=True)
class NothingToMove(Refusal):
    step: str
    field: str
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.step} has no date called {self.field!r}; it has {', '.join(self.fields) or 'none that moves'}."


@dataclass(frozen=True)
class AlreadyHappened(Refusal):
    step: str
    field: str

    def __str__(self) -> str:
        return f"{self.field} of {self.step} has happened already, and the past does not move."


@dataclass(frozen=True)
class MovedIntoPast(Refusal):
    when: datetime

    def __str__(self) -> str:
        return f"{self.when:%Y-%m-%d %H:%M} UTC is past. Choose a moment that is still to come."


@dataclass(frozen=True)
class OutOfOrder(Refusal):
    step: str
    first: str
    then: str

    def __str__(self) -> str:
        return f"In {self.step}, {self.first} would no longer come before {self.then}. Move both, or choose another date."


def movable(cycle: Cycle, step: Step) -> dict[str, bool]:
    """The step's dates by name, and whether each is still to come."""
    prepared = cycle.approving(step.id).stage != "none"
    match step:
        case Invitations():
            return {"prepare": not prepared}
        case Registration():
            stage = cycle.desk(step.id).stage
            return {"opens": stage == "idle", "closes": stage != "closed"}
        case Seminar():
            stage = cycle.gathering(step.id).stage
            return {"announce": not prepared, "begins": stage in {"idle", "announced"}}
        case Visits():
            return {"prepare": not prepared}
        case Feedback():
            stage = cycle.survey(step.id).stage
            return {"opens": stage == "idle", "closes": stage != "closed"}
        case Report():
            return {"due": not prepared}


_ORDER = (("opens", "closes"), ("announce", "begins"), ("begins", "ends"))


def _move_visit(cycle: Cycle, command: Move, step: Visits) -> list[Event]:
    slot = next((s for s in step.slots if s.id == command.slot), None)
    if slot is None:
        raise NothingToMove(step.id, command.slot, tuple(s.id for s in step.slots))
    booking = cycle.booking(step.id, slot.id)
    if booking.done:
        raise AlreadyHappened(step.id, slot.id)
    begins, ends = command.when, command.ends
    if ends is None or ends.at <= begins.at:
        raise OutOfOrder(f"{step.id}/{slot.id}", "begins", "ends")
    if booking.host and cycle.host_busy(booking.host, begins, ends, but=slot.id):
        raise HostBusy(booking.host, slot.id)
    said = {"at": command.at, "actor": command.actor, "cause": command.cause}
    return [VisitMoved(**said, step=step.id, slot=slot.id, begins=begins, ends=ends, reason=command.reason)]


def decide(cycle: Cycle, command: Move) -> list[Event]:
    cycle.demand(command.actor, "coordinator")
    step = cycle.known(command.step)
    if command.when.at <= command.at:
        raise MovedIntoPast(command.when.at)
    if isinstance(step, Visits) and command.slot:
        return _move_visit(cycle, command, step)
    fields = movable(cycle, step)
    if command.field not in fields:
        raise NothingToMove(step.id, command.field, tuple(fields))
    if not fields[command.field]:
        raise AlreadyHappened(step.id, command.field)
    event = DateMoved(
        at=command.at, actor=command.actor, cause=command.cause, step=step.id, field=command.field,
        when=command.when, ends=command.ends, reason=command.reason, told=_told(cycle, step, command.field),
    )  # fmt: skip
    _check_order(amended(step, event))
    return [event]


def _told(cycle: Cycle, step: Step, field: str) -> bool:
    return field == "begins" and isinstance(step, Seminar) and cycle.gathering(step.id).stage == "announced"


def _check_order(step: Step) -> None:
    for first, then in _ORDER:
        earlier, later = getattr(step, first, None), getattr(step, then, None)
        if earlier is not None and later is not None and earlier.at >= later.at:
            raise OutOfOrder(step.id, first, then)


def amended(step: Step, event: DateMoved) -> Step:
    """The step with the moved date in it."""
    changes: dict[str, object] = {event.field: event.when}
    if event.ends is not None and hasattr(step, "ends"):
        changes["ends"] = event.ends
    return step.model_copy(update=changes)


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
