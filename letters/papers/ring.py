"""The year as a ring, the report's emblem: twelve months clockwise from the top, and where the steps lie in them.

An ornament. Everything it shows stands in the page as text, so it is passed over when the page is read aloud.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, pi, sin
from typing import Any

OUTER, INNER = 86, 74
"""Radii: of what was held, and of what was open for answers; the drawing is 200 wide."""

SHORTEST = timedelta(days=4)
"""A day on a ring of a year would be too thin to see."""


@dataclass(frozen=True)
class Arc:
    """A piece of the ring: an SVG path, and what it is."""

    path: str
    kind: str


def ring(rows: Sequence[Mapping[str, Any]]) -> tuple[Arc, ...]:
    """The arcs of everything that lasted; none where the calendar is longer than a year and would overlap."""
    marks = [mark for row in rows for mark in row["marks"] if mark["done"]]
    spans = [(_local(mark["when"]["begins"]), _local(mark["when"]["ends"]), mark["id"]) for mark in marks]
    if not spans or max(e for _, e, _ in spans) - min(b for b, _, _ in spans) > timedelta(days=365):
        return ()
    return tuple(_arcs(spans))


def _arcs(spans: Sequence[tuple[datetime, datetime, str]]) -> Iterator[Arc]:
    for begins, ends, kind in spans:
        if kind in {"held", "open"}:
            radius = OUTER if kind == "held" else INNER
            yield Arc(arc(_turn(begins), _turn(max(ends, begins + SHORTEST)), radius), kind)


def months() -> tuple[str, ...]:
    """The twelve ticks: paths."""
    return tuple(f"M{_at(number / 12, 93)} L{_at(number / 12, 98 if number % 3 else 100)}" for number in range(12))


def arc(begins: float, ends: float, radius: int) -> str:
    """An SVG path along the circle, from one part of a turn to another."""
    around = (ends - begins) % 1
    large = 1 if around > 0.5 else 0
    return f"M{_at(begins, radius)} A{radius} {radius} 0 {large} 1 {_at(ends, radius)}"


def _turn(moment: datetime) -> float:
    """How much of its year has gone by: 0 on New Year's Day."""
    first = datetime(moment.year, 1, 1)  # noqa: DTZ001 - a wall-clock date of the plan
    return (moment - first) / timedelta(days=366)


def _at(turn: float, radius: int) -> str:
    angle = 2 * pi * turn
    return f"{100 + radius * sin(angle):.1f} {100 - radius * cos(angle):.1f}"


def _local(point: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(point["local"])
