"""Quiet weeks as authors write them, ``2027-07-01..2027-07-31``."""

from __future__ import annotations

from datetime import date, datetime

from exchange.plan import QuietWeeks
from plans.clock import MORNING, read_moment
from plans.faults import Misread
from plans.said import said
from plans.section import Section


def read_quiet_weeks(top: Section) -> tuple[QuietWeeks, ...]:
    """The plan's quiet weeks, the earliest first."""
    found = []
    for words, line in top.lines("quiet_weeks"):
        try:
            found.append(_span(words))
        except Misread as why:
            top.note("quiet_weeks", str(why), line)
    return tuple(sorted(found, key=lambda weeks: weeks.first))


def _span(words: str) -> QuietWeeks:
    first, dots, last = words.partition("..")
    if not dots or ":" in words:
        no = "“{words}” is no span of days; write its first and its last day like 2027-07-01..2027-07-31."
        raise Misread(said(no, words=words))
    weeks = QuietWeeks(first=_day(first), last=_day(last))
    if weeks.last < weeks.first:
        raise Misread(said("“{words}” ends before it begins; write the earlier day first.", words=words))
    return weeks


def _day(words: str) -> date:
    return datetime.fromisoformat(read_moment(words, "UTC", MORNING).local).date()
