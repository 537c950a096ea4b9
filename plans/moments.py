"""Moments that are typed in: local time at the place of what they replace, resolved with the pinned time-zone data."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from exchange.moving import named
from exchange.plan import CyclePlan, Seminar, When
from plans import walk
from plans.clock import EVENING, read_clock, read_moment, resolve, resolve_gently


def read_when(words: str, instead_of: When, plan: CyclePlan) -> When:
    """The moment meant. A date alone keeps the hour of what it replaces, an hour alone keeps the date.

    Raises:
        Misread: no notation we know, or a local time that the clocks there skip or show twice.
    """
    old = datetime.fromisoformat(instead_of.local)
    clock = read_clock(words)
    if clock is not None:
        return paced(resolve(datetime.combine(old.date(), clock), instead_of.zone), instead_of, plan)
    return paced(read_moment(words, instead_of.zone, old.time()), instead_of, plan)


def follow(ends: When, begins: When, moved: When, plan: CyclePlan) -> When:
    """The end that goes with a beginning that was moved: as long after it as before, by the clocks of the place."""
    length = datetime.fromisoformat(ends.local) - datetime.fromisoformat(begins.local)
    return paced(resolve(datetime.fromisoformat(moved.local) + length, ends.zone), ends, plan)


def along(seminar: Seminar, moved: When, plan: CyclePlan) -> dict[str, When]:
    """Where the sessions of a seminar go when it begins at another time: by the old moments, the new ones.

    By the clocks of the place each stays as far behind the beginning as it was, whatever the clocks do in between.
    """
    whens = [when for session in seminar.sessions for when in (session.begins, session.ends)]
    begins, later = datetime.fromisoformat(seminar.begins.local), datetime.fromisoformat(moved.local)
    found = {}
    for when in whens:
        local = later + (datetime.fromisoformat(when.local) - begins)
        found[named(when)] = paced(resolve_gently(local, when.zone), when, plan)
    return found


def paced(when: When, instead_of: When, plan: CyclePlan) -> When:
    """Where a day passes in seconds, as in practice, the instant moves by as much less than the local time."""
    if plan.pace == 1:
        return when
    gap: timedelta = datetime.fromisoformat(when.local) - datetime.fromisoformat(instead_of.local)
    return when.model_copy(update={"at": instead_of.at + gap * plan.pace})


def deadline_of(words: str, plan: CyclePlan) -> When:
    """The last moment of a time to answer, by the clocks of the learners' end; a date alone is the end of that day.

    Raises:
        Misread: no notation we know, or a local time that the clocks there skip or show twice.
    """
    when = read_moment(words, plan.zone, EVENING)
    local = datetime.fromisoformat(when.local)
    # in practice days pass unevenly: what is nearest tells best when that is
    known = list(walk.found(plan, When))
    nearest = min(known, key=lambda one: abs(datetime.fromisoformat(one.local) - local), default=when)
    return paced(when, nearest, plan)


def beginning_of(words: str, plan: CyclePlan) -> datetime:
    """The instant at which a day begins at the learners' end; in practice by the days of the plan.

    Raises:
        Misread: no date that we can read.
    """
    when = read_moment(words, plan.zone, time(0))
    first = min(walk.found(plan, When), key=lambda known: known.at, default=when)
    return paced(when, first, plan).at
