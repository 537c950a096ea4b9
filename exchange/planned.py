"""What a cycle's plan holds, and the refusals that name what it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from exchange.base import Model, Refusal
from exchange.plan import CyclePlan, Feedback, Invitations, Registration, Seminar, Slot, Step, Visits

S = TypeVar("S", Invitations, Registration, Seminar, Visits, Feedback)


@dataclass(eq=False)
class UnknownStep(Refusal):
    step: str
    steps: tuple[str, ...]

    def __str__(self) -> str:
        return f"This cycle has no such step {self.step!r}; it has {', '.join(self.steps) or 'none of that kind'}."


@dataclass(eq=False)
class UnknownSlot(Refusal):
    step: str
    slot: str
    slots: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.step} has no visit called {self.slot!r}; it has {', '.join(self.slots) or 'none'}."


class Planned(Model):
    """Something with a plan, asked for its steps."""

    plan: CyclePlan

    def known(self, step: str) -> Step:
        """The step of that id, or the refusal that names those there are."""
        try:
            return self.plan.step(step)
        except KeyError:
            raise UnknownStep(step, tuple(s.id for s in self.plan.steps)) from None

    def step_of(self, step: str, kind: type[S]) -> S:
        found = next((s for s in self.plan.steps if s.id == step), None)
        if not isinstance(found, kind):
            raise UnknownStep(step, tuple(s.id for s in self.plan.steps if isinstance(s, kind)))
        return found

    def slot_of(self, step: str, slot: str) -> tuple[Visits, Slot]:
        """The journey of that id and its slot."""
        journey = self.step_of(step, Visits)
        found = next((s for s in journey.slots if s.id == slot), None)
        if found is None:
            raise UnknownSlot(step, slot, tuple(s.id for s in journey.slots))
        return journey, found

    def _all(self, kind: type[S]) -> list[S]:
        # asked thousands of times a year; inside a workflow `isinstance` is a call of the sandbox's, forty times dearer
        return [s for s in self.plan.steps if type(s) is kind]

    def invitations(self) -> list[Invitations]:
        return self._all(Invitations)

    def desks_in_plan(self) -> list[Registration]:
        return self._all(Registration)

    def seminars(self) -> list[Seminar]:
        return self._all(Seminar)

    def journeys(self) -> list[Visits]:
        return self._all(Visits)

    def surveys(self) -> list[Feedback]:
        return self._all(Feedback)

    def _only(self, step: str, kind: type[S]) -> S:
        steps = self._all(kind)
        if not step and len(steps) == 1:
            return steps[0]
        return self.step_of(step, kind)

    def desk_step(self, step: str) -> Registration:
        return self._only(step, Registration)

    def survey_step(self, step: str) -> Feedback:
        return self._only(step, Feedback)

    def before(self, step: str) -> list[Step]:
        """The steps that the plan puts before this one."""
        ids = [s.id for s in self.plan.steps]
        return list(self.plan.steps[: ids.index(step)])
