"""Seminars: the programme is approved and sent, the day is held in the plan's order, attendance is taken.

A final seminar is held only when the visits before it are settled. Source: seeds 000 ("introductory seminar … visits …
final seminar").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from exchange.base import TIME, Command, Due, Event, Model, Refusal
from exchange.keyed import Keyed
from exchange.plan import Seminar

if TYPE_CHECKING:
    from exchange.approval import StepApproved
    from exchange.state import Cycle


class HoldSeminar(Command):
    """Time: the seminar has ended."""

    step: str


class RecordAttendance(Command):
    """Staff note who was there."""

    step: str
    person: str
    present: bool = True


class SeminarAnnounced(Event):
    step: str
    count: int


class SeminarHeld(Event):
    step: str


class AttendanceRecorded(Event):
    step: str
    person: str
    present: bool = True
    role: str = ""


class Gathering(Model):
    stage: Literal["idle", "announced", "held", "released"] = "idle"
    sequence: int = 0
    """The calendar entry's SEQUENCE (RFC 5545): rises with each change."""
    attendance: Keyed[bool] = Keyed()


@dataclass(eq=False)
class SeminarNotBegun(Refusal):
    step: str
    begins: datetime

    def __str__(self) -> str:
        return f"{self.step} begins at {self.clock(self.begins)}; attendance can be noted from then on."


@dataclass(eq=False)
class NotExpected(Refusal):
    person: str
    step: str

    def __str__(self) -> str:
        return f"{self.person} has no confirmed place, so there is no attendance of hers to note at {self.step}."


def released(cycle: Cycle, event: StepApproved, step: Seminar) -> list[Event]:
    return [SeminarAnnounced(**event.said, step=step.id, count=len(cycle.group()))]


def _attend(cycle: Cycle, command: RecordAttendance) -> list[Event]:
    step, role = cycle.step_of(command.step, Seminar), cycle.demand(command.actor)
    if command.at < step.begins.at:
        raise SeminarNotBegun(step.id, step.begins.at)
    _, place = cycle.place(command.person)
    if place is None or place.state != "confirmed":
        raise NotExpected(command.person, step.id)
    if cycle.gathering(step.id).attendance.get(command.person) == command.present:
        return []
    return [AttendanceRecorded(**command.said, step=step.id, person=command.person, present=command.present, role=role)]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case HoldSeminar():
            return [SeminarHeld(**command.said, step=command.step)]
        case RecordAttendance():
            return _attend(cycle, command)
        case _:
            raise TypeError(command)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case SeminarAnnounced():
            purse = cycle.purse.commit(event.step, cycle.step_of(event.step, Seminar).cents)
            return cycle.put(purse=purse).with_gathering(event.step, stage="announced")
        case SeminarHeld():
            return cycle.put(purse=cycle.purse.settle(event.step)).with_gathering(event.step, stage="held")
        case AttendanceRecorded():
            book = cycle.gathering(event.step).attendance.put(event.person, event.present)
            return cycle.with_gathering(event.step, attendance=book)
        case _:
            raise TypeError(event)


def due(cycle: Cycle) -> list[Due]:
    """The end of each announced seminar whose turn it is."""
    return [
        Due(step.ends.at, HoldSeminar(at=step.ends.at, actor=TIME, step=step.id), after_post=False)
        for step in cycle.seminars()
        if cycle.gathering(step.id).stage == "announced" and cycle.reached(step.id)
    ]
