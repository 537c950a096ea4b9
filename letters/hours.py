"""Quiet hours: a reminder does not leave at night in its reader's zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from letters.zones import zone

MORNING, EVENING = time(8), time(20)
"""Reminders leave between these local times. Source: TRUST invariant 17."""


def next_morning(now: datetime, zone_name: str) -> datetime | None:
    """When a reminder may leave that must wait; None when it may leave now.

    Args:
        now: the instant (UTC).
        zone_name: the reader's IANA zone, or the plan's where hers is not known.

    Returns:
        The next eight o'clock there, as an instant (UTC).
    """
    there = now.astimezone(zone(zone_name))
    if MORNING <= there.time() < EVENING:
        return None
    day = there.date() + timedelta(days=1 if there.time() >= EVENING else 0)
    return datetime.combine(day, MORNING, tzinfo=there.tzinfo).astimezone(UTC)
