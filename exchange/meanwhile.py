"""Where the group is expected at the new time of a visit: known and meant, or the visit does not move there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exchange.hosts import TwoPlacesAtOnce
from exchange.plan import Slot, Visits, When

if TYPE_CHECKING:
    from exchange.state import Cycle


def overlap(begins: When, ends: When, others_begin: When, others_end: When) -> bool:
    return begins.at < others_end.at and others_begin.at < ends.at


def meanwhile(cycle: Cycle, step: Visits, slot: Slot, begins: When, ends: When) -> Iterator[tuple[str, str, str]]:
    """The group's other visits in these days that are not over: step, slot, and the host where there is one."""
    for journey in cycle.journeys():
        for other in journey.slots:
            stay = cycle.booking(journey.id, other.id)
            at_once = not stay.done and overlap(begins, ends, other.begins, other.ends)
            if at_once and (journey.id, other.id) != (step.id, slot.id):
                yield journey.id, other.id, stay.host


def in_one_place(cycle: Cycle, step: Visits, slot: Slot, begins: When, ends: When, *, anyway: bool) -> None:
    """Whether the group is with no other host in these days; ``anyway``: it is known, and meant.

    Raises:
        TwoPlacesAtOnce: it is.
    """
    elsewhere = tuple(f"{on}/{at}" for on, at, host in meanwhile(cycle, step, slot, begins, ends) if host)
    if elsewhere and not anyway:
        raise TwoPlacesAtOnce(f"{step.id}/{slot.id}", elsewhere)
