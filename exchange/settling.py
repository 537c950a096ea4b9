"""What staff decide about a slot when a host said no, fell silent, asked for another time, or said yes too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exchange.approval import remade
from exchange.base import Event
from exchange.booking import HostAsked, SlotGivenUp, VisitConfirmed, VisitMoved
from exchange.hosts import HostBusy
from exchange.meanwhile import in_one_place
from exchange.money import BudgetExceeded
from exchange.moving import AlreadyHappened, MovedIntoPast, check_stay
from exchange.plan import Slot, Visits, When
from exchange.prompt import Choose, Prompt, authorise, closed
from exchange.unsettled import lapse
from exchange.visit import ask, needed, returned
from exchange.wishing import kept

if TYPE_CHECKING:
    from exchange.state import Cycle


def settle(cycle: Cycle, command: Choose, prompt: Prompt) -> list[Event]:
    """The prompt is answered, the others that lose their sense by it lapse, and what was chosen follows."""
    role = authorise(cycle, command.actor, prompt)
    step, slot = cycle.slot_of(prompt.step, prompt.subject)
    answer = closed(command, prompt.id, command.option, role, command.reason)
    if command.option == "keep":
        return [answer]
    stale = [
        event
        for event in lapse(cycle, command, step, slot, late_too=command.option == "give_up")
        if event != closed(command, prompt.id, "lapsed")
    ]
    return [answer, *stale, *_chosen(cycle, command, step, slot, prompt.host, role)]


def _chosen(cycle: Cycle, command: Choose, step: Visits, slot: Slot, host: str, role: str) -> list[Event]:
    match command.option:
        case "next":
            return [ask(cycle, command, step, slot)]
        case "accept":
            return _accept(cycle, command, step, slot, host, role)
        case "move":
            return _agree(cycle, command, step, slot, host, role)
        case "keep_date":
            return [kept(command, step, slot, host, role, command.reason)]
        case "switch":
            return _switch(cycle, command, step, slot, host)
        case _:
            return [SlotGivenUp(**command.said, step=step.id, slot=slot.id, reason=command.reason)]


def _accept(cycle: Cycle, command: Choose, step: Visits, slot: Slot, host: str, role: str) -> list[Event]:
    """The host's own time is taken."""
    proposed = cycle.booking(step.id, slot.id).proposed
    assert proposed is not None
    moved = _moved(cycle, command, step, slot, host, *proposed, role=role, reason=command.reason)
    confirmed = VisitConfirmed(**command.said, step=step.id, slot=slot.id, host=host)
    # letters that still wait for approval and may name this date are made anew, as where staff move it themselves
    return [moved, confirmed, *remade(cycle, command, step.id)]


def _agree(cycle: Cycle, command: Choose, step: Visits, slot: Slot, host: str, role: str) -> list[Event]:
    """A visit that was confirmed moves to the time that its host has asked for since."""
    wish = cycle.booking(step.id, slot.id).wish
    assert wish is not None
    if slot.begins.at <= command.at:
        raise AlreadyHappened(step.id, slot.id)
    why = command.reason or cycle.booking(step.id, slot.id).why
    moved = _moved(cycle, command, step, slot, host, *wish, role=role, reason=why)
    return [moved, *remade(cycle, command, step.id)]


def _moved(
    cycle: Cycle, command: Choose, step: Visits, slot: Slot, host: str, begins: When, ends: When, **why: Any
) -> VisitMoved:
    """The visit at the time that its host asks for, where that is possible."""
    if begins.at <= command.at:
        raise MovedIntoPast(begins)
    if cycle.host_busy(host, begins, ends, but=(step.id, slot.id)):
        raise HostBusy(host, slot.id)
    about: dict[str, Any] = {"step": step.id, "slot": slot.id, "begins": begins, "ends": ends}
    moved = VisitMoved(**command.said, **about, **why)
    check_stay(cycle, moved)
    in_one_place(cycle, step, slot, begins, ends, anyway=command.anyway)
    return moved


def _switch(cycle: Cycle, command: Choose, step: Visits, slot: Slot, host: str) -> list[Event]:
    """The host that said yes late takes the slot; the one that holds it is let go."""
    if command.at >= slot.begins.at:
        raise AlreadyHappened(step.id, slot.id)
    if cycle.host_busy(host, slot.begins, slot.ends, but=(step.id, slot.id)):
        raise HostBusy(host, slot.id)
    chosen = next(c for c in slot.candidates if c.host == host)
    back, more = returned(cycle, step, slot), needed(cycle, step, slot, chosen)
    if not cycle.affords(step.id, more, back):
        raise BudgetExceeded(cycle.plan.budget.cap, cycle.free_for(step.id, back), more)
    about: dict[str, Any] = {"step": step.id, "slot": slot.id, "host": host}
    return [
        HostAsked(**command.said, **about, until=slot.begins.at, cents=chosen.cents, agreed=True),
        VisitConfirmed(**command.said, **about),
    ]
