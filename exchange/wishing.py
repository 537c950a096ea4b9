"""A host's wish to move a visit that it has confirmed: the date stands, and staff decide.

They see who is affected and what clashes (:mod:`exchange.clashes`), and move the visit, keep its date, or ask another
host. While nobody decides, the visit stays where it is. A host that is told that the date stays may still say no; one
that says yes once more takes its wish back. Source: TRUST invariant 18.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exchange.base import Command, Event, Refusal
from exchange.booking import AnswerAsHost
from exchange.calling import same
from exchange.clocks import backwards
from exchange.hosts import AlreadyAnswered, ProposalIncomplete
from exchange.moving import AlreadyHappened, MovedIntoPast
from exchange.plan import Slot, Visits, When
from exchange.unsettled import ask_staff, left, wish_over

if TYPE_CHECKING:
    from exchange.state import Cycle


class MoveWished(Event):
    """A host that has confirmed asks for another time; the visit stays where it is until staff decide."""

    step: str
    slot: str
    host: str
    begins: When
    ends: When
    reason: str = ""


class DateKept(Event):
    """The visit stays where it is: staff say so, or the host takes its wish back."""

    step: str
    slot: str
    host: str
    role: str = ""
    reason: str = ""


@dataclass(eq=False)
class ThatIsItsDate(Refusal):
    host: str
    slot: str
    begins: When

    def __str__(self) -> str:
        stay = self.stay(self.slot)
        return f"{stay} begins at {self.clock(self.begins)} already, so there is nothing to move for {self.host}."


@dataclass(eq=False)
class WishedAlready(Refusal):
    host: str
    slot: str
    begins: When

    def __str__(self) -> str:
        return (
            f"{self.host} has wished to move {self.stay(self.slot)} to {self.clock(self.begins)} already, and that "
            "waits for a decision: `kierros waiting`. What else it has said is kept with `kierros note`."
        )


def span_of(command: AnswerAsHost) -> tuple[When, When]:
    """The time that a host proposes.

    Raises:
        ProposalIncomplete, MovedIntoPast: it names none that could be.
    """
    if command.begins is None or command.ends is None or backwards(command.begins, command.ends):
        raise ProposalIncomplete(command.host)
    if command.begins.at <= command.at:
        raise MovedIntoPast(command.begins)
    return command.begins, command.ends


def heard(cycle: Cycle, command: AnswerAsHost, step: Visits, slot: Slot) -> list[Event]:
    """What follows from the words of a host that has confirmed the visit, other than a no."""
    booking = cycle.booking(step.id, slot.id)
    about: dict[str, Any] = {"step": step.id, "slot": slot.id, "host": command.host}
    stale = wish_over(cycle, command, step.id, slot.id)
    if command.answer == "confirm":
        if booking.wish is None:
            raise AlreadyAnswered(command.host, slot.id, booking.stage)
        return [*stale, DateKept(**command.said, **about)]
    begins, ends = span_of(command)
    if slot.begins.at <= command.at:
        raise AlreadyHappened(step.id, slot.id)
    if same((begins, ends), (slot.begins, slot.ends)):
        raise ThatIsItsDate(command.host, slot.id, begins)
    if booking.wish is not None and same((begins, ends), booking.wish):
        raise WishedAlready(command.host, slot.id, begins)
    wished = MoveWished(**command.said, **about, begins=begins, ends=ends, reason=command.reason)
    options = ("move", "keep_date", *(("next",) if left(cycle, step, slot) else ()))
    asked = ask_staff(cycle, command, step, slot, command.host, *options, about="wish", begins=begins, ends=ends)
    return [*stale, wished, asked]


def kept(command: Command, step: Visits, slot: Slot, host: str, role: str, reason: str) -> Event:
    """Staff keep the date, and the host is told."""
    return DateKept(**command.said, step=step.id, slot=slot.id, host=host, role=role, reason=reason)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    assert isinstance(event, MoveWished | DateKept)
    booking = cycle.booking(event.step, event.slot)
    wish: dict[str, object] = {"wish": None, "why": ""}
    if isinstance(event, MoveWished):
        wish = {"wish": (event.begins, event.ends), "why": event.reason}
    return cycle.with_booking(event.step, event.slot, booking.model_copy(update=wish))
