"""How staff of a :class:`tests.exchange.world.World` put off what has come too late to be approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from exchange.lateness import LateApproval
from exchange.moving import Move
from exchange.plan import Feedback, Registration, Report, Seminar, Step, Visits, When
from exchange.state import Cycle
from exchange.suspending import Resume, passed
from tests.builders import ANTTI, OLGA

if TYPE_CHECKING:
    from tests.exchange.world import World

Date = tuple[str, str, When, When | None]
"""Field, slot, when it is, and when it ends."""


def put_off(world: World, late: LateApproval) -> None:
    """Moves the date that has gone by, and every date after it by as much."""
    _all_later(world, late.of, late.since)
    world.reached["an approval comes too late, and its date is put off"] += 1


def go_on(world: World) -> None:
    """Resumes what stands still, with new dates for those that have gone by: that is possible whatever has happened."""
    for _ in range(len(world.cycle.plan.steps)):
        if not (gone := passed(world.cycle, world.now)):
            break
        _all_later(world, gone[-1].step, min(date.when.at for date in gone))
        world.reached["a date that passed in a standstill is put off"] += 1
    world.do(Resume(at=world.now, actor=OLGA))


def _all_later(world: World, of: str, since: datetime) -> None:
    """Every date from that step on, so much later that it is to come; the last first, so that order is kept."""
    steps = [step.id for step in world.cycle.plan.steps]
    # long enough that a deputy may still approve what is made anew
    ahead = world.now - since + timedelta(days=20)
    for step in reversed(steps[steps.index(of) :]):
        for field, slot, when, ends in _from_the_last(world.cycle, world.cycle.plan.step(step)):
            said = {"at": world.now, "step": step, "field": field, "slot": slot, "reason": "n_late", "anyway": True}
            moved = {"when": _later(when, ahead), "ends": ends and _later(ends, ahead)}
            for actor in (OLGA, ANTTI):  # where she is the last who could approve, the other one moves it
                if world.say(Move.model_validate({**said, **moved, "actor": actor})) is None:
                    break


def _later(when: When, ahead: timedelta) -> When:
    at = when.at + ahead
    return When(local=at.strftime("%Y-%m-%dT%H:%M:%S"), zone="UTC", at=at)


def _from_the_last(cycle: Cycle, step: Step) -> Iterator[Date]:
    """The step's dates between which it is held, where they may still move."""
    match step:
        case Seminar():
            yield "begins", "", step.begins, step.ends
        case Visits():
            for slot in sorted(step.slots, key=lambda slot: slot.begins.at, reverse=True):
                if not cycle.booking(step.id, slot.id).done:
                    yield "begins", slot.id, slot.begins, slot.ends
        case Registration():
            yield "closes", "", step.closes, None
        case Feedback():
            yield "closes", "", step.closes, None
            yield "opens", "", step.opens, None
        case Report():
            yield "due", "", step.due, None
