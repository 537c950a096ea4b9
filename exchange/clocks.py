"""Moments compared as people read them: by the clocks of a place, not by instants alone."""

from __future__ import annotations

from datetime import datetime

from exchange.plan import When


def backwards(begins: When, ends: When) -> bool:
    """Whether the end does not come after the beginning, by the instants or, at one place, by its clocks.

    A practice run draws instants together, each by its own measure; what is wrong by the clocks is wrong all the same.
    """
    by_clock = begins.zone == ends.zone and _clock(ends) <= _clock(begins)
    return ends.at <= begins.at or by_clock


def _clock(when: When) -> datetime:
    return datetime.fromisoformat(when.local)
