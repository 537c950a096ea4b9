"""What a coordinator does who comes too late: she moves the date as the refusal says, and with it what follows.

The letters are then made anew, and wait for her approval under another decision.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from exchange.plan import When
from exchange.state import Cycle
from tests.engine.installation import KRISTINA, Installation

FIRST = re.compile(r"first \(`kierros move (\S+) (\S+) WHEN(?: --slot (\S+))?`\)")
"""How a refusal says what has to move before anything else."""
BOTH = re.compile(r"In (\S+), \S+ would no longer come before (\S+)\. Move both")
IN_TIME = timedelta(seconds=30)
"""So far ahead of now a date is put, so that the letters are made anew and approved by then; twice as far each time
that this was not enough, for a machine that is busy."""


@dataclass(frozen=True)
class Date:
    """A date of a plan, as `kierros move` names it."""

    step: str
    field: str
    slot: str = ""

    def standing(self, state: Cycle) -> When:
        if self.slot:
            return state.slot_of(self.step, self.slot)[1].begins
        when: When = getattr(state.plan.step(self.step), self.field)
        return when


def too_late(said: str) -> Date | None:
    """The date that a refused approval asks to be moved; None where it was refused for another reason."""
    found = FIRST.search(said)
    return Date(found[1], found[2], found[3] or "") if found else None


def put_off(here: Installation, cycle: str, what: Date, times: int = 0) -> str:
    """Moves the date, and first what order asks for; all by as many days of the plan.

    Args:
        here: the installation.
        cycle: its cycle.
        what: the date that has gone by.
        times: how often something was put off before.

    Returns:
        Empty once it has moved, or what the last refusal said.
    """
    state = here.cycle(cycle)
    late = datetime.now(UTC) + IN_TIME * 2**times - what.standing(state).at
    return _move(here, cycle, what, max(1, math.ceil(late.total_seconds() / state.day)), most=12)


def _move(here: Installation, cycle: str, what: Date, days: int, most: int) -> str:
    said = ""
    for _ in range(most):
        to = date.fromisoformat(what.standing(here.cycle(cycle)).local[:10]) + timedelta(days=days)
        of = ("--slot", what.slot) if what.slot else ()
        why = ("--yes", "--anyway", "--reason", "We are late")  # the group's other visits move next
        moved = here.run("move", what.step, what.field, str(to), *of, *why, "--cycle", cycle, acting=KRISTINA)
        if moved.code == 0:
            return ""
        said = moved.said
        first = too_late(said) or _other_end(said)
        if first is None or first == what or _move(here, cycle, first, days, most - 1):
            break
    return said


def _other_end(said: str) -> Date | None:
    """The end of a span whose beginning may not move alone."""
    found = BOTH.search(said)
    return Date(found[1], found[2]) if found else None
