"""A substitute: somebody of the same library takes the place of one who cannot come after all.

The place is the library's, so nobody on the waiting list is passed over by it. Source: TRUST invariant 7 (confirmed
never exceeds the capacity); DESIGN of places as libraries give them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exchange.base import Command, Event
from exchange.desk import Place, rank_of
from exchange.invitation import registered
from exchange.places import AlreadyRegistered, NotFromTheSameLibrary, NotRegistered

if TYPE_CHECKING:
    from exchange.state import Cycle


class Substitute(Command):
    """``by`` of the same library takes the place of ``person``; ``home`` is what is known of her library."""

    person: str
    by: str
    home: str = ""
    reason: str = ""


class DelegateSubstituted(Event):
    step: str
    person: str
    by: str
    home: str
    reason: str = ""


def decide(cycle: Cycle, command: Substitute) -> list[Event]:
    step, place = cycle.place(command.person)
    if step is None or place is None or place.state != "confirmed":
        raise NotRegistered(command.person)
    home = command.home or cycle.plan.homes.get(command.by, "")
    if not place.home or home != place.home or command.by == command.person:
        raise NotFromTheSameLibrary(command.person, command.by, place.home)
    _, other = cycle.place(command.by)
    if other is not None and other.holds:
        raise AlreadyRegistered(command.by, other.state)
    about: dict[str, Any] = {"step": step.id, "person": command.person, "by": command.by, "home": home}
    return [DelegateSubstituted(**command.said, **about, reason=command.reason)]


def evolve(cycle: Cycle, event: DelegateSubstituted) -> Cycle:
    cycle = cycle.with_entries_called_off(event.person)
    step = cycle.desk_step(event.step)
    desk = cycle.desk(step.id).without(event.person, "withdrawn")
    if (waits := desk.people.get(event.by)) is not None and waits.live:
        desk = desk.without(event.by, "withdrawn")
    place = Place(state="confirmed", home=event.home, rank=rank_of(cycle.plan, step, event.home), since=event.at)
    return registered(cycle.with_desk(step.id, desk.enter(event.by, place)), event.by)
