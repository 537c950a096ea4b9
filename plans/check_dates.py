"""Whether the dates are in order: within each step, over the whole plan, and before an intended start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from exchange.plan import Feedback, Invitations, Registration, Report, Seminar, Slot, Step, Visits, When
from plans.faults import Fault
from plans.planfile import PlanFile
from plans.section import Path


@dataclass(frozen=True)
class _Moment:
    """A moment with the field where it stands."""

    path: Path
    when: When

    def __str__(self) -> str:
        return f"“{self.path[-1]}” ({self.when.local.replace('T', ' ')} {self.when.zone})"


def dates(file: PlanFile, now: datetime | None) -> Iterator[Fault]:
    """Faults of the dates.

    Args:
        file: the plan.
        now: the instant of an intended start; what has passed then is a fault. Nothing where it may lie in the past.
    """
    for step in file.draft.steps:
        for first, second in _pairs(step):
            yield from _ordered(file, first, second)
        if isinstance(step, Seminar):
            yield from _sessions(file, step)
    yield from _over_the_plan(file)
    if now is not None:
        yield from _past(file, now)


def _pairs(step: Step) -> list[tuple[_Moment, _Moment]]:
    """What must come before what within a step."""

    def at(field: str, when: When | None = None) -> _Moment:
        return _Moment(("steps", step.id, field), when or getattr(step, field))

    match step:
        case Registration():
            return [(at("opens"), at("closes"))]
        case Seminar():
            return [(at("announce"), at("begins")), (at("begins"), at("ends"))]
        case Visits():
            prepared = [(at("prepare"), _slot(step, slot, "begins")) for slot in step.slots]
            return prepared + [(_slot(step, slot, "begins"), _slot(step, slot, "ends")) for slot in step.slots]
        case Feedback():
            return [(at("opens"), at("closes"))]
        case Invitations() | Report():
            return []


def _slot(step: Visits, slot: Slot, field: str) -> _Moment:
    return _Moment(("steps", step.id, "slots", slot.id, field), getattr(slot, field))


def _ordered(file: PlanFile, first: _Moment, second: _Moment) -> Iterator[Fault]:
    known = first.when.local and second.when.local
    if known and second.when.at <= first.when.at:
        yield file.fault(second.path, f"{second} must come after {first}; change one of them.")


def _sessions(file: PlanFile, step: Seminar) -> Iterator[Fault]:
    begins, ends = (_Moment(("steps", step.id, field), getattr(step, field)) for field in ("begins", "ends"))
    for number, session in enumerate(step.sessions, 1):
        path = ("steps", step.id, "sessions", str(number))
        starts, stops = _Moment((*path, "begins"), session.begins), _Moment((*path, "ends"), session.ends)
        yield from _ordered(file, starts, stops)
        if begins.when.local and starts.when.local and starts.when.at < begins.when.at:
            yield file.fault(starts.path, f"{starts} is before the seminar {begins}; move the session or the seminar.")
        if ends.when.local and stops.when.local and stops.when.at > ends.when.at:
            yield file.fault(stops.path, f"{stops} is after the seminar {ends}; move the session or the seminar.")


def _held(step: Step) -> tuple[_Moment, _Moment] | None:
    """When a step is held, from and until; preparation is not part of it."""

    def at(field: str) -> _Moment:
        return _Moment(("steps", step.id, field), getattr(step, field))

    match step:
        case Invitations():
            return at("prepare"), at("prepare")
        case Registration() | Feedback():
            return at("opens"), at("closes")
        case Seminar():
            return at("begins"), at("ends")
        case Report():
            return at("due"), at("due")
        case Visits():
            known = [slot for slot in step.slots if slot.begins.local and slot.ends.local]
            if not known:
                return None
            first, last = min(known, key=lambda s: s.begins.at), max(known, key=lambda s: s.ends.at)
            return _slot(step, first, "begins"), _slot(step, last, "ends")


def _over_the_plan(file: PlanFile) -> Iterator[Fault]:
    """Steps are held in the plan's order; their preparation may run ahead."""
    held = [(step, span) for step in file.draft.steps if (span := _held(step)) and all(m.when.local for m in span)]
    for (earlier, (_, until)), (later, (since, _)) in pairwise(held):
        if since.when.at < until.when.at:
            yield file.fault(
                since.path,
                f"“{later.id}” is held in the plan's order, after “{earlier.id}”: {since} must not be before {until}; "
                "change a date or the order of the steps.",
            )


def _past(file: PlanFile, now: datetime) -> Iterator[Fault]:
    chances = [(step, last) for step in file.draft.steps for last in _last_chances(step) if last.when.local]
    missed = [(step, last) for step, last in chances if last.when.at <= now]
    if missed and len(missed) == len(chances):
        yield file.fault(
            missed[0][1].path,
            f"the whole plan lies in the past: {missed[-1][1]} was its last date. Give it new dates, or start it for "
            "practice, which draws its dates close.",
        )
        return
    for step, last in missed:
        yield file.fault(last.path, f"{last} has passed, so “{step.id}” could not be held; give it a new date.")
    if not missed:
        yield from _late(file, now)


def _late(file: PlanFile, now: datetime) -> Iterator[Fault]:
    """What would begin at once, because its date has passed while there is still time for it."""
    for step in file.draft.steps:
        beginning = _beginning(step)
        if beginning is not None and beginning[0].when.local and beginning[0].when.at <= now:
            first, then = beginning
            yield file.at_start(first.path, f"{first} has passed; {then} as soon as the cycle is started.")


def _beginning(step: Step) -> tuple[_Moment, str] | None:
    """The date at which a step is prepared or opens, and what follows where it has passed."""

    def at(field: str) -> _Moment:
        return _Moment(("steps", step.id, field), getattr(step, field))

    match step:
        case Invitations() | Visits():
            return at("prepare"), "the letters are made ready"
        case Seminar():
            return at("announce"), "the letters are made ready"
        case Registration():
            return at("opens"), "people may register"
        case Feedback() | Report():
            return None  # what comes before them has passed too, and that is a fault


def _last_chances(step: Step) -> list[_Moment]:
    """When a step, or a part of it, could not be held any more. What is late to be prepared is prepared at once."""
    match step:
        case Registration() | Feedback():
            return [_Moment(("steps", step.id, "closes"), step.closes)]
        case Seminar():
            return [_Moment(("steps", step.id, "begins"), step.begins)]
        case Visits():
            return [_slot(step, slot, "begins") for slot in step.slots]
        case Invitations() | Report():
            return []
