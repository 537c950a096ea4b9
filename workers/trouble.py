"""What is wrong and needs a hand: letters that did not arrive, answers nobody can read, cycles that do not go on.

A decision that is overdue is none of it: it says so where it waits, and once is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from exchange.cycle import due
from exchange.emptiness import unattended
from exchange.plan import When
from exchange.state import Cycle
from store.store import Store
from telling.heldup import left_alone

LATE = timedelta(minutes=1)
"""So long after its hour something that was due has been decided, where anything decides."""

Kind = Literal[
    "failed", "suspect", "absent", "unfiled", "erasing", "sender",
    "newer", "still", "defect", "pending", "lost", "behind", "empty", "left",
]  # fmt: skip


@dataclass(frozen=True)
class Trouble:
    """One thing that needs a hand."""

    kind: Kind
    cycle: str = ""
    count: int = 0
    """Of letters."""
    about: str = ""
    """The decision or the step."""
    at: datetime | None = None
    """Since when."""
    why: str = ""
    begins: When | None = None
    """When the gathering begins that it is about."""


def of_the_record(store: Store) -> Iterator[Trouble]:
    """What did not arrive and is not settled, also of cycles that are over; and what keeps everything from leaving."""
    for lost in store.troubles():
        yield Trouble(lost.state, lost.cycle, lost.count)
    for left in store.overdue():
        yield Trouble("absent", left.cycle, left.count, at=left.since)
    for cycle, step in store.unfiled():
        yield Trouble("unfiled", cycle, about=step)
    for erasing in store.erasures(pending_only=True):
        yield Trouble("erasing", erasing.cycle, why=erasing.pending or "it has just begun")
    if why := store.sender_refused():
        yield Trouble("sender", why=why)


def of_cycle(store: Store, cycle: Cycle, moment: datetime) -> Iterator[Trouble]:
    """What is wrong with a cycle that is open."""
    own = cycle.plan.id
    if cycle.standstill is not None:
        yield Trouble("still", own, at=cycle.standstill.since)
        return
    for prompt in cycle.prompts.values():
        if prompt.about == "defect":
            yield Trouble("defect", own, about=prompt.id)
    if left_alone(cycle, moment) is not None:
        yield Trouble("left", own)
    elif (alone := unattended(cycle, moment)) is not None:
        yield Trouble("empty", own, about=alone.step, begins=alone.begins)
    engine, entries = store.cycle(own).engine, due(cycle)
    if engine == "pending":
        yield Trouble("pending", own)
    elif engine == "lost":
        yield Trouble("lost", own)
    elif entries and entries[0].at <= moment - LATE:
        yield Trouble("behind", own, at=entries[0].at)
