"""Visits: for each slot the ranked candidates are asked one after another until one confirms.

A host is asked months ahead, reminded once, and its silence past the deadline counts as a no. Decline or silence goes
to staff, or on to the next candidate where the plan says ``fallback: automatic``. A counter-proposal, a late yes and
the wish to move what was confirmed (:mod:`exchange.wishing`) always go to staff. One host never stands in two
overlapping slots. Source: seeds 000 ("libraries that have the most to bring to the current theme are selected"), 004
(three hosts on one trip); TRUST invariants 1, 18, 19.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from exchange.base import TIME, Command, Due, Event, Refusal
from exchange.booking import (
    AnswerAsHost,
    Booking,
    HoldVisit,
    HostAsked,
    HostFellSilent,
    HostReminded,
    HostSaidYesLate,
    LapseSlot,
    NoteSilence,
    RemindHost,
    SlotGivenUp,
    VisitConfirmed,
    VisitDeclined,
    VisitHeld,
    VisitProposed,
    commitment,
    evolve,
)
from exchange.calling import same
from exchange.hosts import (
    AlreadyAnswered,
    AskedForThat,
    HostBusy,
    NobodyLeft,
    NotAsked,
    TooLateToPropose,
    WhichSlot,
)
from exchange.invitation import NothingToRemind
from exchange.money import BudgetExceeded
from exchange.moving import AlreadyHappened
from exchange.plan import Candidate, Slot, Visits
from exchange.unsettled import ask_staff, instead, lapse, left, what_now
from exchange.wishing import heard, span_of

if TYPE_CHECKING:
    from datetime import datetime

    from exchange.approval import StepApproved
    from exchange.state import Cycle

__all__ = ["decide", "due", "evolve", "released"]


def returned(cycle: Cycle, step: Visits, slot: Slot) -> int:
    """The money that comes back when the slot's host is let go."""
    held = cycle.purse.entries.get(commitment(step.id, slot.id, cycle.booking(step.id, slot.id).host))
    return held.committed if held else 0


def needed(cycle: Cycle, step: Visits, slot: Slot, candidate: Candidate) -> int:
    """The money that is promised by asking it: what was paid for its stay before is taken off."""
    return cycle.purse.needs(commitment(step.id, slot.id, candidate.host), candidate.cents)


def _next(cycle: Cycle, step: Visits, slot: Slot) -> Candidate:
    """The best candidate not tried yet that is free and within the money.

    Raises:
        NobodyLeft, HostBusy, BudgetExceeded: why there is none; the last candidate's reason.
    """
    reason: Refusal = NobodyLeft(slot.id)
    back = returned(cycle, step, slot)
    for candidate in left(cycle, step, slot):
        if cycle.host_busy(candidate.host, slot.begins, slot.ends, but=(step.id, slot.id)):
            reason = HostBusy(candidate.host, slot.id)
        elif not cycle.affords(step.id, needed(cycle, step, slot, candidate), back):
            asked = needed(cycle, step, slot, candidate)
            reason = BudgetExceeded(cycle.plan.budget.cap, cycle.free_for(step.id, back), asked)
        else:
            return candidate
    raise reason


def ask(cycle: Cycle, command: Command | StepApproved, step: Visits, slot: Slot) -> Event:
    """The next candidate is asked, and has until the stay's beginning at the latest.

    Raises:
        AlreadyHappened: that has come.
        NobodyLeft, HostBusy, BudgetExceeded: nobody can be asked.
    """
    said = command.onward if isinstance(command, Command) else command.said
    if said["at"] >= slot.begins.at:
        raise AlreadyHappened(step.id, slot.id)
    candidate = _next(cycle, step, slot)
    until = min(said["at"] + step.answer_within, slot.begins.at)
    return HostAsked(**said, step=step.id, slot=slot.id, host=candidate.host, until=until, cents=candidate.cents)


def released(cycle: Cycle, event: StepApproved, step: Visits) -> list[Event]:
    """Once the visit plan is approved, each slot's first fitting candidate is asked; where none fits, staff are."""
    events: list[Event] = []
    for slot in step.slots:
        try:
            asked = ask(cycle, event, step, slot)
        except Refusal:
            asked = ask_staff(cycle, Command(**event.said), step, slot, "", *_options(cycle, step, slot))
        else:
            cycle = evolve(cycle, asked)
        events.append(asked)
    return events


def _options(cycle: Cycle, step: Visits, slot: Slot) -> tuple[str, ...]:
    return ("next", "give_up") if left(cycle, step, slot) else ("give_up",)


def _lost(cycle: Cycle, command: Command, step: Visits, slot: Slot, gone: Event) -> list[Event]:
    """A no or silence, and what follows: the next host by itself, or a prompt; on the stay's day it is given up."""
    too_late = command.onward["at"] >= slot.begins.at
    events = [*lapse(cycle, command, step, slot, late_too=too_late), gone]
    if too_late:
        return [*events, SlotGivenUp(**command.onward, step=step.id, slot=slot.id)]
    if step.fallback == "automatic":
        with suppress(Refusal):
            return [*events, ask(cycle, command, step, slot)]
    host = cycle.booking(step.id, slot.id).host
    return [*events, ask_staff(cycle, command, step, slot, host, *_options(cycle, step, slot))]


def _slot_asked(cycle: Cycle, command: AnswerAsHost) -> tuple[Visits, Slot]:
    """The slot the answer is about: the one named, or the only one where the host's answer is awaited."""
    found = [
        (step, slot, booking)
        for step in cycle.journeys()
        for slot in step.slots
        for booking in (cycle.booking(step.id, slot.id),)
        if command.slot in {"", slot.id}
        and command.host in {*booking.tried, booking.host} - {""}
    ]  # fmt: skip
    if not found:
        raise NotAsked(command.host)
    awaited = [f for f in found if f[2].host == command.host and f[2].stage in {"asked", "proposed"}]
    standing = [f for f in found if f[2].host == command.host and f[2].stage == "confirmed"]
    lost = [f for f in found if not f[2].done]
    best = awaited or standing or lost or found[:1]
    if len(best) > 1:
        raise WhichSlot(command.host, tuple(slot.id for _, slot, _ in best))
    return best[0][0], best[0][1]


def _host_answers(cycle: Cycle, command: AnswerAsHost) -> list[Event]:
    step, slot = _slot_asked(cycle, command)
    booking = cycle.booking(step.id, slot.id)
    if booking.host != command.host or booking.stage not in {"asked", "proposed", "confirmed"}:
        return _comes_late(cycle, command, step, slot)
    about: dict[str, Any] = {"step": step.id, "slot": slot.id, "host": command.host}
    if command.answer == "decline":
        after_yes = booking.stage == "confirmed"
        gone = VisitDeclined(**command.said, **about, reason=command.reason, after_yes=after_yes)
        return _lost(cycle, command, step, slot, gone)
    if booking.stage == "confirmed":
        return heard(cycle, command, step, slot)
    stale = lapse(cycle, command, step, slot, late_too=False)
    if command.answer == "confirm":
        return [*stale, VisitConfirmed(**command.said, **about)]
    begins, ends = span_of(command)
    if same((begins, ends), (slot.begins, slot.ends)):
        raise AskedForThat(command.host, slot.id, begins)
    proposed = VisitProposed(**command.said, **about, begins=begins, ends=ends, reason=command.reason)
    options = ("accept", *_options(cycle, step, slot))
    return [*stale, proposed, ask_staff(cycle, command, step, slot, command.host, *options)]


def late_hosts(booking: Booking, slot: Slot, at: datetime) -> tuple[str, ...]:
    """The hosts that said no or fell silent, and can say yes after all: once, while the stay is open."""
    if booking.done or at >= slot.begins.at:
        return ()
    return tuple(host for host in booking.tried if host not in {*booking.late, booking.host})


def _comes_late(cycle: Cycle, command: AnswerAsHost, step: Visits, slot: Slot) -> list[Event]:
    """The answer of a host that had said no or fallen silent: a yes goes to staff, once.

    Where they are still asked how the visit goes on, one decision asks both: a no that was taken back is no news.
    """
    booking = cycle.booking(step.id, slot.id)
    if command.host not in late_hosts(booking, slot, command.at) or command.answer == "decline":
        raise AlreadyAnswered(command.host, slot.id, booking.stage)
    if command.answer == "propose":
        raise TooLateToPropose(command.host, slot.id)
    late = HostSaidYesLate(**command.said, step=step.id, slot=slot.id, host=command.host)
    if stale := what_now(cycle, step, slot):
        asked = ask_staff(cycle, command, step, slot, command.host, "switch", *_options(cycle, step, slot))
        return [late, *instead(command, stale, asked)]
    options = ("keep", "switch") if booking.stage == "confirmed" else ("switch", "keep")
    return [late, ask_staff(cycle, command, step, slot, command.host, *options)]


def _remind(cycle: Cycle, command: RemindHost) -> list[Event]:
    step, slot = cycle.slot_of(command.step, command.slot)
    booking = cycle.booking(step.id, slot.id)
    about: dict[str, Any] = {"step": step.id, "slot": slot.id, "host": booking.host}
    if command.actor == TIME:
        missed = booking.until is not None and command.at >= booking.until
        return [HostReminded(**command.said, **about, missed=missed)]
    role = cycle.demand(command.actor)
    if booking.stage != "asked" or booking.until is None or command.at >= booking.until:
        raise NothingToRemind(f"{step.id}/{slot.id}")
    cycle.demand_pause(f"{step.id}/{slot.id}", booking.last_reminder, command.at)
    return [HostReminded(**command.said, **about, role=role)]


def _on_time(cycle: Cycle, command: NoteSilence | LapseSlot | HoldVisit) -> list[Event]:
    step, slot = cycle.slot_of(command.step, command.slot)
    host = cycle.booking(step.id, slot.id).host
    about: dict[str, Any] = {"step": step.id, "slot": slot.id}
    if isinstance(command, NoteSilence):
        return _lost(cycle, command, step, slot, HostFellSilent(**command.said, **about, host=host))
    over = lapse(cycle, command, step, slot, late_too=True)
    if isinstance(command, LapseSlot):
        return [*over, SlotGivenUp(**command.said, **about)]
    return [*over, VisitHeld(**command.said, **about, host=host)]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case AnswerAsHost():
            return _host_answers(cycle, command)
        case RemindHost():
            return _remind(cycle, command)
        case NoteSilence() | LapseSlot() | HoldVisit():
            return _on_time(cycle, command)
        case _:
            raise TypeError(command)


def due(cycle: Cycle) -> list[Due]:
    """Each asked host's reminder and deadline; the end of each confirmed stay; the day of a slot nobody confirmed."""
    return [
        entry
        for step in cycle.journeys()
        for slot in step.slots
        for entry in _due_of(cycle, step, slot, cycle.booking(step.id, slot.id))
    ]


def _due_of(cycle: Cycle, step: Visits, slot: Slot, booking: Booking) -> list[Due]:
    about: dict[str, Any] = {"actor": TIME, "step": step.id, "slot": slot.id}
    begins, ends = slot.begins.at, slot.ends.at
    if booking.stage == "confirmed":
        return [Due(ends, HoldVisit(at=ends, **about))] if cycle.reached(step.id) else []
    if booking.done or cycle.approving(step.id).stage != "given":
        return []
    # first: on the stay's own day nobody is asked any more
    found = [Due(begins, LapseSlot(at=begins, **about))]
    if booking.stage == "asked" and booking.until is not None and booking.asked_at is not None:
        remind = booking.asked_at + step.remind_after
        if not booking.reminded and remind < booking.until:
            found.append(Due(remind, RemindHost(at=remind, **about)))
        found.append(Due(booking.until, NoteSilence(at=booking.until, **about)))
    return found
