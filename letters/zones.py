"""Time zones from the pinned data, never from the machine: the same letter shows the same times everywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from exchange.plan import When


class UnknownZone(ValueError):
    """No IANA zone of that name."""


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name, e.g. ``Europe/Kaliningrad``.

    Raises:
        UnknownZone: there is none in the pinned ``tzdata``.
    """
    parts = name.split("/")
    if not all(part and part.strip(".") for part in parts):
        raise UnknownZone(name)
    try:
        with files("tzdata").joinpath("zoneinfo", *parts).open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    except (OSError, ValueError):
        raise UnknownZone(name) from None


def at_place(when: When) -> datetime:
    """The moment as the clocks of its place show it, aware. Practice runs draw ``when.at`` together: not asked."""
    local = datetime.fromisoformat(when.local)
    there = zone(when.zone)
    twice = local.replace(tzinfo=there, fold=1)
    # of an hour that comes twice the instant says which one is meant, where it is the plan's own
    return twice if twice.astimezone(UTC) == when.at else local.replace(tzinfo=there)
