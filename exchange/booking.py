"""A slot's book: what hosts are asked and answer, and where each stay stands.

The decisions about it are in :mod:`exchange.visit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime

from exchange.base import Cents, Command, Event, Model, Refusal
from exchange.plan import CyclePlan, Visits, When

if TYPE_CHECKING:
    from exchange.state import Cycle


class AnswerAsHost(Command):
    """A host's answer to its request; ``begins`` and ``ends`` come with a proposal."""

    host: str
    answer: Literal["confirm", "decline", "propose"]
    slot: str = ""
    begins: When | None = None
    ends: When | None = None
    reason: str = ""


class RemindHost(Command):
    """Time, or staff."""

    step: str
    slot: str


class NoteSilence(Command):
    step: str
    slot: str


class HoldVisit(Command):
    """Time: the stay has ended."""

    step: str
    slot: str


class LapseSlot(Command):
    """Time: the slot's day has come and nobody has confirmed it."""

    step: str
    slot: str


class HostAsked(Event):
    step: str
    slot: str
    host: str
    until: AwareDatetime
    cents: Cents = 0


class HostReminded(Event):
    step: str
    slot: str
    host: str


class VisitConfirmed(Event):
    step: str
    slot: str
    host: str


class VisitDeclined(Event):
    step: str
    slot: str
    host: str
    reason: str = ""
    after_yes: bool = False
    """The host had confirmed before."""


class HostFellSilent(Event):
    step: str
    slot: str
    host: str


class VisitProposed(Event):
    step: str
    slot: str
    host: str
    begins: When
    ends: When


class HostSaidYesLate(Event):
    step: str
    slot: str
    host: str


class VisitMoved(Event):
    step: str
    slot: str
    begins: When
    ends: When
    reason: str = ""


class SlotGivenUp(Event):
    step: str
    slot: str
    reason: str = ""


class VisitHeld(Event):
    step: str
    slot: str
    host: str


class VisitReleased(Event):
    """The cycle was cancelled: the host is told that it is free."""

    step: str
    slot: str
    host: str
    confirmed: bool = False


class Booking(Model):
    """Where one slot stands."""

    stage: Literal["planned", "asked", "proposed", "open", "confirmed", "given_up", "visited", "released"] = "planned"
    """``open``: declined or silent, and nobody asked since; ``released``: undone by a cancellation."""
    host: str = ""
    """Whom it is about now: asked, proposing, confirmed or visited."""
    tried: tuple[str, ...] = ()
    """Hosts that said no, fell silent or were let go."""
    late: tuple[str, ...] = ()
    """Hosts whose late yes already went to staff."""
    asked_at: AwareDatetime | None = None
    until: AwareDatetime | None = None
    reminded: bool = False
    asked_staff: int = 0
    proposed: tuple[When, When] | None = None
    sequence: int = 0
    """SEQUENCE of the stay's calendar entry (RFC 5545)."""

    @property
    def done(self) -> bool:
        return self.stage in {"visited", "given_up", "released"}


@dataclass(frozen=True)
class NotAsked(Refusal):
    host: str

    def __str__(self) -> str:
        return f"{self.host} has not been asked for any visit here. `kierros show` lists who has."


@dataclass(frozen=True)
class WhichSlot(Refusal):
    host: str
    slots: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.host} is asked for several visits ({', '.join(self.slots)}). Say which one with --slot."


@dataclass(frozen=True)
class AlreadyAnswered(Refusal):
    host: str
    slot: str
    stage: str

    def __str__(self) -> str:
        return f"{self.host} has answered about {self.slot} before; the visit is {self.stage.replace('_', ' ')} now."


@dataclass(frozen=True)
class ProposalIncomplete(Refusal):
    host: str

    def __str__(self) -> str:
        return f"A proposal of {self.host} needs when the visit would begin and end, the end after the beginning."


@dataclass(frozen=True)
class HostBusy(Refusal):
    host: str
    slot: str

    def __str__(self) -> str:
        return f"{self.host} already stands in another visit that overlaps {self.slot}; one host is never visited twice at once."


@dataclass(frozen=True)
class NobodyLeft(Refusal):
    slot: str

    def __str__(self) -> str:
        return f"Every candidate for {self.slot} has been asked. Give the visit up, or amend the plan with another host."


def commitment(step: str, slot: str, host: str) -> str:
    """What a host's money stands under in the purse."""
    return f"{step}/{slot}/{host}"


def moved(plan: CyclePlan, event: VisitMoved) -> CyclePlan:
    """The plan with the stay at its new time."""
    span = {"begins": event.begins, "ends": event.ends}
    return plan.model_copy(
        update={
            "steps": tuple(
                step.model_copy(
                    update={"slots": tuple(s.model_copy(update=span) if s.id == event.slot else s for s in step.slots)}
                )
                if isinstance(step, Visits) and step.id == event.step
                else step
                for step in plan.steps
            )
        }
    )


def _left(booking: Booking) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*booking.tried, booking.host))) if booking.host else booking.tried


def _asked(cycle: Cycle, event: HostAsked) -> Cycle:
    booking = cycle.booking(event.step, event.slot)
    purse = cycle.purse.release(commitment(event.step, event.slot, booking.host))
    tried = tuple(h for h in _left(booking) if h != event.host)
    after = booking.model_copy(
        update={
            "stage": "asked", "host": event.host, "tried": tried, "asked_at": event.at, "until": event.until,
            "reminded": False, "proposed": None,
        }
    )  # fmt: skip
    key = commitment(event.step, event.slot, event.host)
    return cycle.put(purse=purse.commit(key, event.cents)).with_booking(event.step, event.slot, after)


def _gone(cycle: Cycle, event: VisitDeclined | HostFellSilent | SlotGivenUp | VisitReleased) -> Cycle:
    booking = cycle.booking(event.step, event.slot)
    purse = cycle.purse.release(commitment(event.step, event.slot, booking.host))
    stage = "open"
    if isinstance(event, SlotGivenUp):
        stage = "given_up"
    elif isinstance(event, VisitReleased):
        stage = "released"
    changes = {
        "stage": stage, "host": "", "tried": _left(booking), "proposed": None, "until": None,
        "sequence": booking.sequence + (1 if booking.stage == "confirmed" else 0),
    }  # fmt: skip
    return cycle.put(purse=purse).with_booking(event.step, event.slot, booking.model_copy(update=changes))


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case HostAsked():
            return _asked(cycle, event)
        case VisitDeclined() | HostFellSilent() | SlotGivenUp() | VisitReleased():
            return _gone(cycle, event)
        case _:
            return _changed(cycle, event)


def _changed(cycle: Cycle, event: Event) -> Cycle:
    assert isinstance(
        event, HostReminded | VisitConfirmed | VisitProposed | HostSaidYesLate | VisitMoved | VisitHeld
    )
    booking = cycle.booking(event.step, event.slot)
    changes: dict[str, object]
    match event:
        case HostReminded():
            changes = {"reminded": True}
        case VisitConfirmed():
            changes = {"stage": "confirmed", "until": None, "proposed": None}
        case VisitProposed():
            changes = {"stage": "proposed", "until": None, "proposed": (event.begins, event.ends)}
        case HostSaidYesLate():
            changes = {"late": (*booking.late, event.host)}
        case VisitMoved():
            changes = {"sequence": booking.sequence + (booking.stage == "confirmed")}
            cycle = cycle.put(plan=moved(cycle.plan, event))
        case VisitHeld():
            changes = {"stage": "visited"}
            cycle = cycle.put(purse=cycle.purse.settle(commitment(event.step, event.slot, event.host)))
    return cycle.with_booking(event.step, event.slot, booking.model_copy(update=changes))
