"""Whether dates of the plan make letters fall into its quiet weeks: a warning, because they wait or reach nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from exchange.plan import Feedback, Invitations, QuietWeeks, Registration, Step, Visits, When
from plans.faults import Fault
from plans.planfile import PlanFile


def quiet(file: PlanFile) -> Iterator[Fault]:
    """A warning for each date that falls into quiet weeks and has letters follow."""
    for step in file.draft.steps:
        for field, when, what in _written(step):
            weeks = _weeks(file, when)
            if weeks is not None:
                place = (
                    f"“{field}” ({when.local.replace('T', ' ')}) falls in the quiet weeks {weeks.first}..{weeks.last}"
                )
                sentence = f"{place}: {what.format(after=weeks.last + timedelta(days=1))}."
                yield file.fault(("steps", step.id, field), sentence, "warning")


def _weeks(file: PlanFile, when: When) -> QuietWeeks | None:
    if not when.local:
        return None
    day = datetime.fromisoformat(when.local).date()
    return next((weeks for weeks in file.draft.quiet_weeks if weeks.first <= day <= weeks.last), None)


WAIT = "its letters wait until {after}; choose another date, or leave it if that is meant"
CLOSES = "nobody is reminded then, and those who are away miss it; choose another date, or leave it if that is meant"
OFFERS = (
    "a place that is free then is offered to people who are away; choose another date, or leave it if that is meant"
)
ASKED = "hosts are asked then all the same, and their time to answer runs; choose another date, or give them longer"


def _written(step: Step) -> Iterator[tuple[str, When, str]]:
    """The dates that have letters follow, by field, with what quiet weeks do to them."""
    match step:
        case Invitations():
            yield "prepare", step.prepare, WAIT
            yield from (("remind", when, WAIT) for when in step.remind)
        case Registration():
            yield "closes", step.closes, CLOSES
            if step.offers_until is not None:
                yield "offers_until", step.offers_until, OFFERS
        case Visits():
            yield "prepare", step.prepare, ASKED
        case Feedback():
            yield "opens", step.opens, WAIT
            yield from (("remind", when, WAIT) for when in step.remind)
            yield "closes", step.closes, CLOSES
        case _:
            return
