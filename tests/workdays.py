"""A calendar for tests whose plans count from today."""

from __future__ import annotations

from datetime import date

from plans.free_days import is_weekend
from plans.timetable import OpenDays


class EveryWorkday(OpenDays):
    """A calendar without holidays and July, so that a test sees the same on every day of the year."""

    def is_open(self, day: date) -> bool:
        return not is_weekend(day)

    def is_free(self, day: date) -> bool:
        return not is_weekend(day)

    def _quiet(self, _day: date) -> bool:
        return False
