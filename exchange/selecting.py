"""Selection: where the plan leaves the places to staff, they choose among those who have applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exchange.base import Event
from exchange.places import PickNotWaiting, TooManyFromOneLibrary, TooManyPicked
from exchange.prompt import Choose, Prompt, authorise, closed
from exchange.registration import DelegatesSelected

if TYPE_CHECKING:
    from exchange.state import Cycle


def select(cycle: Cycle, command: Choose, prompt: Prompt) -> list[Event]:
    """Staff name who gets a place; the others wait in the order in which they asked."""
    role = authorise(cycle, command.actor, prompt)
    step, desk = cycle.desk_step(prompt.step), cycle.desk(prompt.step)
    picks = tuple(dict.fromkeys(command.picks))
    for person in picks:
        if (place := desk.people.get(person)) is None or place.state != "applied":
            raise PickNotWaiting(person)
    if len(picks) > desk.capacity:
        raise TooManyPicked(len(picks), desk.capacity)
    homes = [desk.people[person].home for person in picks]
    for home in homes:
        if step.per_library is not None and home and homes.count(home) > step.per_library:
            raise TooManyFromOneLibrary(home, homes.count(home), step.per_library)
    return [
        closed(command, prompt.id, command.option, role, command.reason),
        DelegatesSelected(**command.said, step=step.id, people=picks, role=role, reason=command.reason),
    ]
