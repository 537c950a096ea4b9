"""Whether the dates are in order: within each step, over the whole plan, and before an intended start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from exchange.order import Moment, early, of_slot, overtaking, within
from exchange.plan import Feedback, Invitations, Registration, Report, Seminar, Session, Step, Visits
from plans.faults import Fault
from plans.planfile import PlanFile
from plans.said import said
from plans.section import Path


def _path(moment: Moment) -> Path:
    """The field where the moment stands."""
    slot = ("slots", moment.slot) if moment.slot else ()
    return ("steps", moment.step, *slot, moment.field)


def _named(moment: Moment) -> str:
    return f"“{moment.field}” ({moment.when.local.replace('T', ' ')} {moment.when.zone})"


def dates(file: PlanFile, now: datetime | None) -> Iterator[Fault]:
    """Faults of the dates.

    Args:
        file: the plan.
        now: the instant of an intended start; what has passed then is a fault. Nothing where it may lie in the past.
    """
    for step in file.draft.steps:
        for first, second in within(step):
            yield from _ordered(file, first, second, _path(second))
        if isinstance(step, Seminar):
            yield from _sessions(file, step)
    yield from _over_the_plan(file)
    if now is not None:
        yield from _past(file, now)


def _ordered(file: PlanFile, first: Moment, second: Moment, path: Path) -> Iterator[Fault]:
    if early(first, second):
        order = "{second} must come after {first}; change one of them."
        yield file.fault(path, said(order, second=_named(second), first=_named(first)))


def _sessions(file: PlanFile, step: Seminar) -> Iterator[Fault]:
    begins, ends = (Moment(step.id, field, getattr(step, field)) for field in ("begins", "ends"))
    for number, session in enumerate(step.sessions, 1):
        yield from _session(file, begins, ends, session, ("steps", step.id, "sessions", str(number)))


def _session(file: PlanFile, begins: Moment, ends: Moment, session: Session, path: Path) -> Iterator[Fault]:
    starts, stops = replace(begins, when=session.begins), replace(ends, when=session.ends)
    yield from _ordered(file, starts, stops, (*path, "ends"))
    if begins.known and starts.known and starts.when.at < begins.when.at:
        sentence = "{session} is before the seminar {seminar}; move the session or the seminar."
        yield file.fault((*path, "begins"), said(sentence, session=_named(starts), seminar=_named(begins)))
    if ends.known and stops.known and stops.when.at > ends.when.at:
        sentence = "{session} is after the seminar {seminar}; move the session or the seminar."
        yield file.fault((*path, "ends"), said(sentence, session=_named(stops), seminar=_named(ends)))


def _over_the_plan(file: PlanFile) -> Iterator[Fault]:
    """Steps are held in the plan's order; their preparation may run ahead."""
    for earlier, later in overtaking(file.draft.steps):
        yield file.fault(
            _path(later.begins),
            said(
                "“{later}” is held in the plan's order, after “{earlier}”: {begins} must not be before {ends}; change "
                "a date or the order of the steps.",
                later=later.step,
                earlier=earlier.step,
                begins=_named(later.begins),
                ends=_named(earlier.ends),
            ),
        )


def _past(file: PlanFile, now: datetime) -> Iterator[Fault]:
    chances = [(step, last) for step in file.draft.steps for last in _last_chances(step) if last.known]
    missed = [(step, last) for step, last in chances if last.when.at <= now]
    if missed and len(missed) == len(chances):
        yield file.fault(
            _path(missed[0][1]),
            said(
                "the whole plan lies in the past: {date} was its last date. Give it new dates, or start it for "
                "practice, which draws its dates close.",
                date=_named(missed[-1][1]),
            ),
        )
        return
    for step, last in missed:
        sentence = "{date} has passed, so “{step}” could not be held; give it a new date."
        yield file.fault(_path(last), said(sentence, date=_named(last), step=step.id))
    if not missed:
        yield from _late(file, now)


def _late(file: PlanFile, now: datetime) -> Iterator[Fault]:
    """What would begin at once, because its date has passed while there is still time for it."""
    for step in file.draft.steps:
        beginning = _beginning(step)
        if beginning is not None and beginning[0].known and beginning[0].when.at <= now:
            first, then = beginning
            yield file.at_start(_path(first), then)


def _beginning(step: Step) -> tuple[Moment, str] | None:
    """The date at which a step is prepared or opens, and what is said where it has passed."""

    def letters(field: str) -> tuple[Moment, str]:
        sentence = "{date} has passed; the letters are made ready as soon as the cycle is started."
        first = Moment(step.id, field, getattr(step, field))
        return first, said(sentence, date=_named(first))

    match step:
        case Invitations() | Visits():
            return letters("prepare")
        case Seminar():
            return letters("announce")
        case Registration():
            sentence = "{date} has passed; people may register as soon as the cycle is started."
            first = Moment(step.id, "opens", step.opens)
            return first, said(sentence, date=_named(first))
        case Feedback() | Report():
            return None  # what comes before them has passed too, and that is a fault


def _last_chances(step: Step) -> list[Moment]:
    """When a step, or a part of it, could not be held any more. What is late to be prepared is prepared at once."""
    match step:
        case Registration() | Feedback():
            return [Moment(step.id, "closes", step.closes)]
        case Seminar():
            return [Moment(step.id, "begins", step.begins)]
        case Visits():
            return [of_slot(step, slot, "begins") for slot in step.slots]
        case Invitations() | Report():
            return []
