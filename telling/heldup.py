"""What keeps a cycle from its purpose: letters too late to approve, dates that have all passed, nobody in the group."""

from __future__ import annotations

from datetime import datetime

from exchange.emptiness import unattended
from exchange.lateness import LateApproval, late
from exchange.plan import CyclePlan, Invitations, Registration, Seminar, Visits, When
from exchange.prompt import Prompt
from exchange.state import Cycle
from exchange.walk import found
from telling.counts import plural
from telling.names import Names
from telling.times import written

ABOUT_LETTERS = frozenset({"approval", "revise"})
"""What decisions on a step's letters are about."""


def may_be_late(plan: CyclePlan, prompt: Prompt, now: datetime) -> bool:
    """Whether the letters of a decision may have come too late, as far as the plan alone can tell."""
    if prompt.about not in ABOUT_LETTERS:
        return False
    match next((step for step in plan.steps if step.id == prompt.step), None):
        case Invitations(registration=desk):
            return any(
                step.closes.at <= now for step in plan.steps if isinstance(step, Registration) and step.id == desk
            )
        case Seminar(begins=begins):
            return begins.at <= now
        case Visits(slots=slots):
            return any(slot.begins.at <= now for slot in slots)
        case _:
            return False


def lateness(cycle: Cycle, prompt: Prompt, now: datetime) -> LateApproval | None:
    """Why its letters cannot be approved any more; None where they can, or it is about no letters."""
    if prompt.about not in ABOUT_LETTERS or cycle.standstill is not None:
        return None
    return late(cycle, cycle.to_approve(prompt.step), now)


def too_late(cycle: Cycle, prompt: Prompt, names: Names, now: datetime) -> tuple[str, ...]:
    """The same in words, with the way on; empty where there is nothing to say."""
    why = lateness(cycle, prompt, now)
    if why is None:
        return ()
    said = rejected_late(why, names) if prompt.about == "revise" else names.refusal(why)
    return (f"{said} {names.ending()}",)


REJECTED_LATE = (
    "{what}: the moment was {since}. Letters that are made ready again would call to what is past, and could not be "
    "approved. {way_out}"
)
"""What is said of a step that was rejected and whose moment has gone by; the portal says it in its own languages."""


def rejected_late(why: LateApproval, names: Names) -> str:
    """What leads on where having it made ready again leads nowhere."""
    what = names.slot(why.slot, why.of) if why.slot else names.step(why.of)
    agreed = next((when for when in found(names.plan, When) if when.at == why.since), None)
    since = names.written(agreed) if agreed else names.moment(why.since)
    return names.said(REJECTED_LATE).format(what=what, since=since, way_out=names.way_out(why))


EMPTY = "{step}, {when}: nobody has a place. Is it to be held?"
"""What is asked where a gathering would be held with nobody there; the portal says it in the reader's language."""


def empty(step: str, begins: When, names: Names) -> str:
    """That nobody has a place there, in words."""
    return names.said(EMPTY).format(step=names.step(step), when=names.written(begins))


def nobody(cycle: Cycle, names: Names, now: datetime, step: str = "") -> str:
    """The same of the next gathering, with the way on; empty where somebody is in the group, or it is another step."""
    found = unattended(cycle, now)
    return f"{empty(found.step, found.begins, names)} {names.ending()}" if found and step in {"", found.step} else ""


def left_alone(cycle: Cycle, now: datetime) -> When | None:
    """The plan's last date, where it has passed and decisions were not taken in time: nothing ends the cycle then."""
    last = max((when for when in found(cycle.plan, When)), key=lambda when: when.at, default=None)
    waits = cycle.phase == "running" and any(prompt.due_at < now for prompt in cycle.prompts.values())
    return last if waits and last is not None and last.at <= now else None


def overrun(cycle: Cycle, now: datetime) -> str:
    """That all dates have passed while decisions wait, so that nothing goes on by itself; else empty."""
    if (last := left_alone(cycle, now)) is None:
        return ""
    late = sum(prompt.due_at < now for prompt in cycle.prompts.values())
    kind = "practice run" if cycle.plan.practice else "year"
    return (
        f"The last date of the plan, {written(last)}, has passed, and {plural(late, 'decision')} "
        f"{'was' if late == 1 else 'were'} not taken in time. The {kind} does not end by itself: answer what "
        f"waits, or end it with `kierros cancel {cycle.plan.id}`."
    )
