"""Places: confirmed up to the capacity, the rest on a waiting list that can explain every position.

Who asked first is served first, within the plan's priority of library kinds and its limit per library. A freed place is
offered to the next who fits; an offer expires once and goes on. Source: seeds 002 ("group of 15 people representing
national, regional and municipal public libraries"); TRUST invariants 7, 8, 11, 13.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime

from exchange.approval import Choose, Prompt, authorise, closed, opened
from exchange.base import TIME, Command, Due, Event, Model
from exchange.desk import Desk, Place, fitting, rank_of
from exchange.invitation import registered
from exchange.plan import Registration
from exchange.places import (
    AlreadyRegistered,
    BelowConfirmed,
    NoOffer,
    NotRegistered,
    PickNotWaiting,
    RegistrationClosed,
    RegistrationNotOpen,
    TooManyPicked,
)

if TYPE_CHECKING:
    from exchange.state import Cycle


class Register(Command):
    """A person asks for a place; ``home`` is the id of her library."""

    person: str
    home: str = ""
    step: str = ""
    """The registration step; the plan's only one when left out."""


class Withdraw(Command):
    person: str
    reason: str = ""


class AcceptOffer(Command):
    person: str


class DeclineOffer(Command):
    person: str


class ExpireOffer(Command):
    step: str
    person: str


class OpenDesk(Command):
    step: str


class CloseDesk(Command):
    step: str


class SetCapacity(Command):
    """Staff change the number of places; nobody is evicted."""

    step: str
    capacity: int
    reason: str = ""


class DeskOpened(Event):
    step: str


class DelegateRegistered(Event):
    """Confirmed (or, where staff select, taken as an application)."""

    step: str
    person: str
    home: str = ""
    applied: bool = False


class DelegateWaitlisted(Event):
    step: str
    person: str
    home: str = ""
    position: int


class DelegateWithdrawn(Event):
    step: str
    person: str
    reason: str = ""


class PlaceOffered(Event):
    step: str
    person: str
    until: AwareDatetime


class OfferAccepted(Event):
    step: str
    person: str


class OfferDeclined(Event):
    step: str
    person: str


class OfferExpired(Event):
    step: str
    person: str


class DelegatesSelected(Event):
    step: str
    people: tuple[str, ...]
    role: str = ""
    reason: str = ""


class CapacityChanged(Event):
    step: str
    capacity: int
    reason: str = ""


class DeskClosed(Event):
    step: str
    confirmed: int = 0
    waiting: int = 0


def _offers(cycle: Cycle, step: Registration, desk: Desk, command: Command, free: int) -> list[Event]:
    """Offers for the free places, to those who wait and fit, in their order."""
    if desk.capacity and step.places == "selected" and not desk.selected:
        return []
    last = cycle.offers_until(step)
    until = command.at + step.offer_lasts
    if last is not None:
        if command.at >= last:
            return []
        until = min(until, last)
    people = fitting(desk, free, step.per_library) if free > 0 else []
    return [
        PlaceOffered(at=command.at, actor=command.actor, cause=command.cause, step=step.id, person=person, until=until)
        for person in people
    ]


def _register(cycle: Cycle, command: Register) -> list[Event]:
    step = cycle.desk_step(command.step)
    desk = cycle.desk(step.id)
    if command.at > step.closes.at or desk.stage == "closed":
        raise RegistrationClosed(step.closes.at)
    if command.at < step.opens.at or desk.stage == "idle":
        raise RegistrationNotOpen(step.opens.at)
    if (place := desk.people.get(command.person)) is not None and place.live:
        raise AlreadyRegistered(command.person, place.state)
    said = {"at": command.at, "actor": command.actor, "cause": command.cause, "step": step.id}
    who = {"person": command.person, "home": command.home}
    if step.places == "selected":
        return [DelegateRegistered(**said, **who, applied=True)]
    taken_at_home = desk.by_home.get(command.home) or 0
    fits = step.per_library is None or taken_at_home < step.per_library
    if desk.free > 0 and fits:
        return [DelegateRegistered(**said, **who)]
    rank = rank_of(cycle.plan, step, command.home)
    return [DelegateWaitlisted(**said, **who, position=desk.ahead(rank) + 1)]


def _leave(cycle: Cycle, command: Withdraw | DeclineOffer | ExpireOffer | AcceptOffer) -> list[Event]:
    step, place = cycle.place(command.person)
    if step is None or place is None or not place.live:
        raise NotRegistered(command.person)
    desk = cycle.desk(step.id)
    said = {"at": command.at, "actor": command.actor, "cause": command.cause, "step": step.id, "person": command.person}
    if isinstance(command, Withdraw):
        event: Event = DelegateWithdrawn(**said, reason=command.reason)
        freed = 1 if place.holds else 0
        # whoever leaves may also free a place under the limit of her library, though she held none
        return [event, *_offers(cycle, step, desk.without(command.person, "withdrawn"), command, desk.free + freed)]
    if place.state != "offered":
        raise NoOffer(command.person, place.state)
    if isinstance(command, AcceptOffer):
        assert place.until is not None
        if command.at > place.until:
            raise NoOffer(command.person, "expired")
        return [OfferAccepted(**said)]
    if isinstance(command, ExpireOffer):
        gone: Event = OfferExpired(**said)
        after = desk.without(command.person, "expired")
    else:
        gone = OfferDeclined(**said)
        after = desk.without(command.person, "declined")
    return [gone, *_offers(cycle, step, after, command, desk.free + 1)]


def _close(cycle: Cycle, command: CloseDesk) -> list[Event]:
    step = cycle.desk_step(command.step)
    desk = cycle.desk(step.id)
    if desk.stage != "open":
        return []
    event = DeskClosed(
        at=command.at, actor=command.actor, cause=command.cause, step=step.id, confirmed=desk.confirmed, waiting=desk.waiting
    )
    if step.places != "selected" or desk.selected:
        return [event]
    ask = opened(
        command, f"select-{step.id}", step.select_within, about="select", step=step.id, role=step.select_role, options=("select",)
    )
    return [event, ask]


def select(cycle: Cycle, command: Choose, prompt: Prompt) -> list[Event]:
    """Staff name who gets a place; the others wait in the order in which they asked."""
    role = authorise(cycle, command.actor, prompt)
    step, desk = cycle.desk_step(prompt.step), cycle.desk(prompt.step)
    for person in command.picks:
        if (place := desk.people.get(person)) is None or place.state != "applied":
            raise PickNotWaiting(person)
    picks = tuple(dict.fromkeys(command.picks))
    if len(picks) > desk.capacity:
        raise TooManyPicked(len(picks), desk.capacity)
    said = {"at": command.at, "actor": command.actor, "cause": command.cause}
    return [
        closed(command, prompt.id, command.option, role, command.reason),
        DelegatesSelected(**said, step=step.id, people=picks, role=role, reason=command.reason),
    ]


def _resize(cycle: Cycle, command: SetCapacity) -> list[Event]:
    step = cycle.desk_step(command.step)
    desk = cycle.desk(step.id)
    cycle.demand(command.actor, "coordinator")
    if command.capacity < max(1, desk.taken):
        raise BelowConfirmed(command.capacity, desk.taken)
    event = CapacityChanged(
        at=command.at, actor=command.actor, cause=command.cause, step=step.id, capacity=command.capacity, reason=command.reason
    )
    return [event, *_offers(cycle, step, desk, command, command.capacity - desk.taken)]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    said = {"at": command.at, "actor": command.actor, "cause": command.cause}
    match command:
        case OpenDesk():
            return [DeskOpened(**said, step=command.step)] if cycle.desk(command.step).stage == "idle" else []
        case Register():
            return _register(cycle, command)
        case Withdraw() | AcceptOffer() | DeclineOffer() | ExpireOffer():
            return _leave(cycle, command)
        case CloseDesk():
            return _close(cycle, command)
        case SetCapacity():
            return _resize(cycle, command)
        case _:
            raise TypeError(command)


def _entered(cycle: Cycle, event: DelegateRegistered | DelegateWaitlisted) -> Cycle:
    step = cycle.desk_step(event.step)
    waits = isinstance(event, DelegateWaitlisted)
    state: Literal["confirmed", "waiting", "applied"] = "waiting" if waits else "confirmed"
    if isinstance(event, DelegateRegistered) and event.applied:
        state = "applied"
    place = Place(state=state, home=event.home, rank=rank_of(cycle.plan, step, event.home), since=event.at)
    return registered(cycle.with_desk(step.id, cycle.desk(step.id).enter(event.person, place)), event.person)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    desk = cycle.desk(event.step)  # type: ignore[attr-defined]  # every event of this part carries its step
    match event:
        case DelegateRegistered() | DelegateWaitlisted():
            return _entered(cycle, event)
        case DeskOpened():
            desk = desk.model_copy(update={"stage": "open"})
        case DeskClosed():
            desk = desk.model_copy(update={"stage": "closed"})
        case CapacityChanged():
            desk = desk.model_copy(update={"capacity": event.capacity})
        case DelegateWithdrawn():
            desk = desk.without(event.person, "withdrawn")
        case OfferDeclined():
            desk = desk.without(event.person, "declined")
        case OfferExpired():
            desk = desk.without(event.person, "expired")
        case PlaceOffered():
            desk = desk.offer(event.person, event.until)
        case OfferAccepted():
            desk = desk.accept(event.person)
        case DelegatesSelected():
            desk = desk.choose(event.people)
        case _:
            raise TypeError(event)
    return cycle.with_desk(event.step, desk)  # type: ignore[attr-defined]


def due(cycle: Cycle) -> list[Due]:
    """Opening, closing (once the invitations are out), and the end of each offer."""
    found = []
    for step in cycle.desks_in_plan():
        desk = cycle.desk(step.id)
        if desk.stage == "idle":
            found.append(Due(step.opens.at, OpenDesk(at=step.opens.at, actor=TIME, step=step.id), after_post=False))
        elif desk.stage == "open" and cycle.reached(step.id):
            found.append(Due(step.closes.at, CloseDesk(at=step.closes.at, actor=TIME, step=step.id)))
        for person, until in desk.offers:
            found.append(Due(until, ExpireOffer(at=until, actor=TIME, step=step.id, person=person)))
    return found
