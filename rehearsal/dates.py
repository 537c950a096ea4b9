"""When somebody in a rehearsal answers, and which other dates a host would rather have."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchange.plan import Slot, When

A_DAY = timedelta(days=1)


def spread(count: int, begins: datetime, ends: datetime) -> list[datetime]:
    """So many instants between the two, evenly, all within four fifths of the time; whole seconds."""
    room = max(ends - begins, timedelta(0)) * 0.8
    return [(begins + room * (number / (count + 1))).replace(microsecond=0) for number in range(1, count + 1)]


def other_dates(stay: Slot, to: date | None, day: timedelta) -> dict[str, Any]:
    """The dates that a host would rather have."""
    days = 7 if to is None else (to - datetime.fromisoformat(stay.begins.local).date()).days
    return {"begins": _later(stay.begins, days, day), "ends": _later(stay.ends, days, day)}


def _later(when: When, days: int, day: timedelta) -> When:
    local = datetime.fromisoformat(when.local) + timedelta(days=days)
    if day < A_DAY:
        return when.model_copy(update={"local": local.isoformat(timespec="minutes"), "at": when.at + day * days})
    at = local.replace(tzinfo=ZoneInfo(when.zone)).astimezone(when.at.tzinfo)
    return When(local=local.isoformat(timespec="minutes"), zone=when.zone, at=at)
