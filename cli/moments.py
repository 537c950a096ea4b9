"""Moments that are typed in: local time at the place of what they replace, resolved with the pinned time-zone data."""

from __future__ import annotations

from datetime import datetime, timedelta

from exchange.plan import CyclePlan, When
from plans.clock import read_clock, read_moment, resolve


def read_when(words: str, instead_of: When, plan: CyclePlan) -> When:
    """The moment meant. A date alone keeps the hour of what it replaces, an hour alone keeps the date.

    Raises:
        Misread: no notation we know, or a local time that the clocks there skip or show twice.
    """
    old = datetime.fromisoformat(instead_of.local)
    clock = read_clock(words)
    if clock is not None:
        return _paced(resolve(datetime.combine(old.date(), clock), instead_of.zone), instead_of, plan)
    return _paced(read_moment(words, instead_of.zone, old.time()), instead_of, plan)


def follow(ends: When, begins: When, moved: When, plan: CyclePlan) -> When:
    """The end that goes with a beginning that was moved: as long after it as before, by the clocks of the place."""
    length = datetime.fromisoformat(ends.local) - datetime.fromisoformat(begins.local)
    return _paced(resolve(datetime.fromisoformat(moved.local) + length, ends.zone), ends, plan)


def _paced(when: When, instead_of: When, plan: CyclePlan) -> When:
    """In practice a day passes in seconds: the instant moves by as much less than the local time."""
    if not plan.practice:
        return when
    gap: timedelta = datetime.fromisoformat(when.local) - datetime.fromisoformat(instead_of.local)
    return when.model_copy(update={"at": instead_of.at + gap * plan.pace})
