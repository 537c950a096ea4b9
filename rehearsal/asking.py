"""What those who have a place tell as they registered, where the plan asks: made up, and the same in every rehearsal.

Such answers are never part of an event, and the rules know nothing of them. They are played so that one sees, before
anybody is asked, which questions there are and who would read what.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from exchange.plan import CyclePlan, Registration
from rehearsal.year import Rehearsed

DIETS = ("Vegetarian", "No nuts", "Vegetarian", "No fish")
EVERY_DIET, EVERY_ACCESS = 3, 7
"""Every third eats not everything; every seventh needs something to be able to take part."""


@dataclass(frozen=True)
class Told:
    """What one registration brings to light."""

    at: datetime
    step: Registration
    """As the plan has it, with its questions."""
    people: int
    """Who have a place."""
    diets: tuple[str, ...] = ()
    access: int = 0
    """So many need something to be able to take part."""
    chosen: tuple[tuple[int, ...], ...] = ()
    """For each question of the plan's own, how often each of its answers was chosen; empty where it is free words."""


def told_in(year: Rehearsed, plan: CyclePlan) -> Iterator[Told]:
    """What is told in a rehearsed year, registration by registration, on the day when the places are given.

    Args:
        year: as it was played.
        plan: the whole plan, with the words of its questions.
    """
    for step in plan.steps:
        if not isinstance(step, Registration) or not (step.ask or step.wanted) or year.begins.settled(step.id):
            continue
        given = (at for at, state in enumerate(year.states) if state.settled(step.id))
        if (number := next(given, None)) is not None:
            places = year.states[number].desk(step.id).people
            people = sum(place.state == "confirmed" for place in places.values())
            yield _told(year.events[number].at, step, people)


def _told(at: datetime, step: Registration, people: int) -> Told:
    diets = tuple(DIETS[number % len(DIETS)] for number in range(people // EVERY_DIET))
    return Told(
        at=at,
        step=step,
        people=people,
        diets=diets if "diet" in step.ask else (),
        access=people // EVERY_ACCESS if "access" in step.ask else 0,
        chosen=tuple(_spread(people, len(one.choices)) for one in step.wanted),
    )


def _spread(people: int, choices: int) -> tuple[int, ...]:
    """Everybody chooses one answer, all answers as often as may be."""
    return tuple(len(range(first, people, choices)) for first in range(choices))
