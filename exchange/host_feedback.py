"""What a host says of the visit that it has received: signed, once held, and as often as it likes; the last counts.

Nothing follows from it: it stands in the report beside what the participants say. The words themselves are rows of the
record. Source: seeds 000 (the libraries on both sides tell what they take from an exchange).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from exchange.base import Command, Event, Refusal
from exchange.booking import Heard

if TYPE_CHECKING:
    from exchange.state import Cycle

Rating = Literal["1", "2", "3", "4", "5"]


class GiveHostFeedback(Command):
    """A host tells how the visit went."""

    host: str
    step: str
    slot: str
    rating: Rating
    """How much the visit gave its own library: from 1, nothing, to 5, very much."""
    gained: str = ""
    """Reference of what it took from the visit."""
    better: str = ""
    """Reference of what the next group should do differently."""


class HostFeedbackGiven(Event):
    step: str
    slot: str
    host: str
    rating: Rating
    gained: str = ""
    better: str = ""


@dataclass(eq=False)
class NotVisited(Refusal):
    host: str
    slot: str

    def __str__(self) -> str:
        return (
            f"{self.host} has not received the visit {self.stay(self.slot)}, and feedback is asked of hosts that have."
        )


def decide(cycle: Cycle, command: GiveHostFeedback) -> list[Event]:
    booking = cycle.booking(command.step, command.slot)
    if booking.stage != "visited" or booking.host != command.host:
        raise NotVisited(command.host, command.slot)
    about = command.model_dump(include={"step", "slot", "host", "rating", "gained", "better"})
    return [HostFeedbackGiven(**command.said, **about)]


def evolve(cycle: Cycle, event: HostFeedbackGiven) -> Cycle:
    heard = Heard(at=event.at, rating=event.rating, gained=event.gained, better=event.better)
    booking = cycle.booking(event.step, event.slot).model_copy(update={"heard": heard})
    return cycle.with_booking(event.step, event.slot, booking)
