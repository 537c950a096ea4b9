"""Offers: whenever a place is free, the next who waits and fits is offered it, whatever freed it.

Where very many places are free at once, a decision offers some of them and time asks for the rest at once, so that no
decision and no recording grows with the waiting list. When no place can come free in time any more, those who still
wait are told so, once, and nothing is offered after that: what they were told stays true.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from exchange.base import TIME, Command, Due, Event
from exchange.booking import VisitMoved
from exchange.desk import fitting
from exchange.erasing import PersonErased
from exchange.moving import DateMoved
from exchange.plan import Registration
from exchange.registration import (
    CapacityChanged,
    DelegatesSelected,
    DelegateWithdrawn,
    OfferDeclined,
    OfferExpired,
    PlaceOffered,
)
from exchange.suspending import CycleResumed

if TYPE_CHECKING:
    from exchange.state import Cycle

AT_ONCE = 200
"""So many places one decision offers at most: its events and letters are recorded in one go."""


class OfferPlaces(Command):
    """Time: places are still owed to those who wait at the desk."""

    step: str


class OfferingContinued(Event):
    """The offers that a decision had left owed are made now."""

    step: str


class EndOffers(Command):
    """Time: no place of the desk can be offered any more."""

    step: str


class OffersEnded(Event):
    """So many still wait, and are told that no place can come for them any more."""

    step: str
    waiting: int


MAY_FREE_PLACES = (
    DelegateWithdrawn, OfferDeclined, OfferExpired, CapacityChanged, DelegatesSelected, DateMoved, VisitMoved,
    OfferingContinued, CycleResumed, PersonErased,
)  # fmt: skip
"""After these somebody who waits may be offered a place; dates say how long places are offered."""


def offers(cycle: Cycle, command: Command) -> list[Event]:
    """Offers for every place that is free, to those who wait and fit, in their order; none while all stands still.

    At most :data:`AT_ONCE` of them; the last then says that there are more, for which time asks at once. While some are
    owed so, nothing else offers any: they go in their turn.
    """
    if cycle.standstill is not None:
        return []
    owed: list[tuple[Registration, str, datetime]] = []
    now = command.onward["at"]
    if any(desk.owed for desk in cycle.desk_books.values()):
        return []
    for step in cycle.desks_in_plan():
        desk, last = cycle.desk(step.id), cycle.offers_until(step)
        if desk.over or (last is not None and now >= last):
            continue
        until = now + step.offer_lasts if last is None else min(now + step.offer_lasts, last)
        # one more than may be offered is looked for, to know whether more are owed
        room = min(desk.free, AT_ONCE + 1 - len(owed))
        owed += [(step, person, until) for person in fitting(desk, room, step.per_library)]
    made = owed[:AT_ONCE]
    more = len(owed) > len(made)
    return [
        PlaceOffered(**command.onward, step=step.id, person=person, until=until, more=more and number == len(made))
        for number, (step, person, until) in enumerate(made, 1)
    ]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case OfferPlaces():
            # the offers follow from that, as from any place that is free
            return [OfferingContinued(**command.said, step=command.step)]
        case EndOffers():
            return [OffersEnded(**command.said, step=command.step, waiting=cycle.desk(command.step).waiting)]
        case _:
            raise TypeError(command)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case OfferingContinued():
            return cycle.with_desk(event.step, cycle.desk(event.step).model_copy(update={"owed": None}))
        case OffersEnded():
            return cycle.with_desk(event.step, cycle.desk(event.step).model_copy(update={"over": True}))
        case _:
            raise TypeError(event)


def _ends(cycle: Cycle, step: Registration) -> datetime | None:
    """From when on nothing is offered to those who wait; None where nobody waits, or a date may still put it off."""
    desk, last = cycle.desk(step.id), cycle.offers_until(step)
    if desk.over or not desk.waiting or last is None or not cycle.settled(step.id):
        return None
    if step.offers_until is None and not _all_held(cycle):
        return None
    return max(last, step.closes.at)


def _all_held(cycle: Cycle) -> bool:
    """Whether no gathering and no stay is still to come, whose beginning could move."""
    stays = [cycle.booking(journey.id, slot.id) for journey in cycle.journeys() for slot in journey.slots]
    return all(stay.done for stay in stays) and all(cycle.settled(seminar.id) for seminar in cycle.seminars())


def due(cycle: Cycle) -> list[Due]:
    """The rest of the offers, at the moment when the last of them were made; then the end of all offers."""
    found = []
    for step in cycle.desks_in_plan():
        if (at := cycle.desk(step.id).owed) is not None:
            found.append(Due(at, OfferPlaces(at=at, actor=TIME, step=step.id), after_post=False))
        if (at := _ends(cycle, step)) is not None:
            found.append(Due(at, EndOffers(at=at, actor=TIME, step=step.id)))
    return found
