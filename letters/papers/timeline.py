"""The year as a picture: where each step lies between the first month and the last, in percent of the width.

Positions only; the page draws them. Dates are the plan's local ones, so a practice run shows the year it plays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from babel.dates import format_skeleton

THINNEST = 0.6
"""Percent of the width: a day's seminar in a year would be too thin to see."""

ROW, HEAD, BAR = 46, 26, 12
"""Heights in pixels: of a step, of the months, of a bar."""


@dataclass(frozen=True)
class Month:
    """One month on the scale; ``x`` and ``width`` in percent."""

    name: str
    letter: str
    x: str
    width: str
    new_year: str
    """The year's number, where one begins here."""


@dataclass(frozen=True)
class Place:
    """One mark; ``x``, ``width`` and ``middle`` in percent."""

    mark: Mapping[str, Any]
    x: str
    width: str
    middle: str
    moment: bool


@dataclass(frozen=True)
class Line:
    """One step's line; ``y`` in pixels from the top."""

    row: Mapping[str, Any]
    y: int
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Picture:
    """Everything the page draws."""

    months: tuple[Month, ...]
    lines: tuple[Line, ...]
    height: int


def timeline(rows: Sequence[Mapping[str, Any]]) -> Picture | None:
    """The picture of the calendar's rows; None where there is no date to show."""
    moments = [_local(mark["when"][end]) for row in rows for mark in row["marks"] for end in ("begins", "ends")]
    if not moments:
        return None
    edges = list(_edges(min(moments), max(moments)))
    scale = _Scale(edges[0], edges[-1])
    months = tuple(_month(scale, a, b, first=a is edges[0]) for a, b in pairwise(edges))
    lines = tuple(
        Line(row, HEAD + number * ROW, tuple(scale.place(mark) for mark in row["marks"]))
        for number, row in enumerate(rows)
    )
    return Picture(months, lines, HEAD + len(lines) * ROW + 4)


def _edges(first: datetime, last: datetime) -> Iterator[datetime]:
    """The first days of the months, from that of ``first`` to the one after ``last``."""
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield datetime(year, month, 1)  # noqa: DTZ001 - a wall-clock date of the plan
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    yield datetime(year, month, 1)  # noqa: DTZ001 - (likewise)


def _month(scale: _Scale, begins: datetime, ends: datetime, *, first: bool) -> Month:
    name = format_skeleton("MMM", begins, locale="en_GB")
    x, width = scale.at(begins), scale.at(ends) - scale.at(begins)
    return Month(name, name[0], f"{x:.2f}", f"{width:.2f}", str(begins.year) if first or begins.month == 1 else "")


class _Scale:
    """From wall-clock time to percent of the width."""

    def __init__(self, begins: datetime, ends: datetime) -> None:
        self._begins, self._length = begins, (ends - begins).total_seconds()

    def at(self, moment: datetime) -> float:
        return 100 * (moment - self._begins).total_seconds() / self._length

    def place(self, mark: Mapping[str, Any]) -> Place:
        x, end = self.at(_local(mark["when"]["begins"])), self.at(_local(mark["when"]["ends"]))
        width = max(end - x, THINNEST)
        moment = mark["when"]["begins"] == mark["when"]["ends"]
        return Place(mark, f"{x:.2f}", f"{width:.2f}", f"{x if moment else x + width / 2:.2f}", moment)


def _local(point: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(point["local"])
