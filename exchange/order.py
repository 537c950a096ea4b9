"""The order of a plan's dates: within each step, and from step to step, for a new plan and for every date that moves.

Steps are held in the plan's order, and one does not begin before the one in front of it is over; their preparation may
run ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from exchange.base import Refusal
from exchange.plan import Feedback, Invitations, Registration, Report, Seminar, Slot, Step, Visits, When


@dataclass(frozen=True)
class Moment:
    """A moment with the place where it stands in the plan."""

    step: str
    field: str
    when: When
    slot: str = ""

    @property
    def known(self) -> bool:
        """Whether it could be read; a plan that is still being mended may hold one that could not."""
        return bool(self.when.local)


@dataclass(eq=False)
class OutOfPlan(Refusal):
    """The step would not be held in the plan's order any more."""

    step: str
    field: str
    when: When
    other: str
    other_field: str
    other_when: When
    other_slot: str = ""
    goes_first: bool = False
    """Whether the plan holds ``step`` before ``other``."""

    def __str__(self) -> str:
        other = self.stay(f"{self.other}/{self.other_slot}") if self.other_slot else self.other
        field = "begins" if self.other_field == "ends" else self.other_field
        move = f"kierros move {self.other} {field} WHEN" + (f" --slot {self.other_slot}" if self.other_slot else "")
        order = f"before {self.other}" if self.goes_first else f"after {self.other}"
        return (
            f"The plan holds {self.step} {order}, but {self.field} of {self.step} would be {self.clock(self.when)}, "
            f"and {self.other_field} of {other} is {self.clock(self.other_when)}. Move {other} first (`{move}`) and "
            f"{self.step} then, or choose another date."
        )


@dataclass(frozen=True)
class Span:
    """When a step is held, from and until."""

    step: str
    begins: Moment
    ends: Moment


def within(step: Step) -> list[tuple[Moment, Moment]]:
    """What must come before what within a step."""

    def at(field: str) -> Moment:
        return Moment(step.id, field, getattr(step, field))

    match step:
        case Registration() | Feedback():
            return [(at("opens"), at("closes"))]
        case Seminar():
            return [(at("announce"), at("begins")), (at("begins"), at("ends"))]
        case Visits():
            prepared = [(at("prepare"), of_slot(step, slot, "begins")) for slot in step.slots]
            return prepared + [(of_slot(step, slot, "begins"), of_slot(step, slot, "ends")) for slot in step.slots]
        case Invitations() | Report():
            return []


def of_slot(step: Visits, slot: Slot, field: str) -> Moment:
    return Moment(step.id, field, getattr(slot, field), slot.id)


def held(step: Step) -> Span | None:
    """When the step is held; preparation is not part of it. None for visits without a stay whose dates are known."""

    def span(begins: str, ends: str) -> Span:
        return Span(step.id, *(Moment(step.id, field, getattr(step, field)) for field in (begins, ends)))

    match step:
        case Invitations():
            return span("prepare", "prepare")
        case Registration() | Feedback():
            return span("opens", "closes")
        case Seminar():
            return span("begins", "ends")
        case Report():
            return span("due", "due")
        case Visits():
            known = [slot for slot in step.slots if slot.begins.local and slot.ends.local]
            if not known:
                return None
            first, last = min(known, key=lambda s: s.begins.at), max(known, key=lambda s: s.ends.at)
            return Span(step.id, of_slot(step, first, "begins"), of_slot(step, last, "ends"))


def early(first: Moment, second: Moment) -> bool:
    """Whether what must come second within a step does not."""
    return first.known and second.known and second.when.at <= first.when.at


def overtaking(steps: Iterable[Step]) -> Iterator[tuple[Span, Span]]:
    """Neighbours of which the later one would begin before the one in front of it is over."""
    yield from _not_in_turn(pairwise(_known(steps)))


def out_of_turn(before: Iterable[Step], step: Step, after: Iterable[Step]) -> Iterator[tuple[Span, Span]]:
    """The step beside each that it would not keep its turn with, neighbours first.

    Neighbours alone do not tell: one that was left behind, and cannot move any more, may stand between.
    """
    for mine in _known([step]):
        yield from _not_in_turn((earlier, mine) for earlier in reversed(_known(before)))
        yield from _not_in_turn((mine, later) for later in _known(after))


def _known(steps: Iterable[Step]) -> list[Span]:
    return [span for step in steps if (span := held(step)) and span.begins.known and span.ends.known]


def _not_in_turn(pairs: Iterable[tuple[Span, Span]]) -> Iterator[tuple[Span, Span]]:
    for earlier, later in pairs:
        if later.begins.when.at < earlier.ends.when.at:
            yield earlier, later
