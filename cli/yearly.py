"""A plan's year as a calendar on the terminal: a row for each month, the days in a strip, what begins beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rich.table import Table
from rich.text import Text

from cli.show import cell, table
from exchange.plan import CyclePlan, Feedback, Invitations, Registration, Report, Seminar, Slot, Step, Visits, When
from telling.names import in_english
from telling.times import MONTHS

_DAY, _OPEN, _HELD = "•", "─", "█"
_STYLES = {_DAY: "yellow", _OPEN: "cyan", _HELD: "green"}


@dataclass(frozen=True)
class Entry:
    """Something in the calendar, on its days at the place."""

    first: date
    last: date
    mark: str
    words: str


def calendar(plan: CyclePlan) -> Table:
    """All months from the first date of a plan to its last."""
    entries = sorted(_entries(plan), key=lambda entry: (entry.first, entry.last))
    page = table("", "1   5    10   15   20   25   30", "")
    for month in _months(entries):
        begun = [entry for entry in entries if _first(entry.first) == month]
        words = "\n".join(f"{entry.first.day:>2} {entry.words}" for entry in begun)
        page.add_row(cell(f"{MONTHS[month.month - 1]} {month.year}", "bold"), _strip(month, entries), cell(words))
    return page


def _months(entries: list[Entry]) -> Iterator[date]:
    month = _first(min((entry.first for entry in entries), default=date.max))
    while entries and month <= max(entry.last for entry in entries):
        yield month
        month = _first(month + timedelta(days=31))


def _strip(month: date, entries: list[Entry]) -> Text:
    """A sign for each day: weekends blank, what is open a line, a single date a dot, what is held a block."""
    strip = Text()
    day = month
    while _first(day) == month:
        marks = {entry.mark for entry in entries if entry.first <= day <= entry.last}
        mark = next((mark for mark in (_HELD, _DAY, _OPEN) if mark in marks), " " if day.weekday() >= 5 else "·")
        strip.append(mark, _STYLES.get(mark, "dim"))
        day += timedelta(days=1)
    return strip


def _entries(plan: CyclePlan) -> Iterator[Entry]:
    for step in plan.steps:
        yield from _of(step, plan)


def _of(step: Step, plan: CyclePlan) -> Iterator[Entry]:
    title = in_english(step.title, step.id)
    match step:
        case Invitations():
            yield _dot(step.prepare, "Invitations are made ready")
        case Registration():
            yield _span(step.opens, step.closes, _OPEN, f"{title} until {_short(step.closes)}")
        case Seminar():
            yield _dot(step.announce, f"Programme: {title}")
            yield _span(step.begins, step.ends, _HELD, title)
        case Visits():
            yield _dot(step.prepare, "Hosts are asked")
            yield from (_stay(slot, plan) for slot in step.slots)
        case Feedback():
            yield _span(step.opens, step.closes, _OPEN, f"{title} until {_short(step.closes)}")
        case Report():
            yield _dot(step.due, title)


def _stay(slot: Slot, plan: CyclePlan) -> Entry:
    host = plan.organisation(slot.candidates[0].host) if slot.candidates else None
    return _span(slot.begins, slot.ends, _HELD, f"Visit: {in_english(host.name, host.id) if host else slot.id}")


def _dot(when: When, words: str) -> Entry:
    return _span(when, when, _DAY, words)


def _span(begins: When, ends: When, mark: str, words: str) -> Entry:
    return Entry(_day(begins), _day(ends), mark, words)


def _day(when: When) -> date:
    return datetime.fromisoformat(when.local).date()


def _short(when: When) -> str:
    return f"{_day(when).day} {MONTHS[_day(when).month - 1]}"


def _first(day: date) -> date:
    return day.replace(day=1)
