"""What is wrong with a paper that came in: where it stands, what it is, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from plans.said import Several, said


@dataclass(frozen=True)
class Fault:
    """One fault of a plan or of the list beside it."""

    file: str
    """The file's name as people know it, e.g. ``plan.yaml``."""
    line: int
    """The line in a plan, the row in a list; counted from 1. 0 where it concerns the whole file."""
    field: str
    """The path of the field, e.g. ``steps.visits.slots.spring.begins``; empty where it concerns the whole file."""
    sentence: str
    """What is wrong and how to mend it."""
    severity: Literal["error", "warning"] = "error"
    """An ``error`` keeps the cycle from being started; a ``warning`` does not."""
    at_start: bool = False
    """Whether it follows from the moment of the start, so that an earlier check could not have known it."""
    unwritten: bool = False
    """Whether words stand there that ``kierros new`` wrote to be replaced."""

    @property
    def place(self) -> str:
        """Where to look, in the form that editors and terminals make clickable: ``plan.yaml:12``."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def line_of_list(self) -> str:
        """The fault where several are listed: a warning is told apart from what must be mended."""
        return str(self) if self.severity == "error" else f"{self} (a warning)"

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        return f"{self.place}: {field}{self.sentence}"


class PlanFaults(Exception):
    """A plan cannot be taken as it is. ``faults`` holds every reason at once, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = in_order(faults)
        first, more = shown(self.faults)
        lines = [fault.line_of_list for fault in first]
        super().__init__("\n".join([*lines, f"… and {more} more"] if more else lines))


class Misread(ValueError):
    """A value is not in a notation we know. ``str()`` is the sentence: what it is, and what is expected."""


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Faults without doubles: the plan's before its list's, each in the order of lines."""
    unique = dict.fromkeys(faults)
    return tuple(
        sorted(unique, key=lambda f: (f.file.endswith((".csv", ".xlsx")), f.file, f.line, f.field, f.sentence))
    )


MOST = 50
"""So many faults are shown at a time: whoever has mended these sees the next."""


def shown(faults: Iterable[Fault]) -> tuple[list[Fault], int]:
    """The faults to show, and how many more there are; where they are too many, warnings come last."""
    every = list(faults)
    if len(every) > MOST:
        every.sort(key=lambda fault: fault.severity != "error")
    return every[:MOST], max(0, len(every) - MOST)


def errors(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Those that keep a cycle from being started."""
    return tuple(fault for fault in faults if fault.severity == "error")


def did_you_mean(word: str, known: Iterable[str], *, near: float = 0.6) -> str:
    """`` Did you mean “capacity”?`` with a leading space, or nothing when no known word is ``near`` (1 is the same)."""
    spelt = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), spelt, n=1, cutoff=near)
    return said(" Did you mean “{word}”?", word=spelt[found[0]]) if found else ""


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words as a sentence lists them: ``a, b and c``."""
    return Several(words, last)
