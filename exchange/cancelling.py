"""Cancelling: everything booked is undone in reverse order, everyone is told once, the record stays.

Source: the programme of seeds 000 had to close within months in 2022; TRUST invariants 3, 23.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from exchange.base import Command, Event, Refusal
from exchange.booking import VisitReleased
from exchange.plan import Seminar, Step, Visits
from exchange.prompt import closed

if TYPE_CHECKING:
    from exchange.state import Cycle


class Cancel(Command):
    """Staff end the cycle before its time; ``reason`` is a text reference."""

    reason: str = ""


class SeminarReleased(Event):
    """An announced seminar will not be held."""

    step: str


class CycleCancelled(Event):
    role: str = ""
    reason: str = ""


class CycleFinished(Event):
    """Every step is settled."""


@dataclass(eq=False)
class CycleOver(Refusal):
    phase: str
    since: datetime

    def __str__(self) -> str:
        return f"This cycle was {self.phase} at {self.clock(self.since)}; nothing in it changes any more."


def decide(cycle: Cycle, command: Cancel) -> list[Event]:
    """The cancellation, last step first."""
    role = cycle.demand(command.actor, "coordinator", "director")
    return [
        *(closed(command, p.id, "lapsed", role) for p in reversed(cycle.prompts.values())),
        *(event for step in reversed(cycle.plan.steps) for event in _undone(cycle, command, step)),
        CycleCancelled(**command.said, role=role, reason=command.reason),
    ]


def _undone(cycle: Cycle, command: Cancel, step: Step) -> list[Event]:
    """What the step has booked, released."""
    if isinstance(step, Seminar) and cycle.gathering(step.id).stage == "announced":
        return [SeminarReleased(**command.said, step=step.id)]
    if not isinstance(step, Visits):
        return []
    return [
        VisitReleased(
            **command.said, step=step.id, slot=slot.id, host=booking.host, confirmed=booking.stage == "confirmed"
        )
        for slot in reversed(step.slots)
        if (booking := cycle.booking(step.id, slot.id)).stage in {"asked", "proposed", "confirmed"}
    ]


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case SeminarReleased():
            gathering = cycle.gathering(event.step)
            after = cycle.with_gathering(event.step, stage="released", sequence=gathering.sequence + 1)
            return after.put(purse=cycle.purse.release(event.step))
        case CycleCancelled():
            return cycle.put(phase="cancelled", ended_at=event.at, standstill=None)
        case CycleFinished():
            return cycle.put(phase="finished", ended_at=event.at)
        case _:
            raise TypeError(event)
