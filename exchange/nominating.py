"""Nomination: within its limit a library decides whom it sends.

Everybody may ask until the registration closes. A library with no more askers than places sends them all; where more
ask than it has places, its contact chooses by a date, and silence sends those who asked first. The askers learn of
their own answer and of nobody else's. Whoever was nominated beyond the capacity waits before those who were not.
Source: seeds 002 ("group of 15 people representing national, regional and municipal public libraries").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime

from exchange import registration
from exchange.base import TIME, Command, Due, Event, Refusal
from exchange.desk import Desk, Nomination
from exchange.places import AlreadyRegistered
from exchange.plan import Registration
from exchange.registration import DelegatesSelected

if TYPE_CHECKING:
    from exchange.state import Cycle


class Nominate(Command):
    """A library's contact (or staff for her) names whom it sends; ``home`` is the library's id."""

    home: str
    people: tuple[str, ...]
    step: str = ""
    """The registration step; the plan's only one when left out."""
    newcomer: str = ""
    """A colleague who has not asked, whom the library sends all the same; she counts among its people."""


class LapseNomination(Command):
    """Time: a library's contact has not chosen."""

    step: str
    home: str


class NominationAsked(Event):
    step: str
    home: str
    limit: int
    until: AwareDatetime


class DelegatesNominated(Event):
    """A library has chosen; where its contact fell silent (``lapsed``), those who asked first."""

    step: str
    home: str
    people: tuple[str, ...]
    lapsed: bool = False


@dataclass(eq=False)
class NothingToNominate(Refusal):
    home: str

    def __str__(self) -> str:
        return f"{self.home} is not asked to choose: no more people ask for its places than it has, or it has chosen."


@dataclass(eq=False)
class NominationOver(Refusal):
    home: str
    until: datetime

    def __str__(self) -> str:
        return f"{self.home} could choose until {self.clock(self.until)}; those who asked first are sent."


@dataclass(eq=False)
class NotFromThere(Refusal):
    person: str
    home: str

    def __str__(self) -> str:
        return f"{self.person} does not ask for a place of {self.home}. Choose among those of that library who asked."


@dataclass(eq=False)
class MoreThanItsPlaces(Refusal):
    home: str
    chosen: int
    limit: int

    def __str__(self) -> str:
        return f"{self.home} has {self.limit} of the places and {self.chosen} were chosen. Choose fewer."


def asking(desk: Desk) -> dict[str, list[str]]:
    """Those who ask, by library, in the order of asking; whose library nobody knows stands alone."""
    found: dict[str, list[str]] = {}
    for person, place in desk.people.items():
        if place.state == "applied":
            found.setdefault(place.home or person, []).append(person)
    return found


def after_closing(cycle: Cycle, command: Command, step: Registration) -> list[Event]:
    """The libraries that must choose are asked; where none must, the places are given."""
    limit = step.per_library
    over = [home for home, people in asking(cycle.desk(step.id)).items() if limit is not None and len(people) > limit]
    until = command.onward["at"] + step.select_within
    asked: list[Event] = [
        NominationAsked(**command.onward, step=step.id, home=home, limit=limit or 0, until=until) for home in over
    ]
    return asked or [given(cycle, command, step)]


def given(cycle: Cycle, command: Command, step: Registration) -> DelegatesSelected:
    """The places go to the nominated, by the plan's priority and the order of asking; then the others wait."""
    desk = cycle.desk(step.id)
    sent = {person for home, people in asking(desk).items() for person in _sent(desk, home, people, step.per_library)}
    asked = [person for people in asking(desk).values() for person in people]
    first_come = [person for person in desk.people if person in set(asked)]
    nominated = [p for p in sorted(first_come, key=lambda p: desk.people[p].rank) if p in sent]
    people, then = tuple(nominated[: desk.free]), tuple(nominated[desk.free :])
    return DelegatesSelected(**command.onward, step=step.id, people=people, then=then)


def _sent(desk: Desk, home: str, people: list[str], limit: int | None) -> Sequence[str]:
    # a library that was not asked had no more askers than places; who had more time than others may have come since
    return desk.nominations[home].people if home in desk.nominations else people[:limit]


def _nominate(cycle: Cycle, command: Nominate) -> list[Event]:
    step = cycle.desk_step(command.step)
    desk = cycle.desk(step.id)
    asked = desk.nominations.get(command.home)
    if asked is None or asked.done or desk.selected:
        raise NothingToNominate(command.home)
    if command.at > asked.until:
        raise NominationOver(command.home, asked.until)
    people = tuple(dict.fromkeys((*command.people, *filter(None, [command.newcomer]))))
    brought = _brought(cycle, command, step)
    for event in brought:
        cycle = registration.evolve(cycle, event)
    for person in people:
        if person not in asking(cycle.desk(step.id)).get(command.home, ()):
            raise NotFromThere(person, command.home)
    limit = step.per_library or len(people)
    if len(people) > limit:
        raise MoreThanItsPlaces(command.home, len(people), limit)
    return [*brought, *_chosen(cycle, command, step, command.home, people)]


def _brought(cycle: Cycle, command: Nominate, step: Registration) -> list[Event]:
    """A colleague who has not asked is entered as one who has, so that her library can send her."""
    new = command.newcomer
    if not new or new in asking(cycle.desk(step.id)).get(command.home, ()):
        return []
    _, place = cycle.place(new)
    if place is not None and place.live:
        raise AlreadyRegistered(new, place.state)
    if cycle.plan.homes.get(new, command.home) != command.home:
        raise NotFromThere(new, command.home)
    return [registration.DelegateRegistered(**command.said, step=step.id, person=new, home=command.home, applied=True)]


def _chosen(
    cycle: Cycle, command: Command, step: Registration, home: str, people: tuple[str, ...], *, lapsed: bool = False
) -> list[Event]:
    event = DelegatesNominated(**command.said, step=step.id, home=home, people=people, lapsed=lapsed)
    after = evolve(cycle, event)
    open_still = any(not n.done for n in after.desk(step.id).nominations.values())
    return [event] if open_still else [event, given(after, command, step)]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case Nominate():
            return _nominate(cycle, command)
        case LapseNomination():
            step = cycle.desk_step(command.step)
            first = tuple(asking(cycle.desk(step.id)).get(command.home, ())[: step.per_library])
            return _chosen(cycle, command, step, command.home, first, lapsed=True)
        case _:
            raise TypeError(command)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case NominationAsked():
            asked = Nomination(until=event.until)
        case DelegatesNominated():
            before = cycle.desk(event.step).nominations[event.home]
            asked = before.model_copy(update={"people": event.people, "done": True})
        case _:
            raise TypeError(event)
    desk = cycle.desk(event.step)
    nominations = {**desk.nominations, event.home: asked}
    return cycle.with_desk(event.step, desk.model_copy(update={"nominations": nominations}))


def due(cycle: Cycle) -> list[Due]:
    """The end of each library's time to choose."""
    found = []
    for step in cycle.desks_in_plan():
        for home, asked in cycle.desk(step.id).nominations.items():
            if not asked.done:
                wish: dict[str, Any] = {"at": asked.until, "actor": TIME, "step": step.id, "home": home}
                found.append(Due(asked.until, LapseNomination(**wish)))
    return found
