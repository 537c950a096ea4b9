"""What of a plan has begun, and what of it still lies ahead: only that may be amended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange.base import Refusal
from exchange.plan import CyclePlan, Feedback, Invitations, Registration, Report, Seminar, Step, Visits

if TYPE_CHECKING:
    from exchange.state import Cycle


@dataclass(eq=False)
class StepBegun(Refusal):
    """The step has begun, and the amendment touches its past."""

    step: str
    field: str = ""

    def __str__(self) -> str:
        if not self.field:
            return f"{self.step} has begun, so it cannot be taken out of the plan. Put it back into the file."
        name, slot = self.field.rsplit("/", 1)[-1], self.field.split("/")[1] if "/" in self.field else ""
        return f"{name} of {self.step}{'/' + slot if slot else ''} cannot be amended any more: {self._instead(name)}"

    def _instead(self, name: str) -> str:
        ways = {
            "capacity": f"use `kierros capacity {self.step} NUMBER`.",
            "people": "the invitations have been sent. Take the change out of the people list; whoever joins now is "
            "registered by `kierros register`.",
            "slots": "hosts have been asked. Put the stays back, and add a step of visits for a new one.",
            "candidates": "hosts have been asked. Put them back; for another host, add a step of visits with its own "
            "stay.",
            "approval": "who must agree was settled when the cycle started.",
        }
        if name in {"begins", "ends", "opens", "closes", "prepare", "announce", "due"}:
            slot = f" --slot {self.field.split('/')[1]}" if "/" in self.field else ""
            what = "begins" if name == "ends" else name
            way = f"`kierros move {self.step} {what} WHEN{slot}`"
            return f"the step has begun. Where it is still to come, it moves by {way}."
        return ways.get(name, "the step has begun. Put it back as it was in the file.")


@dataclass(eq=False)
class PlacedBeforeBegun(Refusal):
    step: str
    begun: str

    def __str__(self) -> str:
        return (
            f"{self.begun} has begun, so the order of what comes before it stays, and {self.step} cannot change its "
            f"place there. Put {self.step} after {self.begun}, or where it was."
        )


def begun(cycle: Cycle, step: Step) -> bool:
    """Whether the step itself has begun; letters that are made ready, or lie ready, are not its beginning."""
    match step:
        case Invitations():
            return cycle.guests(step.id).stage != "idle"
        case Registration():
            return cycle.desk(step.id).stage != "idle"
        case Seminar():
            return cycle.gathering(step.id).stage != "idle"
        case Visits():
            return cycle.approving(step.id).stage == "given"
        case Feedback():
            return cycle.survey(step.id).stage != "idle"
        case Report():
            return cycle.approving(step.id).stage == "given"


def ahead(cycle: Cycle, step: Step) -> set[str]:
    """The fields that may change: all but who must agree, or what lies ahead of a step that has begun."""
    if not begun(cycle, step):
        fixed = {"id", "kind", "approval"}
        if cycle.approving(step.id).stage != "none":
            fixed |= {"prepare", "announce", "due"}
        if step.id in cycle.desk_books:
            fixed |= {"capacity"}
        return set(type(step).model_fields) - fixed
    match step:
        case Invitations():
            return {"title", "remind"}
        case Registration() if cycle.desk(step.id).stage != "closed":
            return {"offer_lasts", "offers_until"}
        case Visits() if not cycle.settled(step.id):
            return {"answer_within", "remind_after", "fallback", "decide_role", "decide_within"}
        case Feedback() if cycle.survey(step.id).stage != "closed":
            return {"remind"}
        case _:
            return set()


def held(cycle: Cycle, step: Step) -> bool:
    """Whether the step's turn has come: it is held, or behind us."""
    if isinstance(step, Visits):
        return any(cycle.booking(step.id, slot.id).done for slot in step.slots)
    if isinstance(step, Report):
        return cycle.approving(step.id).stage != "none"
    if isinstance(step, Seminar):
        return cycle.gathering(step.id).stage in {"held", "released"}
    return begun(cycle, step)


def check_order(cycle: Cycle, after: CyclePlan) -> None:
    """What has been held keeps what comes before it."""
    before, now = ([step.id for step in plan.steps] for plan in (cycle.plan, after))
    for step in cycle.plan.steps:
        if step.id in now and held(cycle, step):
            were, are = before[: before.index(step.id)], now[: now.index(step.id)]
            if odd := [one for one in (*are, *were) if (one in were) != (one in are)]:
                raise PlacedBeforeBegun(odd[0], step.id)
