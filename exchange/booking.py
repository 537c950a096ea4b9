"""A slot's book: what hosts are asked and answer, and where each stay stands.

The decisions about it are in :mod:`exchange.visit`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, assert_never

from pydantic import AwareDatetime, Field

from exchange.base import Cents, Command, Event, Model
from exchange.calling import Call, called
from exchange.eyes import had_a_hand, naming
from exchange.plan import CyclePlan, Slot, Step, Visits, When

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
    agreed: bool = False
    """The host has said yes already, so it is not written to again."""


class HostReminded(Event):
    step: str
    slot: str
    host: str
    missed: bool = False
    """Its hour had passed when it was decided: it is noted, and nothing is sent."""
    role: str = ""


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
    reason: str = ""


class HostSaidYesLate(Event):
    step: str
    slot: str
    host: str


class VisitMoved(Event):
    step: str
    slot: str
    begins: When
    ends: When
    role: str = ""
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


class Heard(Model):
    """What the host said of the visit once it was over."""

    at: AwareDatetime
    rating: Literal["1", "2", "3", "4", "5"]
    gained: str = ""
    better: str = ""


class Booking(Model):
    """Where one slot stands."""

    stage: Literal["planned", "asked", "proposed", "open", "confirmed", "given_up", "visited", "released"] = "planned"
    """``open``: declined or silent, and nobody asked since; ``released``: undone by a cancellation."""
    host: str = ""
    """Whom it is about now: asked, proposing, confirmed, visited or released."""
    tried: tuple[str, ...] = ()
    """Hosts that said no, fell silent or were let go."""
    late: tuple[str, ...] = ()
    """Hosts whose late yes already went to staff."""
    asked_at: AwareDatetime | None = None
    until: AwareDatetime | None = None
    reminded: bool = False
    last_reminder: AwareDatetime | None = None
    asked_staff: int = 0
    """How many decisions about the slot staff have been asked for."""
    proposed: tuple[When, When] | None = None
    wish: tuple[When, When] | None = None
    """Another time that its host asks for, after it has confirmed."""
    why: str = ""
    """Reference of the host's reason for that."""
    call: Call | None = None
    """Whether the group can still come, where it has been asked: the visit has moved since it was confirmed."""
    moved: bool = False
    """Its time is not the one in the requests that were approved: the next host is written to anew."""
    called_off: bool = False
    """It was confirmed when the cycle was cancelled: the group's entries are cancelled, too."""
    sequence: int = 0
    """SEQUENCE of the stay's calendar entry (RFC 5545)."""
    heard: Heard | None = Field(default=None, exclude_if=lambda heard: heard is None)

    @property
    def done(self) -> bool:
        return self.stage in {"visited", "given_up", "released"}


def commitment(step: str, slot: str, host: str) -> str:
    """What a host's money stands under in the purse."""
    return f"{step}/{slot}/{host}"


def moved_to(plan: CyclePlan, event: VisitMoved) -> CyclePlan:
    """The plan with the stay at its new time."""
    span = {"begins": event.begins, "ends": event.ends}

    def of_slot(slot: Slot) -> Slot:
        return slot.model_copy(update=span) if slot.id == event.slot else slot

    def of_step(step: Step) -> Step:
        if not isinstance(step, Visits) or step.id != event.step:
            return step
        return step.model_copy(update={"slots": tuple(map(of_slot, step.slots))})

    return plan.model_copy(update={"steps": tuple(map(of_step, plan.steps))})


def _left(booking: Booking, *, for_host: str = "") -> dict[str, object]:
    """What changes when the host that the slot was about is not it any more."""
    tried = dict.fromkeys((*booking.tried, booking.host))
    return {
        "tried": tuple(host for host in tried if host not in {"", for_host}),
        "sequence": booking.sequence + (booking.stage == "confirmed"),
        "proposed": None,
        "wish": None,
        "why": "",
        "call": None,
        "reminded": False,
        "last_reminder": None,
    }


def _asked(cycle: Cycle, event: HostAsked) -> Cycle:
    booking = cycle.booking(event.step, event.slot)
    purse = cycle.purse.release(commitment(event.step, event.slot, booking.host))
    purse = purse.commit(commitment(event.step, event.slot, event.host), event.cents)
    changes = {"stage": "asked", "host": event.host, "asked_at": event.at, "until": event.until}
    after = booking.model_copy(update={**_left(booking, for_host=event.host), **changes})
    return cycle.put(purse=purse).with_booking(event.step, event.slot, after)


def _gone(cycle: Cycle, event: VisitDeclined | HostFellSilent | SlotGivenUp | VisitReleased) -> Cycle:
    booking = cycle.booking(event.step, event.slot)
    purse = cycle.purse.release(commitment(event.step, event.slot, booking.host))
    changes: dict[str, object] = {"stage": "open", "host": "", "until": None}
    if isinstance(event, SlotGivenUp):
        changes["stage"] = "given_up"
    elif isinstance(event, VisitReleased):
        # the letter that ends the cycle says the time that each was told last
        changes |= {"stage": "released", "host": event.host, "called_off": event.confirmed, "call": booking.call}
    after = booking.model_copy(update={**_left(booking), **changes})
    return cycle.put(purse=purse).with_booking(event.step, event.slot, after)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case HostAsked():
            return _asked(cycle, event)
        case VisitDeclined() | HostFellSilent() | SlotGivenUp() | VisitReleased():
            return _gone(cycle, event)
        case _:
            return _changed(cycle, event)


Changed = HostReminded | VisitConfirmed | VisitProposed | HostSaidYesLate | VisitMoved | VisitHeld
"""What leaves the slot with the host it is about."""


def _changed(cycle: Cycle, event: Event) -> Cycle:
    assert isinstance(event, Changed)
    booking = cycle.booking(event.step, event.slot)
    changes: dict[str, object]
    match event:
        case HostReminded():
            changes = {"reminded": True, "last_reminder": None if event.missed else event.at}
        case VisitConfirmed():
            # an entry that was cancelled before comes back only with a higher number
            again = booking.sequence + bool(booking.sequence)
            changes = {"stage": "confirmed", "until": None, "proposed": None, "sequence": again}
        case VisitProposed():
            changes = {"stage": "proposed", "until": None, "proposed": (event.begins, event.ends)}
        case HostSaidYesLate():
            changes = {"late": (*booking.late, event.host)}
        case VisitMoved():
            sequence = booking.sequence + (booking.stage == "confirmed")
            approved = cycle.approving(event.step).stage == "given"
            changes = {"sequence": sequence, "moved": booking.moved or approved, "wish": None, "why": ""}
            changes["call"] = _call(cycle, booking, event)
            cycle = cycle.put(plan=moved_to(cycle.plan, event))
            cycle = had_a_hand(cycle, naming(cycle, event.step), event.actor)
        case VisitHeld():
            changes = {"stage": "visited"}
            cycle = cycle.put(purse=cycle.purse.settle(commitment(event.step, event.slot, event.host)))
        case _:
            assert_never(event)
    return cycle.with_booking(event.step, event.slot, booking.model_copy(update=changes))


def _call(cycle: Cycle, booking: Booking, event: VisitMoved) -> Call | None:
    """The question to the group that follows from the move; none before the host has confirmed."""
    if booking.stage != "confirmed":
        return None
    _, was = cycle.slot_of(event.step, event.slot)
    return called(cycle, booking.call, was, (event.begins, event.ends), event.at)
