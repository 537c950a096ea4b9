"""The calendar of the year: each step's dates as the plan has them, and what became of it."""

from __future__ import annotations

from activities.account.basis import Span
from activities.account.running import Mark, Row
from activities.account.sources import Sources, point, span
from exchange.feedback import SurveyReminded
from exchange.invitation import InvitedReminded
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
    cycle = sources.cycle
    prepared = cycle.approving(step.id).stage != "none"
    match step:
        case Invitations():
            return [_moment("prepare", step.prepare, done=prepared), *_reminders(sources, step.id, step.remind)]
        case Registration():
            return [Mark(id="open", when=span(step.opens, step.closes), done=cycle.desk(step.id).stage != "idle")]
        case Seminar():
            held = Mark(id="held", when=span(step.begins, step.ends), done=cycle.gathering(step.id).stage == "held")
            return [_moment("prepare", step.announce, done=prepared), held]
        case Visits():
            return [_moment("prepare", step.prepare, done=prepared), *_stays(sources, step)]
        case Feedback():
            asked = cycle.survey(step.id).stage != "idle"
            opened = Mark(id="open", when=span(step.opens, step.closes), done=asked)
            return [opened, *_reminders(sources, step.id, step.remind)]
        case Report():
            return [_moment("due", step.due, done=prepared)]


def _reminders(sources: Sources, step: str, planned: tuple[When, ...]) -> list[Mark]:
    """The plan's reminders; one that had nobody to remind did not come about."""
    sent = {
        event.number
        for event in sources.journal
        if isinstance(event, InvitedReminded | SurveyReminded) and event.step == step and event.count
    }
    return [_moment("reminder", when, done=number in sent) for number, when in enumerate(planned, 1)]


def _stays(sources: Sources, step: Visits) -> list[Mark]:
    """The visits, each under the host that was visited."""
    marks = []
    for slot in step.slots:
        booking = sources.cycle.booking(step.id, slot.id)
        visited = booking.stage == "visited"
        label = sources.organisation(booking.host) if visited else {}
        marks.append(Mark(id="held", when=span(slot.begins, slot.ends), label=label, done=visited))
    return marks


def _moment(ident: str, when: When, *, done: bool) -> Mark:
    return Mark(id=ident, when=Span(begins=point(when), ends=point(when)), done=done)
