"""Can you still come? Everybody with a place is asked when a visit that was confirmed moves, and says yes or no.

A yes changes nothing. A no gives her place back, as a withdrawal does: the places are for the journey as a whole, and
the next who waits is offered it. Whoever does not answer stays on the list; she is reminded once, and staff see who it
is. An answer says which date it is about; one about a date from which the visit has moved again does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from exchange.base import TIME, Command, Due, Event, Refusal
from exchange.booking import Booking
from exchange.calling import Call, out
from exchange.invitation import NothingToRemind
from exchange.places import NotRegistered
from exchange.plan import Slot, Visits, When
from exchange.registration import DelegateWithdrawn

if TYPE_CHECKING:
    from exchange.state import Cycle


class AnswerNewDate(Command):
    """Whether she can still come to a visit that has moved; ``reason`` is a text reference."""

    person: str
    comes: bool
    step: str = ""
    slot: str = ""
    """Which visit; needed only where she is asked about several."""
    when: When | None = None
    """The beginning that she was asked about; without it, the visit's as it stands."""
    reason: str = ""


class RemindComing(Command):
    """Time, or staff: remind those who have not said whether they can still come."""

    step: str
    slot: str


class DelegateStillComes(Event):
    step: str
    slot: str
    person: str


class DelegateCannotCome(Event):
    """The new date does not suit her; that she withdraws follows from it."""

    step: str
    slot: str
    person: str


class DelegatesReminded(Event):
    step: str
    slot: str
    count: int
    """How many are written to; 0 where its hour had passed when it was decided."""
    role: str = ""


@dataclass(eq=False)
class NotAskedAnew(Refusal):
    person: str

    def __str__(self) -> str:
        return (
            f"No visit of {self.person} has moved, so she is not asked whether she can still come. "
            "To give a place up there is `kierros withdraw`."
        )


@dataclass(eq=False)
class WhichVisit(Refusal):
    person: str
    slots: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.person} is asked about several visits ({', '.join(self.slots)}). Say which one with --slot."


@dataclass(eq=False)
class AboutAnEarlierDate(Refusal):
    person: str
    slot: str
    said: When
    stands: When

    def __str__(self) -> str:
        return (
            f"The answer of {self.person} is about {self.clock(self.said)}, and {self.stay(self.slot)} begins at "
            f"{self.clock(self.stands)} now. It does not count; a letter asks her about that date."
        )


@dataclass(eq=False)
class WhichDate(Refusal):
    person: str
    slot: str
    stands: When

    def __str__(self) -> str:
        return (
            f"{self.stay(self.slot)} has moved to {self.clock(self.stands)}, and the letter that asks {self.person} "
            "about that has not left yet. Say which date the answer is about, with --on DATE, or ask again in some "
            "hours. To give the place up there is `kierros withdraw`."
        )


@dataclass(eq=False)
class VisitHasBegun(Refusal):
    slot: str
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.stay(self.slot)} has begun already, so nobody is asked any more whether she can come."


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case AnswerNewDate():
            return _answer(cycle, command)
        case RemindComing():
            return _remind(cycle, command)
        case _:
            raise TypeError(command)


def _answer(cycle: Cycle, command: AnswerNewDate) -> list[Event]:
    desk, place = cycle.place(command.person)
    if desk is None or place is None or place.state != "confirmed":
        raise NotRegistered(command.person)
    step, slot, call = _asked(cycle, command)
    _check_date(cycle, command, slot, call)
    about: dict[str, Any] = {"step": step.id, "slot": slot.id, "person": command.person}
    if command.comes:
        return [] if call.people[command.person] else [DelegateStillComes(**command.said, **about)]
    leaves = DelegateWithdrawn(**command.said, step=desk.id, person=command.person, reason=command.reason)
    return [DelegateCannotCome(**command.said, **about), leaves]


def _asked(cycle: Cycle, command: AnswerNewDate) -> tuple[Visits, Slot, Call]:
    """The visit that the answer is about: the one named, or the only one about which she is asked."""
    found = [
        (step, slot, call)
        for step, slot, _, call in standing(cycle)
        if command.person in call.people and command.slot in {"", slot.id} and command.step in {"", step.id}
    ]
    awaited = [one for one in found if not one[2].people[command.person]] or found
    if not awaited:
        raise NotAskedAnew(command.person)
    if len(awaited) > 1 and command.comes:
        raise WhichVisit(command.person, tuple(slot.id for _, slot, _ in awaited))
    return awaited[0]


def _check_date(cycle: Cycle, command: AnswerNewDate, slot: Slot, call: Call) -> None:
    """Whether the answer is about the date as it stands.

    Raises:
        VisitHasBegun, AboutAnEarlierDate, WhichDate: it is not, or nobody can tell.
    """
    if command.at >= slot.begins.at:
        raise VisitHasBegun(slot.id)
    if command.when is not None and command.when.at != slot.begins.at:
        raise AboutAnEarlierDate(command.person, slot.id, command.when, slot.begins)
    # she answered before the visit moved, and it is decided only now
    if command.at < call.asked_at:
        raise AboutAnEarlierDate(command.person, slot.id, call.was[0], slot.begins)
    if command.when is None and not out(cycle, call, command.at):
        raise WhichDate(command.person, slot.id, slot.begins)


def standing(cycle: Cycle) -> list[tuple[Visits, Slot, Booking, Call]]:
    """The confirmed visits about which the group has been asked."""
    return [
        (step, slot, booking, booking.call)
        for step in cycle.journeys()
        for slot in step.slots
        if (booking := cycle.booking(step.id, slot.id)).stage == "confirmed" and booking.call is not None
    ]


def _remind(cycle: Cycle, command: RemindComing) -> list[Event]:
    step, slot = cycle.slot_of(command.step, command.slot)
    booking = cycle.booking(step.id, slot.id)
    about: dict[str, Any] = {"step": step.id, "slot": slot.id}
    call = booking.call if booking.stage == "confirmed" and command.at < slot.begins.at else None
    if command.actor == TIME:
        return [DelegatesReminded(**command.said, **about, count=call.open if call else 0)]
    role = cycle.demand(command.actor)
    if call is None or not call.open or not out(cycle, call, command.at):
        raise NothingToRemind(f"{step.id}/{slot.id}")
    cycle.demand_pause(f"{step.id}/{slot.id}", call.last_reminder or call.leaves, command.at)
    return [DelegatesReminded(**command.said, **about, count=call.open, role=role)]


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case DelegateStillComes():
            call = _call(cycle, event).answered(event.person)
        case DelegatesReminded():
            call = _call(cycle, event)
            last = event.at if event.count else call.last_reminder
            call = call.model_copy(update={"reminded": True, "last_reminder": last})
        case _:
            return cycle
    booking = cycle.booking(event.step, event.slot)
    return cycle.with_booking(event.step, event.slot, booking.model_copy(update={"call": call}))


def _call(cycle: Cycle, event: DelegateStillComes | DelegatesReminded) -> Call:
    call = cycle.booking(event.step, event.slot).call
    assert call is not None
    return call


def due(cycle: Cycle) -> list[Due]:
    """The one reminder to those who have not answered, as long after the letter as a host has until hers."""
    found = []
    for step, slot, _, call in standing(cycle):
        at = call.leaves + step.remind_after
        if call.open and not call.reminded and at < slot.begins.at:
            found.append(Due(at, RemindComing(at=at, actor=TIME, step=step.id, slot=slot.id)))
    return found
