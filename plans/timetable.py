"""The dates of a new plan, counted from its beginning: as a coordinator would set them, on working days.

Each date is counted from the one before it, so that a holiday or the weeks of July push on what comes later. The
distances are those that ``kierros check`` asks for: hosts three months ahead, eight weeks for visas, feedback on the
day after, the report six to eight weeks later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from plans.free_days import QUIET_MONTH, holiday, is_weekend

ANSWERING = 14
"""Days that hosts have to answer."""
CHOOSING = 7
"""Days that libraries have to choose whom they send."""


class OpenDays:
    """The days on which something can be done, and those on which people can gather."""

    def __init__(self, countries: Iterable[str] = ()) -> None:
        self._countries = tuple(countries)

    def is_open(self, day: date) -> bool:
        """Whether libraries work: no weekend, no July, no public holiday of the countries involved."""
        return not is_weekend(day) and day.month != QUIET_MONTH and not holiday(day, self._countries)[0]

    def is_free(self, day: date) -> bool:
        """Whether people can gather: an open day that does not lie around Christmas."""
        return self.is_open(day) and not self._christmas(day)

    def next(self, day: date) -> date:
        """The first free day from this one on: a letter at Christmas is read by nobody either."""
        while not self.is_free(day):
            day += timedelta(days=1)
        return day

    def stay(self, day: date, length: int = 1) -> Span:
        """The first days in a row from this one on; of what lasts over a week only the first and last must be free."""
        while True:
            last = day + timedelta(days=length - 1)
            days = [day + timedelta(days=number) for number in range(length)]
            outer = days if length < 7 else [day, last]
            if all(map(self.is_free, outer)) and not any(self._quiet(each) for each in days):
                return Span(day, last)
            day += timedelta(days=1)

    def _quiet(self, day: date) -> bool:
        return day.month == QUIET_MONTH or self._christmas(day)

    @staticmethod
    def _christmas(day: date) -> bool:
        return (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 7)


@dataclass(frozen=True)
class Span:
    """From one day to another, both included."""

    first: date
    last: date


@dataclass
class Timetable:
    """The dates of one plan."""

    days: OpenDays
    invite: date
    opens: date
    closes: date
    asked: date
    """When hosts are asked."""
    announced: list[date] = field(default_factory=list)
    """When the programme of each seminar goes out."""
    seminars: list[Span] = field(default_factory=list)
    stays: list[Span] = field(default_factory=list)
    asks: list[Span] = field(default_factory=list)
    """From when to when feedback is asked: between two workshops, and at the end."""
    report: date = date.min

    def seminar(self, announced: date, days_later: int) -> Span:
        """One seminar more."""
        self.announced.append(self.days.next(announced))
        self.seminars.append(self.days.stay(later(self.announced[-1], days_later)))
        return self.seminars[-1]

    def visits(self, count: int, length: int, earliest: date) -> None:
        """So many stays, each beginning on a Monday where it can, and never too soon for hosts and visas."""
        day = max(earliest, later(self.asked, 91), later(self.closes, 57))
        for _ in range(count):
            self.stays.append(self.days.stay(monday(day), length))
            day = later(self.stays[-1].last, 1)

    def ask(self, since: date) -> Span:
        """Feedback for two weeks."""
        opens = self.days.next(since)
        self.asks.append(Span(opens, self.days.next(later(opens, 14))))
        return self.asks[-1]

    def finish(self, last: date) -> Timetable:
        """Feedback from the day after the last gathering, and the report."""
        closed = self.ask(later(last, 1)).last
        self.report = self.days.next(max(later(last, 45), later(closed, 14)))
        return self


def begun(begins: date, days: OpenDays) -> Timetable:
    """Invitations on the first open Monday or soon after, six weeks to register, hosts asked meanwhile."""
    invite = days.next(monday(begins))
    opens = days.next(later(invite, 7))
    closes = days.next(later(opens, 35))
    asked = days.next(later(invite, 14))
    while 2 * sum(later(asked, number).month == QUIET_MONTH for number in range(ANSWERING + 1)) > ANSWERING:
        asked = days.next(later(asked, 7))
    return Timetable(days, invite, opens, closes, asked)


def three_step(begins: date, days: OpenDays, stays: int, choosing: int = 0) -> Timetable:
    """An introductory seminar, visits, a final seminar; ``choosing`` days after the close it is known who comes.

    Source: seeds 000.
    """
    table = begun(begins, days)
    seminar = table.seminar(later(table.closes, 1 + choosing), 13)
    table.visits(stays, 3, later(seminar.last, 28))
    return table.finish(table.seminar(later(table.stays[-1].last, 26), 14).last)


def study_trip(begins: date, days: OpenDays, stays: int) -> Timetable:
    """One journey with several stops, two days each. Source: seeds 001 and 004."""
    table = begun(begins, days)
    day = max(later(table.asked, 91), later(table.closes, 57))
    for number in range(stays):
        table.stays.append(days.stay(day if number else monday(day), 2))
        day = later(table.stays[-1].last, 1)
    return table.finish(table.stays[-1].last)


def workshops(begins: date, days: OpenDays, count: int, choosing: int = 0) -> Timetable:
    """Workshops a season apart; before each but the first is asked what was used of the last. Source: seeds 002."""
    table = begun(begins, days)
    held = table.seminar(later(table.closes, 1 + choosing), 13)
    for _ in range(count - 1):
        asked = table.ask(later(held.last, 56))
        held = table.seminar(later(asked.last, 1), 14)
    return table.finish(held.last)


def placement(begins: date, days: OpenDays, length: int = 19) -> Timetable:
    """One person at one host, from a Monday to the Friday nearly three weeks later. Source: seeds 001."""
    table = begun(begins, days)
    table.visits(1, length, table.closes)
    return table.finish(table.stays[-1].last)


def later(day: date, days: int) -> date:
    """So many days later."""
    return day + timedelta(days=days)


def monday(day: date) -> date:
    """The next Monday, the day itself included."""
    return later(day, -day.weekday() % 7)
