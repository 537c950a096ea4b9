"""The way of people's answers: into the cycle's inbox, which is the acknowledgement, and then what became of them.

Works while the engine is away: the answer is kept, counts from now, and is decided as soon as the engine runs.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.faults import Refused
from cli.terminal import progress, terminal
from exchange.base import Command
from telling.refusals import sentence_of

if TYPE_CHECKING:
    from store.models import Letterbox, Outcome, Receipt

PATIENCE = 5.0
"""Seconds to wait for the engine's decision; it takes a tenth of one when the engine runs."""


def send(cycle: str, wish: Command) -> Outcome | None:
    """Has one wish kept and waits a little for its decision; None while it is not decided.

    Raises:
        Refused: a rule said no.
    """
    from workers.entering import letterbox

    (receipt,) = taken(cycle, [letterbox(wish)])
    outcome = decided(cycle, receipt.number)
    if outcome is None:
        stands = terminal().store.cycle(cycle).phase == "suspended"
        then = "the suspended cycle goes on (kierros resume)" if stands else "the engine runs"
        terminal().say(f"Kept; it counts from now and will be decided when {then}.")
    elif outcome.state == "refused":
        raise Refused(sentence_of(outcome.name, outcome.facts, terminal().store.get_plan(cycle)))
    return outcome


def taken(cycle: str, items: Sequence[Letterbox]) -> list[Receipt]:
    """Has what was typed in kept, with the proof of who typed it in.

    Raises:
        Misused: nobody has signed in here.
        workers.entitled.NoRoleThere: she holds no role in the cycle.
        store.faults.StoreFault: it was not taken.
    """
    from cli.signed import hand
    from workers.entering import enter

    return enter(hand(), cycle, items)


def decided(cycle: str, number: int) -> Outcome | None:
    """What became of an inbox row, once it and all before it are decided; None where that takes too long."""
    outcome = terminal().store.outcome(cycle, number)
    if outcome is not None and outcome.state == "received" and waited_for(cycle, number):
        outcome = terminal().store.outcome(cycle, number)
    return None if outcome is None or outcome.state == "received" else outcome


def waited_for(cycle: str, number: int) -> bool:
    """Waits until the row is decided, as long as decisions are being taken. False where none is."""
    store, seen = terminal().store, -1
    if store.cycle(cycle).phase == "suspended":
        return False
    until = time.monotonic() + PATIENCE
    with progress("Waiting for the decision …"):
        while time.monotonic() < until:
            reached = store.cycle(cycle).decided_to
            if reached >= number:
                return True
            if reached > seen:
                seen, until = reached, time.monotonic() + PATIENCE
            time.sleep(0.05)
    return False
