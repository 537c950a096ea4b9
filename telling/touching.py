"""Whom a decision touches: the letters that would follow from it, found by the rules themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from exchange.base import Event
from exchange.correspondence import ordered
from exchange.state import Cycle
from telling.counts import plural
from telling.names import Names

MOST = 8
"""So many people are named; of more, how many there are."""


def touched(state: Cycle, events: Iterable[Event], names: Names) -> tuple[int, list[str]]:
    """How many letters would go out, and a line for each kind with who gets it."""
    lines, letters = [], 0
    for mail in ordered(state, events):
        if mail.op not in {"send", "release"} or not mail.to:
            continue
        people = [names.who(person) for person in mail.to]
        letters += len(people)
        more = f" and {len(people) - MOST} more" if len(people) > MOST else ""
        kind = mail.kind.replace("_", " ")
        lines.append(f"{plural(len(people), 'letter')} ({kind}): {', '.join(people[:MOST])}{more}")
    return letters, lines
