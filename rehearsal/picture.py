"""The year as a picture: a lane for every step, its span as a bar, and on it letters, decisions and answers.

Positions are worked out here; the templates draw them. The SVG stands alone; the page holds it above the table, and
every mark leads to its line there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from math import sqrt

from jinja2 import Environment, PackageLoader, StrictUndefined

from exchange.plan import CyclePlan, Feedback, Invitations, Registration, Report, Seminar, Step, Visits, When
from rehearsal.lines import Line

WIDTH, LEFT, RIGHT, TOP, LANE = 1100, 210, 24, 64, 58
"""Of the picture, in its own units: whole width, room for names, margin, room for months, height of a lane."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Mark:
    """One line's place in the picture."""

    x: float
    y: float
    size: float
    kind: str
    words: str
    number: int
    """The line's number in the table."""


@dataclass(frozen=True)
class Bar:
    """A span within a lane."""

    x: float
    width: float
    words: str


@dataclass(frozen=True)
class Lane:
    """One step; ``y`` is its upper edge."""

    y: float
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Month:
    """One month on the scale; ``year`` where one begins here."""

    x: float
    width: float
    name: str
    year: str


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn."""

    width: int
    height: int
    title: str
    months: tuple[Month, ...]
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Page:
    """What the page says around the picture."""

    title: str
    subtitle: str
    totals: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    """How it was played, and what stands in the way of the year."""
    troubled: bool
    lines: tuple[Line, ...]


def draw(plan: CyclePlan, lines: Sequence[Line], title: str) -> Picture:
    """The picture of a year.

    Args:
        plan: as it stands at the end, moved dates in it.
        lines: from :func:`rehearsal.lines.lines`.
        title: what it is called.
    """
    spans = {step.id: tuple(_spans(step)) for step in plan.steps}
    moments = [_local(when) for found in spans.values() for pair in found for when in pair[:2]]
    moments += [line.local.replace(tzinfo=None) for line in lines]
    edges = list(_edges(min(moments), max(moments)))
    scale = _Scale(edges[0], edges[-1])
    lanes = tuple(
        Lane(TOP + n * LANE, _name(step), tuple(_bar(scale, *span) for span in spans[step.id]))
        for n, step in enumerate(plan.steps)
    )
    where = {step.id: TOP + n * LANE for n, step in enumerate(plan.steps)}
    months = tuple(_month(scale, a, b, first=a is edges[0]) for a, b in pairwise(edges))
    height = TOP + (len(plan.steps) + 1) * LANE
    last = Lane(TOP + len(plan.steps) * LANE, "Everybody", ())
    return Picture(WIDTH, height, title, months, (*lanes, last), tuple(_marks(scale, lines, where, last.y)))


def svg(picture: Picture) -> str:
    """The picture alone."""
    return _templates().get_template("year.svg.j2").render(p=picture, links=False)


def page(picture: Picture, said: Page) -> str:
    """The picture with its table, as one page of HTML that fetches nothing and runs nothing."""
    return _templates().get_template("year.html.j2").render(p=picture, links=True, page=said)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("rehearsal", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Scale:
    """From wall-clock time to the picture's units."""

    def __init__(self, begins: datetime, ends: datetime) -> None:
        self._begins, self._length = begins, (ends - begins).total_seconds()

    def at(self, moment: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (moment - self._begins).total_seconds() / self._length, 1)


def _marks(scale: _Scale, lines: Sequence[Line], where: dict[str, int], otherwise: float) -> Iterator[Mark]:
    above = {"letter": 14.0, "decision": 44.0, "answer": 29.0, "event": 29.0, "trouble": 29.0}
    for number, line in enumerate(lines, 1):
        x, y = scale.at(line.local.replace(tzinfo=None)), where.get(line.step, otherwise) + above[line.kind]
        size = min(9.0, 3 + sqrt(line.count)) if line.kind == "letter" else 3.0
        words = f"{line.local.day} {MONTHS[line.local.month - 1]}: {line.words}"
        yield Mark(x, y, round(size, 1), line.kind, words, number)


def _bar(scale: _Scale, begins: When, ends: When, words: str) -> Bar:
    x, end = scale.at(_local(begins)), scale.at(_local(ends))
    return Bar(x, max(round(end - x, 1), 3.0), words)


def _spans(step: Step) -> Iterator[tuple[When, When, str]]:
    match step:
        case Invitations():
            yield step.prepare, step.prepare, "letters made ready"
        case Registration() | Feedback():
            yield step.opens, step.closes, "open"
        case Seminar():
            yield step.begins, step.ends, "held"
        case Visits():
            for slot in step.slots:
                yield slot.begins, slot.ends, slot.id
        case Report():
            yield step.due, step.due, "due"


def _edges(first: datetime, last: datetime) -> Iterator[datetime]:
    """The first days of the months, from that of ``first`` to the one after ``last``."""
    edge = first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while edge <= last:
        yield edge
        edge = (edge + timedelta(days=32)).replace(day=1)
    yield edge


def _month(scale: _Scale, begins: datetime, ends: datetime, *, first: bool) -> Month:
    x = scale.at(begins)
    year = str(begins.year) if first or begins.month == 1 else ""
    return Month(x, round(scale.at(ends) - x, 1), MONTHS[begins.month - 1], year)


def _name(step: Step) -> str:
    return step.title.get("en") or next(iter(step.title.values()), step.id)


def _local(when: When) -> datetime:
    return datetime.fromisoformat(when.local)
