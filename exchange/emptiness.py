"""A gathering to which nobody would come: its day is near or registration is over, and nobody is in the group.

Nothing is decided by it and nothing is due: staff are told, and ask themselves whether it is to be held.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from exchange.base import Model
from exchange.plan import Registration, When
from exchange.state import Cycle

NEAR = 14
"""So many days of the plan before a gathering its group should be known."""


class Unattended(Model):
    """A seminar or a journey without anybody in the group."""

    step: str
    begins: When


def unattended(cycle: Cycle, now: datetime) -> Unattended | None:
    """The next gathering, where nobody has a place or may still get one; None where there is no reason to ask.

    As long as people can still register, it is asked about only when its day is near.
    """
    desks = cycle.desks_in_plan()
    if cycle.phase != "running" or not desks or _anybody(cycle, desks):
        return None
    ahead = _next(cycle)
    if ahead is None:
        return None
    near = ahead.begins.at - now <= timedelta(seconds=NEAR * cycle.day)
    return ahead if near or all(_over(cycle, step, now) for step in desks) else None


def _anybody(cycle: Cycle, desks: list[Registration]) -> bool:
    """Whether somebody has a place, is offered one, waits for one, or has applied."""
    return any(place.live for step in desks for place in cycle.desk(step.id).people.values())


def _over(cycle: Cycle, step: Registration, now: datetime) -> bool:
    """Whether nobody can register any more, not even with time of her own."""
    desk = cycle.desk(step.id)
    return desk.stage == "closed" and not any(given.until > now for given in desk.extended.values())


def _next(cycle: Cycle) -> Unattended | None:
    """The seminar or stay that begins first of those not behind us."""
    found = [
        Unattended(step=step.id, begins=step.begins)
        for step in cycle.seminars()
        if cycle.gathering(step.id).stage in {"idle", "announced"}
    ]
    found += [
        Unattended(step=step.id, begins=slot.begins)
        for step in cycle.journeys()
        for slot in step.slots
        if not cycle.booking(step.id, slot.id).done
    ]
    return min(found, key=lambda one: one.begins.at, default=None)
