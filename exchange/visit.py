"""Visits: for each slot the ranked candidates are asked one after another until one confirms.

A host is asked months ahead, reminded once, and its silence past the deadline counts as a no. Decline or silence goes
to staff, or on to the next candidate where the plan says ``fallback: automatic``. A counter-proposal and a late yes
always go to staff. One host never stands in two overlapping slots. Source: seeds 000 ("libraries that have the most to
bring to the current theme are selected"), 004 (three hosts on one trip); TRUST invariants 1, 18, 19.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from exchange.approval import Choose, Prompt, authorise, closed, opened
from exchange.base import TIME, Command, Due, Event, Refusal
from exchange.booking import (
    AlreadyAnswered,
    AnswerAsHost,
    Booking,
    HoldVisit,
    HostAsked,
    HostBusy,
    HostFellSilent,
    HostReminded,
    HostSaidYesLate,
    LapseSlot,
    NobodyLeft,
    NotAsked,
    NoteSilence,
    ProposalIncomplete,
    RemindHost,
    SlotGivenUp,
    VisitConfirmed,
    VisitDeclined,
    VisitHeld,
    VisitMoved,
    VisitProposed,
    WhichSlot,
    evolve,
)
from exchange.money import BudgetExceeded
from exchange.plan import Candidate, Slot, Visits

if TYPE_CHECKING:
    from exchange.approval import StepApproved
    from exchange.state import Cycle


def _next(cycle: Cycle, step: Visits, slot: Slot, booking: Booking) -> Candidate:
    """The best candidate not tried yet that is free and within the money.

    Raises:
        NobodyLeft, HostBusy, BudgetExceeded: why there is none, for the candidate that came nearest.
    """
    reason: Refusal = NobodyLeft(slot.id)
    released = cycle.purse.entries.get(f"{step.id}/{slot.id}/{booking.host}")
    free = cycle.purse.free + (released.cents if released and released.state == "committed" else 0)
    for candidate in slot.candidates:
        if candidate.host in {*booking.tried, booking.host}:
            continue
        if cycle.host_busy(candidate.host, slot.begins, slot.ends, but=slot.id):
            reason = HostBusy(candidate.host, slot.id)
        elif cycle.plan.budget.cap and candidate.cents > free:
            reason = BudgetExceeded(cycle.plan.budget.cap, free, candidate.cents)
        else:
            return candidate
    raise reason


def _ask(cycle: Cycle, command: Command | StepApproved, step: Visits, slot: Slot) -> list[Event]:
    candidate = _next(cycle, step, slot, cycle.booking(step.id, slot.id))
    until = command.at + step.answer_within
    return [
        HostAsked(
            at=command.at, actor=command.actor, cause=command.cause, step=step.id, slot=slot.id,
            host=candidate.host, until=until, cents=candidate.cents,
        )
    ]  # fmt: skip


def released(cycle: Cycle, event: StepApproved, step: Visits) -> list[Event]:
    """Once the visit plan is approved: the first fitting candidate of every slot is asked."""
    events: list[Event] = []
    for slot in step.slots:
        if cycle.booking(step.id, slot.id).stage != "planned":
            continue
        asked = [SlotGivenUp(at=event.at, actor=event.actor, cause=event.cause, step=step.id, slot=slot.id)]
        if slot.begins.at > event.at:
            with suppress(Refusal):
                asked = _ask(cycle, event, step, slot)
        events += asked
        for each in asked:
            cycle = evolve(cycle, each)
    return events


def _ask_staff(cycle: Cycle, command: Command, step: Visits, slot: Slot, host: str, *options: str) -> Event:
    number = cycle.booking(step.id, slot.id).asked_staff + 1
    return opened(
        command, f"host-{step.id}-{slot.id}-{number}", step.decide_within,
        about="host", step=step.id, subject=slot.id, host=host, role=step.decide_role, options=options,
        revision=number, deputy=step.approval.deputy if step.approval else None,
    )  # fmt: skip


def _go_on(cycle: Cycle, command: Command, step: Visits, slot: Slot) -> list[Event]:
    """After a no or silence: the next host by itself, or a prompt."""
    if step.fallback == "automatic":
        try:
            return _ask(cycle, command, step, slot)
        except Refusal:
            pass
    options = ("next", "give_up") if _anyone_left(cycle, step, slot) else ("give_up",)
    return [_ask_staff(cycle, command, step, slot, cycle.booking(step.id, slot.id).host, *options)]


def _anyone_left(cycle: Cycle, step: Visits, slot: Slot) -> bool:
    booking = cycle.booking(step.id, slot.id)
    return any(c.host not in {*booking.tried, booking.host} for c in slot.candidates)


def _slot_asked(cycle: Cycle, command: AnswerAsHost) -> tuple[Visits, Slot, Booking]:
    """The slot the answer is about: the one named, or the only one the host was asked for."""
    found = [
        (step, slot, booking)
        for step in cycle.journeys()
        for slot in step.slots
        if (booking := cycle.booking(step.id, slot.id)) and command.host in {*booking.tried, booking.host}
        and command.slot in {"", slot.id} and booking.stage != "planned"
    ]  # fmt: skip
    live = [f for f in found if f[2].host == command.host and f[2].stage in {"asked", "proposed", "confirmed"}]
    if len(live) > 1:
        open_ones = [f for f in live if f[2].stage != "confirmed"]
        if len(open_ones) != 1:
            raise WhichSlot(command.host, tuple(slot.id for _, slot, _ in live))
        live = open_ones
    if not found:
        raise NotAsked(command.host)
    return (live or found)[0]


def _host_answers(cycle: Cycle, command: AnswerAsHost) -> list[Event]:
    step, slot, booking = _slot_asked(cycle, command)
    said = {"at": command.at, "actor": command.actor, "cause": command.cause}
    about = {**said, "step": step.id, "slot": slot.id, "host": command.host}
    current = booking.host == command.host and booking.stage in {"asked", "proposed", "confirmed"}
    if command.answer == "decline":
        if not current:
            raise AlreadyAnswered(command.host, slot.id, booking.stage)
        gone = VisitDeclined(**about, reason=command.reason, after_yes=booking.stage == "confirmed")
        return [*_lapse_prompts(cycle, command, step, slot), gone, *_go_on(cycle, command, step, slot)]
    if not current:
        over = booking.done or command.at >= slot.begins.at
        if over or command.host in booking.late:
            raise AlreadyAnswered(command.host, slot.id, booking.stage)
        late = HostSaidYesLate(**about)
        return [late, _ask_staff(cycle, command, step, slot, command.host, "switch", "keep")]
    if command.answer == "confirm":
        if booking.stage == "confirmed":
            raise AlreadyAnswered(command.host, slot.id, booking.stage)
        return [*_lapse_prompts(cycle, command, step, slot), VisitConfirmed(**about)]
    if command.begins is None or command.ends is None or command.ends.at <= command.begins.at:
        raise ProposalIncomplete(command.host)
    proposed = VisitProposed(**about, begins=command.begins, ends=command.ends)
    return [
        *_lapse_prompts(cycle, command, step, slot),
        proposed,
        _ask_staff(cycle, command, step, slot, command.host, "accept", "next", "give_up"),
    ]


def _lapse_prompts(cycle: Cycle, command: Command, step: Visits, slot: Slot) -> list[Event]:
    return [
        closed(command, p.id, "lapsed")
        for p in cycle.prompts.values()
        if p.about == "host" and p.step == step.id and p.subject == slot.id
    ]


def choose(cycle: Cycle, command: Choose, prompt: Prompt) -> list[Event]:
    """Staff settle what a host's no, silence, proposal or late yes left open."""
    role = authorise(cycle, command.actor, prompt)
    step = cycle.step_of(prompt.step, Visits)
    slot = next(s for s in step.slots if s.id == prompt.subject)
    booking = cycle.booking(step.id, slot.id)
    said = {"at": command.at, "actor": command.actor, "cause": command.cause, "step": step.id, "slot": slot.id}
    done: Event = closed(command, prompt.id, command.option, role, command.reason)
    match command.option:
        case "next":
            return [done, *_ask(cycle, command, step, slot)]
        case "give_up":
            return [done, SlotGivenUp(**said, reason=command.reason)]
        case "accept":
            assert booking.proposed is not None
            begins, ends = booking.proposed
            if cycle.host_busy(prompt.host, begins, ends, but=slot.id):
                raise HostBusy(prompt.host, slot.id)
            moved = VisitMoved(**said, begins=begins, ends=ends, reason=command.reason)
            return [done, moved, VisitConfirmed(**said, host=prompt.host)]
        case "switch":
            return [done, *_switch(cycle, command, step, slot, prompt.host)]
        case _:
            return [done]


def _switch(cycle: Cycle, command: Choose, step: Visits, slot: Slot, host: str) -> list[Event]:
    """The host that said yes late takes the slot; the one that holds it is let go."""
    candidate = next(c for c in slot.candidates if c.host == host)
    booking = cycle.booking(step.id, slot.id)
    if cycle.host_busy(host, slot.begins, slot.ends, but=slot.id):
        raise HostBusy(host, slot.id)
    held = cycle.purse.entries.get(f"{step.id}/{slot.id}/{booking.host}")
    free = cycle.purse.free + (held.cents if held and held.state == "committed" else 0)
    if cycle.plan.budget.cap and candidate.cents > free:
        raise BudgetExceeded(cycle.plan.budget.cap, free, candidate.cents)
    said = {"at": command.at, "actor": command.actor, "cause": command.cause, "step": step.id, "slot": slot.id}
    asked = HostAsked(**said, host=host, until=command.at + step.answer_within, cents=candidate.cents)
    return [asked, VisitConfirmed(**said, host=host)]


def _hold(cycle: Cycle, command: HoldVisit) -> list[Event]:
    booking = cycle.booking(command.step, command.slot)
    if booking.stage != "confirmed" or not cycle.reached(command.step):
        return []
    return [
        VisitHeld(
            at=command.at, actor=command.actor, cause=command.cause, step=command.step, slot=command.slot, host=booking.host
        )
    ]


def _on_time(cycle: Cycle, command: RemindHost | NoteSilence | LapseSlot) -> list[Event]:
    step = cycle.step_of(command.step, Visits)
    slot = next(s for s in step.slots if s.id == command.slot)
    booking = cycle.booking(step.id, slot.id)
    said = {"at": command.at, "actor": command.actor, "cause": command.cause, "step": step.id, "slot": slot.id}
    if isinstance(command, LapseSlot):
        if booking.stage not in {"asked", "proposed", "open"}:
            return []
        return [*_lapse_prompts(cycle, command, step, slot), SlotGivenUp(**said)]
    if booking.stage != "asked" or (isinstance(command, RemindHost) and booking.reminded):
        return []
    if isinstance(command, RemindHost):
        return [HostReminded(**said, host=booking.host)]
    return [HostFellSilent(**said, host=booking.host), *_go_on(cycle, command, step, slot)]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case AnswerAsHost():
            return _host_answers(cycle, command)
        case HoldVisit():
            return _hold(cycle, command)
        case RemindHost() | NoteSilence() | LapseSlot():
            return _on_time(cycle, command)
        case _:
            raise TypeError(command)


def due(cycle: Cycle) -> list[Due]:
    """Each asked host's reminder and deadline; the end of each confirmed stay; the day of a slot nobody confirmed."""
    found: list[Due] = []
    for step in cycle.journeys():
        for slot in step.slots:
            found += _due_of(cycle, step, slot, cycle.booking(step.id, slot.id))
    return found


def _due_of(cycle: Cycle, step: Visits, slot: Slot, booking: Booking) -> list[Due]:
    about = {"actor": TIME, "step": step.id, "slot": slot.id}
    found: list[Due] = []
    if booking.stage == "asked" and booking.until is not None and booking.asked_at is not None:
        if not booking.reminded and step.remind_after < step.answer_within:
            at = booking.asked_at + step.remind_after
            found.append(Due(at, RemindHost(at=at, **about)))
        found.append(Due(booking.until, NoteSilence(at=booking.until, **about)))
    if booking.stage in {"asked", "proposed", "open"}:
        day = slot.begins.at
        found.append(Due(day, LapseSlot(at=day, **about)))
    if booking.stage == "confirmed" and cycle.reached(step.id):
        ends = slot.ends.at
        found.append(Due(ends, HoldVisit(at=ends, **about)))
    return found
