"""Four eyes: who has had a hand in what is still to be approved, and cannot be the one who approves it.

Source: TRUST invariant 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange.base import PLAN, TIME, Refusal
from exchange.groups import Word
from exchange.plan import Approval, CyclePlan, Invitations, Seminar, Step, Visits

if TYPE_CHECKING:
    from exchange.prompt import Prompt
    from exchange.state import Cycle


@dataclass(eq=False)
class NobodyLeftToApprove(Refusal):
    step: str
    actor: str

    def __str__(self) -> str:
        return (
            f"The plan asks for a second person to approve {self.step}, and if {self.actor} changed it now, nobody "
            "would be left who may. Let somebody do it who started the cycle or has changed it before (--as NAME)."
        )


UNTOLD = frozenset({"feedback", "report"})
"""Kinds of steps of which invitations say nothing."""


def naming(cycle: Cycle, moved: str) -> list[Step]:
    """The steps still to be approved whose letters name a date of the step that has moved, or was taken out."""
    kind = next((step.kind for step in cycle.plan.steps if step.id == moved), "")
    return [
        step
        for step in cycle.plan.steps
        if (step.id == moved or (isinstance(step, Invitations) and kind not in UNTOLD))
        and cycle.approving(step.id).stage != "given"
    ]


def strictest(plan: CyclePlan) -> Approval:
    """Who agrees to a letter that is none of the plan's own.

    Whom the plan asks where it wants a second person, else whom it asks for its first letters, else the coordinator.
    """
    asked = [s.approval for s in plan.steps if isinstance(s, Invitations | Seminar | Visits) and s.approval]
    nobody = Approval(role="coordinator")
    nobody = nobody.model_copy(update={"within": nobody.within * plan.pace})
    return next((one for one in asked if one.second_person), next(iter(asked), nobody))


def had_a_hand(cycle: Cycle, steps: Iterable[Step | Word], actor: str) -> Cycle:
    """The state in which the actor has had a hand in what is still to be approved there."""
    for step in steps:
        state = cycle.approving(step.id)
        if actor not in {TIME, PLAN, *state.hands}:
            cycle = cycle.with_approving(step.id, state.model_copy(update={"hands": (*state.hands, actor)}))
    return cycle


def hands(cycle: Cycle, step: str) -> set[str]:
    """Staff who cannot be the second person for the step: whoever started the cycle, and whoever had a hand in it.

    In a letter of staff's own words only whoever wrote it has had a hand.
    """
    return {*cycle.approving(step).hands} | (set() if step in cycle.words else {cycle.plan.starter})


def fresh_eyes(cycle: Cycle, prompt: Prompt, actor: str) -> bool:
    """Whether the actor may answer the prompt as far as four eyes go: the role is another question."""
    # a record that was begun before hands were kept still knows who asked last
    return not prompt.second_person or actor not in hands(cycle, prompt.step) | {prompt.asked_by}


def leave_somebody(cycle: Cycle, step: Step, actor: str) -> None:
    """Whether anybody may still approve the step once the actor has had a hand in it.

    Letters of staff's own are asked about as they are written.

    Raises:
        NobodyLeftToApprove: nobody.
    """
    wanted, known = step.approval, hands(cycle, step.id)
    if wanted is None or not wanted.second_person or actor in known:
        return
    if not holders(cycle.plan, wanted) - known - {actor}:
        raise NobodyLeftToApprove(step.id, actor)


def holders(plan: CyclePlan, wanted: Approval) -> set[str]:
    """Staff whose role, or the deputy's, lets them approve."""
    return {staff for role in (wanted.role, wanted.deputy) for staff in plan.roles.get(role or "", ())}
