"""What a measurement says: numbers of ours beside those of the floor, and the goal."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    ours: Sequence[float]
    floor: Sequence[float] = ()
    unit: str = ""
    goal: float | None = None
    of: Literal["ours", "largest", "ratio"] = "ours"
    """What the goal is about: our median, our largest number, or the ratio of the medians."""
    least: bool = False
    """Whether the goal is a least number instead of a most."""
    floor_is: str = ""
    """What the floor is, in a few words."""

    @property
    def ratio(self) -> float | None:
        if not self.floor or not statistics.median(self.floor):
            return None
        return statistics.median(self.ours) / statistics.median(self.floor)

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        said = {"ours": statistics.median(self.ours), "largest": max(self.ours), "ratio": self.ratio}[self.of]
        if said is None:
            return None
        return said >= self.goal if self.least else said <= self.goal

    def data(self) -> dict[str, Any]:
        """The line as ``--json`` prints it."""
        return {
            "what": self.what, "unit": self.unit, "ours": _spread(self.ours), "floor": _spread(self.floor),
            "floor_is": self.floor_is, "ratio": self.ratio, "goal": self.goal, "goal_of": self.of,
            "goal_is": "least" if self.least else "most", "met": self.met,
        }  # fmt: skip


def _spread(numbers: Sequence[float]) -> dict[str, float] | None:
    if not numbers:
        return None
    return {"median": statistics.median(numbers), "min": min(numbers), "max": max(numbers), "runs": len(numbers)}


HEADS = ("", "ours", "floor", "ratio", "goal", "")
_PADS = (str.ljust, str.rjust, str.rjust, str.rjust, str.rjust, str.ljust)


def table(lines: Sequence[Line]) -> list[str]:
    """The lines in columns: medians, with smallest and largest where there are several."""
    rows = [HEADS, *(_cells(line) for line in lines)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    written = []
    for row in rows:
        first, *numbers, mark = (pad(cell, w) for pad, cell, w in zip(_PADS, row, widths, strict=True))
        written.append("  ".join([first, *numbers, mark]).rstrip())
    return written


def _cells(line: Line) -> tuple[str, ...]:
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    mark = {True: "met", False: "MISSED", None: ""}[line.met]
    return (line.what, _numbers(line.ours, line.unit), _numbers(line.floor, line.unit), ratio, _goal(line), mark)


def _goal(line: Line) -> str:
    if line.goal is None:
        return ""
    sign = "≥" if line.least else "≤"
    return f"ratio {sign} {line.goal:g}" if line.of == "ratio" else f"{sign} {line.goal:,g} {line.unit}".rstrip()


def _numbers(numbers: Sequence[float], unit: str) -> str:
    if not numbers:
        return ""
    said = f"{_plain(statistics.median(numbers))} {unit}".rstrip()
    if min(numbers) == max(numbers):
        return said
    return f"{said} ({_plain(min(numbers))}–{_plain(max(numbers))})"


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"


class Progress:
    """A line on stderr that says what is going on; on a terminal it is written over and over."""

    def __init__(self, name: str) -> None:
        self._name, self._since = name, time.monotonic()

    def __call__(self, doing: str) -> None:
        passed = time.monotonic() - self._since
        line = f"{self._name} ({passed:3.0f} s): {doing}"
        sys.stderr.write(f"\r\033[K{line}" if sys.stderr.isatty() else f"{line}\n")
        sys.stderr.flush()

    def done(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


class Watch:
    """Seconds that went by."""

    seconds: float = 0.0


@contextmanager
def watch() -> Iterator[Watch]:
    """Times what is inside."""
    found, since = Watch(), time.perf_counter()
    try:
        yield found
    finally:
        found.seconds = time.perf_counter() - since
