"""Places: confirmed up to the capacity, the rest on a waiting list that can explain every position.

Who asked first is served first, within the plan's priority of library kinds and its limit per library. Whenever a place
is free, it is offered to the next who fits; an offer expires once and goes on. Source: seeds 002 ("group of 15 people
representing national, regional and municipal public libraries"); TRUST invariants 7, 8, 11, 13.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, assert_never

from pydantic import AwareDatetime

from exchange.base import TIME, Command, Due, Event
from exchange.desk import Desk, Place, at_limit, fitting, rank_of
from exchange.invitation import AlreadyTakesPart, NotInvited, declined, registered
from exchange.places import (
    AlreadyRegistered,
    BelowConfirmed,
    NoOffer,
    NotFromTheSameLibrary,
    NotRegistered,
    RegistrationClosed,
    RegistrationNotOpen,
)
from exchange.plan import Registration
from exchange.prompt import opened

if TYPE_CHECKING:
    from exchange.state import Cycle


class Register(Command):
    """A person asks for a place; ``home`` is the id of her library."""

    person: str
    home: str = ""
    """When left out, what the people list says."""
    step: str = ""
    """The registration step; the plan's only one when left out."""
    instead_of: str = ""
    """Somebody of the same library who is invited, and declines with it."""


class Withdraw(Command):
    person: str
    reason: str = ""


class AcceptOffer(Command):
    person: str


class DeclineOffer(Command):
    person: str
    reason: str = ""


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
    instead_of: str = ""
    """Who was invited, and has declined with it."""


class DelegateWaitlisted(Event):
    step: str
    person: str
    home: str = ""
    position: int
    instead_of: str = ""


class DelegateWithdrawn(Event):
    step: str
    person: str
    reason: str = ""


class PlaceOffered(Event):
    step: str
    person: str
    until: AwareDatetime
    more: bool = False
    """Others wait who are owed a place: it is the last of as many as one decision offers."""


class OfferAccepted(Event):
    step: str
    person: str


class OfferDeclined(Event):
    step: str
    person: str
    reason: str = ""


class OfferExpired(Event):
    step: str
    person: str


class DelegatesSelected(Event):
    step: str
    people: tuple[str, ...]
    then: tuple[str, ...] = ()
    """Who waits before the others: nominated by their library, and beyond the capacity."""
    role: str = ""
    reason: str = ""


class CapacityChanged(Event):
    step: str
    capacity: int
    role: str = ""
    reason: str = ""


class DeskClosed(Event):
    step: str
    confirmed: int = 0
    waiting: int = 0


At = (
    DeskOpened | DeskClosed | CapacityChanged | DelegateWithdrawn | OfferDeclined | OfferExpired | PlaceOffered
    | OfferAccepted | DelegatesSelected
)  # fmt: skip
"""What changes the book of a desk where people are already."""


def _fits(step: Registration, desk: Desk, home: str) -> bool:
    """Whether a newcomer takes a place at once, and passes over nobody who waits and could have it.

    Once nothing is offered any more, such a one may wait beside a free place.
    """
    return desk.free > 0 and not at_limit(desk, home, step.per_library) and not fitting(desk, 1, step.per_library)


def own_time(desk: Desk, command: Register) -> bool:
    """Whether she was given more time to answer than others, and asks for the first time within it."""
    asked = command.instead_of or command.person
    given = desk.extended.get(asked)
    stood = asked in desk.people or command.person in desk.people
    return given is not None and command.at <= given.until and not stood


def _register(cycle: Cycle, command: Register) -> list[Event]:
    step = cycle.desk_step(command.step)
    desk = cycle.desk(step.id)
    if (command.at > step.closes.at or desk.stage == "closed") and not own_time(desk, command):
        given = desk.extended.get(command.person)
        raise RegistrationClosed(max(step.closes.at, given.until) if given else step.closes.at)
    if command.at < step.opens.at:
        raise RegistrationNotOpen(step.opens.at)
    _, place = cycle.place(command.person)
    if place is not None and place.live:
        raise AlreadyRegistered(command.person, place.state)
    # an answer counts by when it was received, though the opening itself is only decided after it
    opening: list[Event] = [DeskOpened(**command.said, step=step.id)] if desk.stage == "idle" else []
    home = command.home or cycle.plan.homes.get(command.person, "")
    _demand_invited(cycle, command, home)
    who: dict[str, Any] = {"step": step.id, "person": command.person, "home": home, "instead_of": command.instead_of}
    if step.places != "first_come" and not desk.selected:
        return [*opening, DelegateRegistered(**command.said, **who, applied=True)]
    if _fits(step, desk, home):
        return [*opening, DelegateRegistered(**command.said, **who)]
    position = desk.ahead(desk.turn_of(rank_of(cycle.plan, step, home))) + 1
    return [*opening, DelegateWaitlisted(**command.said, **who, position=position)]


def _demand_invited(cycle: Cycle, command: Register, home: str) -> None:
    """Whether she in whose place somebody is registered was invited, does not take part, and is of the same library.

    Raises:
        NotInvited, AlreadyTakesPart, NotFromTheSameLibrary: she was not, does, or is not.
    """
    other = command.instead_of
    if not other:
        return
    if not any(other in step.people for step in cycle.invitations()):
        raise NotInvited(other)
    if cycle.is_in(other):
        raise AlreadyTakesPart(other)
    hers = cycle.plan.homes.get(other, "")
    if not hers or hers != home or other == command.person:
        raise NotFromTheSameLibrary(other, command.person, hers)


def _leave(cycle: Cycle, command: Withdraw | AcceptOffer | DeclineOffer) -> list[Event]:
    step, place = cycle.place(command.person)
    if step is None or place is None or not place.live:
        raise NotRegistered(command.person)
    about: dict[str, Any] = {"step": step.id, "person": command.person}
    if isinstance(command, Withdraw):
        return [DelegateWithdrawn(**command.said, **about, reason=command.reason)]
    if place.state != "offered":
        raise NoOffer(command.person, place.state)
    if isinstance(command, DeclineOffer):
        return [OfferDeclined(**command.said, **about, reason=command.reason)]
    if place.until is not None and command.at > place.until:
        raise NoOffer(command.person, "expired")
    return [OfferAccepted(**command.said, **about)]


def _close(cycle: Cycle, command: CloseDesk) -> list[Event]:
    step = cycle.desk_step(command.step)
    desk = cycle.desk(step.id)
    event = DeskClosed(**command.said, step=step.id, confirmed=desk.confirmed, waiting=desk.waiting)
    if step.places != "selected":
        return [event]
    about: dict[str, Any] = {"about": "select", "step": step.id, "role": step.select_role, "options": ("select",)}
    return [event, opened(command, f"select-{step.id}", step.select_within, **about)]


def _resize(cycle: Cycle, command: SetCapacity) -> list[Event]:
    step, role = cycle.desk_step(command.step), cycle.demand(command.actor, "coordinator")
    taken = cycle.desk(step.id).taken
    if command.capacity < max(1, taken):
        raise BelowConfirmed(command.capacity, taken)
    return [CapacityChanged(**command.said, step=step.id, capacity=command.capacity, role=role, reason=command.reason)]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case OpenDesk():
            return [DeskOpened(**command.said, step=command.step)]
        case Register():
            return _register(cycle, command)
        case Withdraw() | AcceptOffer() | DeclineOffer():
            return _leave(cycle, command)
        case ExpireOffer():
            return [OfferExpired(**command.said, step=command.step, person=command.person)]
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
    desk = cycle.desk(step.id)
    rank = desk.turn_of(rank_of(cycle.plan, step, event.home))
    place = Place(state=state, home=event.home, rank=rank, since=event.at)
    cycle = registered(cycle.with_desk(step.id, desk.enter(event.person, place)), event.person)
    return declined(cycle, event.instead_of) if event.instead_of else cycle


def evolve(cycle: Cycle, event: Event) -> Cycle:
    if isinstance(event, DelegateRegistered | DelegateWaitlisted):
        return _entered(cycle, event)
    assert isinstance(event, At)
    desk = cycle.desk(event.step)
    match event:
        case DeskOpened():
            desk = desk.model_copy(update={"stage": "open"})
        case DeskClosed():
            desk = desk.model_copy(update={"stage": "closed"})
        case CapacityChanged():
            desk = desk.model_copy(update={"capacity": event.capacity})
        case DelegateWithdrawn():
            confirmed = desk.people[event.person].state == "confirmed"
            cycle = cycle.with_entries_called_off(event.person) if confirmed else cycle
            desk = desk.without(event.person, "withdrawn")
        case OfferDeclined():
            desk = desk.without(event.person, "declined")
        case OfferExpired():
            desk = desk.without(event.person, "expired")
        case PlaceOffered():
            desk = desk.offer(event.person, event.until, owed=event.at if event.more else None)
        case OfferAccepted():
            desk = desk.accept(event.person)
        case DelegatesSelected():
            desk = desk.choose(event.people, event.then)
        case _:
            assert_never(event)
    return cycle.with_desk(event.step, desk)


def due(cycle: Cycle) -> list[Due]:
    """Opening, closing (once the invitations are out), and the end of the offer that ends first."""
    found = []
    for step in cycle.desks_in_plan():
        desk = cycle.desk(step.id)
        if desk.stage == "idle":
            found.append(Due(step.opens.at, OpenDesk(at=step.opens.at, actor=TIME, step=step.id), after_post=False))
        elif desk.stage == "open" and cycle.reached(step.id):
            found.append(Due(step.closes.at, CloseDesk(at=step.closes.at, actor=TIME, step=step.id)))
        if desk.offers:
            person, until = desk.offers[0]
            found.append(Due(until, ExpireOffer(at=until, actor=TIME, step=step.id, person=person)))
    return found
