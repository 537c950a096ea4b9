"""Home libraries that are asked to name people, where the libraries choose whom they send.

Each library's contact is invited together with the people, by letters of the same approval, and reminded with them
until somebody of her library has asked for a place. A library that only receives the group is not asked.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from exchange.plan import Invitations

if TYPE_CHECKING:
    from exchange.state import Cycle


def libraries(cycle: Cycle, step: Invitations) -> dict[str, str]:
    """The libraries that say whom they send, and who answers for each: library to contact, in the plan's order."""
    if cycle.desk_step(step.registration).places != "nominated":
        return {}
    return {home: ref for home, ref in of_homes(cycle).items() if ref not in cycle.erased}


def of_homes(cycle: Cycle) -> dict[str, str]:
    """Who answers for each home library, in the plan's order: not who answers for one that only receives the group."""
    hosts = {c.host for journey in cycle.journeys() for slot in journey.slots for c in slot.candidates}
    homes = {*cycle.plan.homes.values()}
    return {home: ref for home, ref in cycle.plan.contacts.items() if home in homes or home not in hosts}


def written_to(cycle: Cycle) -> list[str]:
    """Those who answer for a library and have been asked to name people."""
    sent = (step for step in cycle.invitations() if cycle.guests(step.id).stage == "sent")
    return [contact for step in sent for contact in libraries(cycle, step).values()]


def silent(cycle: Cycle, step: Invitations) -> dict[str, str]:
    """Those of which nobody has asked for a place."""
    if not (asked := libraries(cycle, step)):
        return {}
    there = {place.home for _, place in cycle.desk(step.registration).people.items() if place.live}
    return {home: ref for home, ref in asked.items() if home not in there}


def awaited(cycle: Cycle, step: Invitations, now: datetime) -> dict[str, str]:
    """Those that may still name somebody, and have not."""
    desk = cycle.desk_step(step.registration)
    return silent(cycle, step) if desk.opens.at <= now < desk.closes.at else {}
