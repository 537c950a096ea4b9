"""Moments that are typed in: local time at the place of what they replace, resolved with the pinned time-zone data.

In practice a year is drawn together, and what is typed is a date of the plan's calendar all the same: its instant is
the moment at which the run comes to that date (:func:`paced`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from exchange.drawn import drawn_in
from exchange.moving import named
from exchange.plan import CyclePlan, Seminar, When
from exchange.walk import found as found_in
from plans.clock import EVENING, read_clock, read_moment, resolve, resolve_gently


def read_when(words: str, instead_of: When, plan: CyclePlan, now: datetime) -> When:
    """The moment meant. A date alone keeps the hour of what it replaces, an hour alone keeps the date.

    Raises:
        Misread: no notation we know, or a local time that the clocks there skip or show twice.
    """
    old = datetime.fromisoformat(instead_of.local)
    clock = read_clock(words)
    if clock is not None:
        return paced(resolve(datetime.combine(old.date(), clock), instead_of.zone), plan, now)
    return paced(read_moment(words, instead_of.zone, old.time()), plan, now)


def follow(ends: When, begins: When, moved: When, plan: CyclePlan, now: datetime) -> When:
    """The end that goes with a beginning that was moved: as long after it as before, by the clocks of the place."""
    length = datetime.fromisoformat(ends.local) - datetime.fromisoformat(begins.local)
    return paced(resolve(datetime.fromisoformat(moved.local) + length, ends.zone), plan, now)


def along(seminar: Seminar, moved: When, plan: CyclePlan, now: datetime) -> dict[str, When]:
    """Where the sessions of a seminar go when it begins at another time: by the old moments, the new ones.

    By the clocks of the place each stays as far behind the beginning as it was, whatever the clocks do in between.
    """
    whens = [when for session in seminar.sessions for when in (session.begins, session.ends)]
    begins, later = datetime.fromisoformat(seminar.begins.local), datetime.fromisoformat(moved.local)
    found = {}
    for when in whens:
        local = later + (datetime.fromisoformat(when.local) - begins)
        found[named(when)] = paced(resolve_gently(local, when.zone), plan, now)
    return found


def paced(when: When, plan: CyclePlan, now: datetime) -> When:
    """Where a day passes in seconds, as in practice: with the instant at which the run comes to that date.

    Args:
        when: resolved by the clocks of its place.
        plan: the run's, with every date as it stands.
        now: the moment.
    """
    drawn = list(known_dates(plan)) if plan.pace != 1 else []
    return when.model_copy(update={"at": drawn_in(drawn, when.at, now, plan.pace)}) if drawn else when


def known_dates(plan: CyclePlan) -> Iterator[tuple[datetime, datetime]]:
    """Every date of the plan: its instant in this run, and the one that it has by the clocks of its place."""
    for when in found_in(plan, When):
        yield when.at, resolve_gently(datetime.fromisoformat(when.local), when.zone).at


def deadline_of(words: str, plan: CyclePlan, now: datetime) -> When:
    """The last moment of a time to answer, by the clocks of the learners' end; a date alone is the end of that day.

    Raises:
        Misread: no notation we know, or a local time that the clocks there skip or show twice.
    """
    return paced(read_moment(words, plan.zone, EVENING), plan, now)


def beginning_of(words: str, plan: CyclePlan, now: datetime) -> datetime:
    """The instant at which a day begins at the learners' end; in practice by the days of the plan.

    Raises:
        Misread: no date that we can read.
    """
    return paced(read_moment(words, plan.zone, time(0)), plan, now).at


def is_over(words: str, plan: CyclePlan, now: datetime) -> bool:
    """Whether that day is past at the learners' end; in practice by the days of the plan.

    Raises:
        Misread: no date that we can read.
    """
    begins = read_moment(words, plan.zone, time(0))
    ends = resolve_gently(datetime.fromisoformat(begins.local) + timedelta(days=1), plan.zone)
    return paced(ends, plan, now).at <= now
