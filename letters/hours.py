"""Quiet hours and quiet weeks: what can wait does not leave at night or in the holidays of its reader.

What somebody has just done something for (a confirmation), what calls something off or moves it, and what has a time
to answer of its own (an offer, a request to a host, a decision) leaves at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from exchange.overtaken import ASKS, REMINDERS
from exchange.plan import CyclePlan, Feedback, Invitations, QuietWeeks, Registration
from letters.zones import zone

MORNING, EVENING = time(8), time(20)
"""Reminders leave between these local times. Source: TRUST invariant 17."""

CAN_WAIT = REMINDERS | ASKS | {"thanks", "host_thanks", "no_place"}
"""Letter kinds that do not leave in quiet weeks."""


def may_leave(now: datetime, zone_name: str, kind: str, quiet: Iterable[QuietWeeks]) -> datetime | None:
    """When a letter that must wait may leave; None when it may leave now.

    Args:
        now: the instant (UTC).
        zone_name: the reader's IANA zone, or the plan's where hers is not known.
        kind: the letter's kind.
        quiet: the plan's quiet weeks.

    Returns:
        The first morning there that is not quiet, as an instant (UTC).
    """
    if kind not in CAN_WAIT:
        return None
    at = (next_morning(now, zone_name) if kind in REMINDERS else None) or now
    for weeks in sorted(quiet, key=lambda weeks: weeks.first):
        at = after_weeks(at, zone_name, weeks) or at
    return at if at > now else None


def held_until(plan: CyclePlan, kind: str, step: str, zone_name: str, now: datetime) -> datetime | None:
    """Until when a letter of the plan waits for its reader's morning or the end of quiet weeks; None: it may leave.

    A year that is drawn together for practice has neither. What is asked before a deadline does not wait past it:
    better in quiet weeks than never.

    Args:
        plan: with its quiet weeks, pace and deadlines.
        kind: the letter's kind.
        step: the step that it belongs to.
        zone_name: the reader's IANA zone, or the plan's where hers is not known.
        now: the instant (UTC).
    """
    if plan.pace < 1:
        return None
    later, deadline = may_leave(now, zone_name, kind, plan.quiet_weeks), _deadline(plan, step)
    if later is not None and kind in ASKS and deadline is not None and later >= deadline:
        return None
    return later


def _deadline(plan: CyclePlan, step: str) -> datetime | None:
    """When what an invitation or a survey asks for is over."""
    asked = next((s for s in plan.steps if s.id == step), None)
    if isinstance(asked, Invitations):
        asked = next((s for s in plan.steps if s.id == asked.registration), None)
    return asked.closes.at if isinstance(asked, Registration | Feedback) else None


def next_morning(now: datetime, zone_name: str) -> datetime | None:
    """When a reminder may leave that must wait for the morning; None when it may leave now.

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


def after_weeks(at: datetime, zone_name: str, weeks: QuietWeeks) -> datetime | None:
    """The morning after quiet weeks, as an instant (UTC); None where they do not hold the reader's date."""
    there = zone(zone_name)
    if not weeks.first <= at.astimezone(there).date() <= weeks.last:
        return None
    return datetime.combine(weeks.last + timedelta(days=1), MORNING, tzinfo=there).astimezone(UTC)
