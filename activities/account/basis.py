"""What every chapter of the account is written with: the plan's words, and its moments."""

from __future__ import annotations

from exchange.base import Model

Words = dict[str, str]
"""The plan's own words in its first language and in English, e.g. ``{"fi": "Johtaminen", "en": "Management"}``."""


class Point(Model):
    """A moment of the plan, as people agreed on it."""

    local: str
    """Wall-clock time at the place, ISO 8601, e.g. ``2012-03-20T10:00``."""
    zone: str
    """IANA zone, e.g. ``Europe/Kaliningrad``."""


class Span(Model):
    """From when to when."""

    begins: Point
    ends: Point
