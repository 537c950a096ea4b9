"""One line of the board: where a step of the plan stands, in a few words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from exchange.plan import Feedback, Invitations, Registration, Report, Seminar, Step, Visits
from exchange.state import Cycle
from telling.counts import plural
from telling.names import in_english
from telling.times import span, written


@dataclass(frozen=True)
class StepLine:
    """One step on the board."""

    id: str
    title: str
    kind: str
    state: str
    """``done``, ``now`` (its turn), ``ready`` (prepared ahead), ``later``, or ``dropped`` after a cancellation."""
    when: str
    detail: str


def step_line(cycle: Cycle, step: Step) -> StepLine:
    """The step as it stands."""
    return StepLine(
        id=step.id,
        title=in_english(step.title, step.id),
        kind=step.kind,
        state=_state(cycle, step),
        when=_when(step),
        detail=_detail(cycle, step),
    )


def _state(cycle: Cycle, step: Step) -> str:
    if isinstance(step, Seminar) and cycle.gathering(step.id).stage == "released":
        return "dropped"
    if isinstance(step, Visits) and _called_off(cycle, step):
        return "dropped"
    if cycle.settled(step.id):
        return "done"
    if cycle.over:
        return "dropped"
    if cycle.current == step.id:
        return "now"
    begun = cycle.approving(step.id).stage != "none"
    if isinstance(step, Registration):
        begun = cycle.desk(step.id).stage == "open"
    return "ready" if begun else "later"


def _when(step: Step) -> str:
    match step:
        case Invitations():
            return f"from {written(step.prepare)}"
        case Registration() | Feedback():
            return f"until {written(step.closes)}"
        case Seminar():
            return span(step.begins, step.ends)
        case Visits():
            slots = sorted(step.slots, key=lambda s: s.begins.at)
            return span(slots[0].begins, slots[-1].ends) if slots else ""
        case Report():
            return f"from {written(step.due)}"


def _detail(cycle: Cycle, step: Step) -> str:
    preparing = {"preparing": "being made ready", "asked": "waits for approval", "rejected": "not approved"}
    if words := preparing.get(cycle.approving(step.id).stage):
        return words
    match step:
        case Invitations():
            return _of_guests(cycle, step)
        case Registration():
            return _of_desk(cycle, step)
        case Seminar():
            return _of_seminar(cycle, step)
        case Visits():
            return _of_visits(cycle, step)
        case _:
            return _of_the_end(cycle, step)


def _of_visits(cycle: Cycle, step: Visits) -> str:
    stages = [cycle.booking(step.id, slot.id).stage for slot in step.slots]
    confirmed = sum(stage in {"confirmed", "visited"} for stage in stages)
    given = cycle.approving(step.id).stage == "given"
    return f"{confirmed} of {len(stages)} confirmed" if given else plural(len(stages), "visit")


def _called_off(cycle: Cycle, step: Visits) -> bool:
    """Whether the cycle was cancelled before any of these visits."""
    visited = any(cycle.booking(step.id, slot.id).stage == "visited" for slot in step.slots)
    return cycle.phase == "cancelled" and not visited


def _of_the_end(cycle: Cycle, step: Feedback | Report) -> str:
    if isinstance(step, Report):
        return "filed" if step.id in cycle.filed else ""
    survey = cycle.survey(step.id)
    return f"{len(survey.given)} of {survey.asked} answered" if survey.stage != "idle" else ""


def _of_guests(cycle: Cycle, step: Invitations) -> str:
    guests = cycle.guests(step.id)
    if guests.stage != "sent":
        return f"{plural(len(step.people), 'person', 'people')} to invite"
    answers = [guests.answers.get(person) for person in step.people]
    declined = answers.count("declined")
    said = f"{sum(a is not None for a in answers)} of {len(step.people)} answered"
    return f"{said}, {declined} declined" if declined else said


def _of_desk(cycle: Cycle, step: Registration) -> str:
    desk = cycle.desk(step.id)
    applied = sum(place.state == "applied" for place in desk.people.values()) if step.places != "first_come" else 0
    choosing = sum(not asked.done for asked in desk.nominations.values())
    words = [f"{desk.confirmed} of {desk.capacity} places"]
    words += [f"{applied} applied"] if applied else []
    words += [f"{plural(choosing, 'library', 'libraries')} choosing"] if choosing else []
    words += [plural(len(desk.offers), "offer")] if desk.offers else []
    words += [f"{desk.waiting} waiting"] if desk.waiting else []
    return ", ".join(words)


def _of_seminar(cycle: Cycle, step: Seminar) -> str:
    gathering = cycle.gathering(step.id)
    noted = list(gathering.attendance.values())
    match gathering.stage:
        case "announced":
            return "programme sent"
        case "held":
            return f"held; {sum(noted)} of {len(noted)} were there" if noted else "held"
        case "released":
            return "called off"
        case _:
            return in_english(step.place)
