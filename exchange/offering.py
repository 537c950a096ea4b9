"""Offers: whenever a place is free, the next who waits and fits is offered it, whatever freed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exchange.base import Command, Event
from exchange.booking import VisitMoved
from exchange.desk import fitting
from exchange.moving import DateMoved
from exchange.registration import (
    CapacityChanged,
    DelegatesSelected,
    DelegateWithdrawn,
    OfferDeclined,
    OfferExpired,
    PlaceOffered,
)

if TYPE_CHECKING:
    from exchange.state import Cycle

MAY_FREE_PLACES = (
    DelegateWithdrawn, OfferDeclined, OfferExpired, CapacityChanged, DelegatesSelected, DateMoved, VisitMoved
)  # fmt: skip
"""After these somebody who waits may be offered a place; dates say how long places are offered."""


def offers(cycle: Cycle, command: Command) -> list[Event]:
    """Offers for every place that is free, to those who wait and fit, in their order."""
    events: list[Event] = []
    now = command.onward["at"]
    for step in cycle.desks_in_plan():
        desk, last = cycle.desk(step.id), cycle.offers_until(step)
        if last is not None and now >= last:
            continue
        until = now + step.offer_lasts if last is None else min(now + step.offer_lasts, last)
        events += [
            PlaceOffered(**command.onward, step=step.id, person=person, until=until)
            for person in fitting(desk, desk.free, step.per_library)
        ]
    return events
