"""The calendar of the year: each step's dates as the plan has them, and what became of it."""

from __future__ import annotations

from activities.account.model import Mark, Row, Span
from activities.account.sources import Sources, point, span
from exchange.plan import Feedback, Invitations, Registration, Report, Seminar, Step, Visits, When


def calendar(sources: Sources) -> tuple[Row, ...]:
    """Every step in the plan's order."""
    return tuple(
        Row.model_validate(
            {
                "step": step.id,
                "kind": step.kind,
                "title": sources.title(step.id),
                "outcome": _outcome(sources, step),
                "marks": _marks(sources, step),
            }
        )
        for step in sources.cycle.plan.steps
    )


def _outcome(sources: Sources, step: Step) -> str:
    cycle = sources.cycle
    if isinstance(step, Seminar) and cycle.gathering(step.id).stage == "released":
        return "called_off"
    if cycle.settled(step.id):
        return "done"
    return "called_off" if cycle.phase == "cancelled" else "open"


def _marks(sources: Sources, step: Step) -> list[Mark]:
    match step:
        case Invitations():
            return [_moment("prepare", step.prepare), *(_moment("reminder", when) for when in step.remind)]
        case Registration():
            return [Mark(id="open", when=span(step.opens, step.closes))]
        case Seminar():
            return [_moment("prepare", step.announce), Mark(id="held", when=span(step.begins, step.ends))]
        case Visits():
            return [_moment("prepare", step.prepare), *_stays(sources, step)]
        case Feedback():
            opened = Mark(id="open", when=span(step.opens, step.closes))
            return [opened, *(_moment("reminder", when) for when in step.remind)]
        case Report():
            return [_moment("due", step.due)]


def _stays(sources: Sources, step: Visits) -> list[Mark]:
    """The visits, each under the host that was visited; those that were not stand as given up."""
    marks = []
    for slot in step.slots:
        booking = sources.cycle.booking(step.id, slot.id)
        visited = booking.stage == "visited"
        label = sources.organisation(booking.host) if visited else {}
        kind = "held" if visited else "undone" if booking.done else "planned"
        marks.append(Mark(id=kind, when=span(slot.begins, slot.ends), label=label))
    return marks


def _moment(ident: str, when: When) -> Mark:
    return Mark(id=ident, when=Span(begins=point(when), ends=point(when)))
