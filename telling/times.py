"""Moments as people read them: by the clocks of the place, never of the machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from exchange.plan import CyclePlan, When
from plans.clock import zone

Unit = Literal["day", "hour", "minute", "second"]
EXACT = timedelta(hours=1)
"""So far from now the seconds of a practice run are told; beyond it nobody counts them."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def now() -> datetime:
    """This instant (UTC)."""
    return datetime.now(UTC)


def day(local: date) -> str:
    """``14 Feb 2012``, whatever the machine's locale."""
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def at_place(at: datetime, place: str, *, seconds: bool = False) -> str:
    """An instant by the clocks of a place: ``14 Feb 2012 10:00``."""
    local = at.astimezone(zone(place))
    return f"{day(local)} {local:%H:%M:%S}" if seconds else f"{day(local)} {local:%H:%M}"


def written(when: When) -> str:
    """A moment as it was agreed on: ``14 Feb 2012 10:00``."""
    local = datetime.fromisoformat(when.local)
    return f"{day(local)} {local:%H:%M}"


def by_the_plan(plan: CyclePlan) -> Callable[[Any], str]:
    """How moments of this cycle are told in a sentence: ``14 Feb 2012 10:00 (Europe/Riga)``.

    A date of the plan is told as it was agreed on, also in practice, where its instant is drawn together; any other
    instant by the clocks of the learners' end, in practice on the day of the plan's calendar that it stands for.
    """
    from exchange.walk import found

    def told(moment: Any) -> str:
        agreed = moment if isinstance(moment, When) else next((w for w in found(plan, When) if w.at == moment), None)
        if agreed is not None:
            return f"{written(agreed)} ({agreed.zone})"
        own = own_instant(plan, moment)
        return f"{at_place(own or moment, plan.zone, seconds=own is None)} ({plan.zone})"

    return told


def own_instant(plan: CyclePlan, at: datetime) -> datetime | None:
    """The instant by the plan's own calendar; nothing where a practice run knows too few dates to tell it."""
    from exchange.drawn import drawn_apart
    from plans.moments import known_dates

    if not plan.practice:
        return at
    return drawn_apart(known_dates(plan), at)


def plan_day(plan: CyclePlan, at: datetime) -> str:
    """The day by the plan's own calendar: ``14 Feb 2012``; empty where a practice run cannot tell it."""
    found = plan_date(plan, at)
    return day(found) if found else ""


def plan_date(plan: CyclePlan, at: datetime) -> date | None:
    """The same, as a date."""
    own = own_instant(plan, at)
    return own.astimezone(zone(plan.zone)).date() if own else None


def span(begins: When, ends: When) -> str:
    """``14 Feb 2012 10:00–16:00``, or ``14–16 Feb 2012`` where it takes several days."""
    first, last = datetime.fromisoformat(begins.local), datetime.fromisoformat(ends.local)
    hours = f" {first:%H:%M}–{last:%H:%M}" if first.date() == last.date() else ""
    return days(first, last) + hours


def days(first: datetime, last: datetime) -> str:
    """``14 Feb 2012``, ``14–16 Feb 2012`` or ``30 Apr – 2 May 2012``."""
    if first.date() == last.date():
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def away(at: datetime, since: datetime) -> str:
    """How far an instant is from another: ``in 3 days``, ``2 hours ago``; of what went by this minute no seconds."""
    gap = at - since
    words = lasting(abs(gap))
    if gap > timedelta(0):
        return f"in {words}" if words else "now"
    return f"{words} ago" if -gap >= timedelta(minutes=1) else "just now"


UNITS: tuple[tuple[Unit, int], ...] = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
"""In what people count time, each in seconds, the largest first."""


def measured(span: timedelta) -> tuple[int, Unit]:
    """A span as people say it: in the largest unit of which it is a whole number, else about, in its largest unit."""
    seconds = round(span.total_seconds())
    whole = ((seconds // size, unit) for unit, size in UNITS[:-1] if seconds and seconds % size == 0)
    about = ((round(seconds / size), unit) for unit, size in UNITS if seconds >= size)
    return next(whole, None) or next(about, (seconds, "second"))


def lasting(length: timedelta) -> str:
    """A length of time in its largest unit: ``3 days``, ``1 hour``, ``20 seconds``; empty under a second."""
    for unit, seconds in UNITS:
        if (count := int(length.total_seconds() // seconds)) > 0:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return ""
