"""The plans that are measured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from exchange.plan import CyclePlan, Feedback, Invitations, Registration, Report, Seminar, Step, Visits, When
from plans import Staffer, read_people, read_plan, split_plan

EXAMPLE = Path(__file__).parents[1] / "examples" / "kaliningrad-2012" / "plan.yaml"
STAFF = {
    "kristina virtanen": Staffer("s_kristina"),
    "olga sokolova": Staffer("s_olga"),
    "antti laine": Staffer("s_antti"),
}
KEY = b"the key of what is measured only"
HOLDERS = {"application": "s_kristina", "visits": "s_antti", "final-seminar": "s_kristina", "report": "s_antti"}
"""Who approves which step of the example."""


def moment(at: datetime) -> When:
    """The instant, in UTC."""
    return When(local=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}", zone="UTC", at=at)


def hurried_plan(cycle: str, now: datetime) -> CyclePlan:
    """The example without waiting: every date has passed, but the beginnings of stays and seminars.

    What calls to the past is not approved, so stays and seminars begin later than they end here, and in the place of
    the invitations stands a paper to approve, the application to the funder. The survey closes when it opens, so that
    nothing waits for a clock; all timers that are set are overtaken.
    """
    file = read_plan(EXAMPLE)
    listed = read_people(file.people, organisations=file.draft.organisations)
    plan = split_plan(file, listed, STAFF, starter="s_olga", now=now).plan
    later = moment(now + timedelta(days=30))
    steps: list[Step] = []
    for step in plan.steps:
        match step:
            case Visits():
                slots = tuple(slot.model_copy(update={"begins": later}) for slot in step.slots)
                steps.append(step.model_copy(update={"slots": slots}))
            case Feedback():
                steps.append(step.model_copy(update={"closes": step.opens, "remind": ()}))
            case Invitations():
                steps.append(Report(id="application", title=step.title, approval=step.approval, due=step.prepare))
            case Seminar():
                steps.append(step.model_copy(update={"begins": later}))
            case _:
                steps.append(step)
    plan = plan.model_copy(update={"id": cycle, "steps": tuple(steps)})
    return CyclePlan.model_validate(plan.model_dump(mode="json"))  # as the record gives it back


def desk_plan(cycle: str, now: datetime, capacity: int) -> CyclePlan:
    """An open desk for a crowd, and one invitation that waits for approval."""
    before, after = moment(now - timedelta(hours=1)), moment(now + timedelta(days=200))
    return CyclePlan(
        id=cycle, programme="bench", programme_name={"en": "Bench"}, theme="crowd", theme_name={"en": "A crowd"},
        year=now.year, digest=cycle, starter="s_olga", roles={"coordinator": ("s_kristina",)}, practice=True,
        steps=(
            Invitations.model_validate({
                "id": "invitations", "prepare": before, "registration": "registration", "people": (f"p_guest_{cycle}",),
                "approval": {"role": "coordinator"},
            }),
            Registration(id="registration", opens=before, closes=after, capacity=capacity),
        ),
    )  # fmt: skip
