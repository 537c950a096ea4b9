"""Handing over: every role that somebody holds in the cycle passes to somebody else, at once or on a day.

Open decisions pass with the roles, and letters that wait for agreement are made ready anew where they name who answers
for them. What was decided stays decided, and four eyes remember who had a hand in what. TRUST invariants 2, 5, 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime, Field

from exchange.approval import PreparationBegan
from exchange.base import PLAN, TIME, Command, Due, Event, Model, Refusal
from exchange.eyes import hands, holders
from exchange.groups import Word
from exchange.plan import CyclePlan, Report, Step
from exchange.prompt import closed
from exchange.roles import everybody, held_by, may_write, organiser, passed_on

if TYPE_CHECKING:
    from exchange.state import Cycle


class HandOver(Command):
    """Staff let what one of them does pass to another; ``reason`` is a text reference ``n_…``."""

    source: str
    """Whose roles pass: a staff reference."""
    to: str = ""
    """Who takes them; empty where what was arranged for a later day is called off."""
    not_before: AwareDatetime | None = None
    """From when; without it, or where it is past, at once."""
    only: tuple[str, ...] = ()
    """The roles that pass; empty for every one."""
    may: tuple[str, ...] = ()
    """The only roles that the record lets ``to`` hold; empty where it sets no limit."""
    left: bool = False
    """Whether ``source`` is staff no more, by the record."""
    reason: str = ""


class PassRoles(Command):
    """Time: the day of an arranged handover has come."""

    source: str


class HandoverArranged(Event):
    source: str
    to: str
    on: AwareDatetime
    only: tuple[str, ...] = Field(default=(), exclude_if=lambda only: not only)
    role: str = ""
    reason: str = ""


class HandoverCalledOff(Event):
    source: str
    role: str = ""
    reason: str = ""


class RolesHandedOver(Event):
    source: str
    to: str
    roles: tuple[str, ...] = ()
    role: str = ""
    reason: str = ""


class Handover(Model):
    """A handover that waits for its day."""

    source: str
    to: str
    on: AwareDatetime
    only: tuple[str, ...] = Field(default=(), exclude_if=lambda only: not only)
    reason: str = ""


@dataclass(eq=False)
class NothingToHandOver(Refusal):
    source: str

    def __str__(self) -> str:
        return f"{self.source} holds no role in this cycle, so there is nothing to hand over."


@dataclass(eq=False)
class NoHandoverArranged(Refusal):
    source: str

    def __str__(self) -> str:
        return f"No handover of {self.source} waits for its day in this cycle, so none can be called off."


@dataclass(eq=False)
class HandoverToOneself(Refusal):
    source: str

    def __str__(self) -> str:
        return f"{self.source} cannot hand over to the same person. Name somebody else."


@dataclass(eq=False)
class HandoverUnexplained(Refusal):
    source: str

    def __str__(self) -> str:
        return f"Say why {self.source} hands over (--reason TEXT): the record keeps it with the decision."


@dataclass(eq=False)
class NotAllowedTheRole(Refusal):
    to: str
    roles: tuple[str, ...]
    may: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.to} may act as {', '.join(self.may)} only, and would take over as {', '.join(self.roles)}. "
            "Hand over to somebody else, or widen it: `kierros staff remove`, then `kierros staff add … --role ROLE`."
        )


@dataclass(eq=False)
class TakenOnOnesOwnWord(Refusal):
    to: str
    source: str

    def __str__(self) -> str:
        return (
            f"{self.to} cannot take over from {self.source} on their own word alone. {self.source} hands over, or "
            f"somebody else with a role in this cycle does; where {self.source} has left, `kierros staff remove` first."
        )


@dataclass(eq=False)
class FourEyesLost(Refusal):
    step: str
    to: str

    def __str__(self) -> str:
        return (
            f"The plan asks for a second person to approve {self.step}. If {self.to} took this over, there would be no "
            "two left, one to ask and one to approve: hand over to somebody else, who has not had a hand in it. "
            "Somebody new is made known first: `kierros staff add NAME ADDRESS`."
        )


def decide(cycle: Cycle, command: HandOver | PassRoles) -> list[Event]:
    if isinstance(command, PassRoles):
        return _on_the_day(cycle, command)
    role = cycle.demand(command.actor)
    said = {**command.said, "source": command.source, "role": role, "reason": command.reason}
    if not command.reason:
        raise HandoverUnexplained(command.source)
    if not command.to:
        if command.source not in {entry.source for entry in cycle.handovers}:
            raise NoHandoverArranged(command.source)
        return [HandoverCalledOff(**said)]
    _check(cycle, command)
    if command.not_before is not None and command.not_before > command.at:
        return [HandoverArranged(**said, to=command.to, on=command.not_before, only=command.only)]
    roles = held_by(cycle.plan, command.source, command.only)
    return _pass(cycle, command, RolesHandedOver(**said, to=command.to, roles=roles))


def _check(cycle: Cycle, command: HandOver) -> None:
    roles = held_by(cycle.plan, command.source, command.only)
    if not roles:
        raise NothingToHandOver(command.source)
    if command.to == command.source:
        raise HandoverToOneself(command.source)
    if command.may and not set(roles) <= set(command.may):
        raise NotAllowedTheRole(command.to, roles, command.may)
    if command.actor == command.to and not command.left:
        raise TakenOnOnesOwnWord(command.to, command.source)
    _leave_two(cycle, command)


def _leave_two(cycle: Cycle, command: HandOver) -> None:
    """Whether four eyes are left wherever they were: after this handover, and after all that wait for their day.

    Raises:
        FourEyesLost: they are not.
    """
    on = max(command.at, command.not_before or command.at)
    this = Handover(source=command.source, to=command.to, on=on, only=command.only)
    others = _without(cycle, command.source)
    at_once = (cycle.plan, _after(cycle.plan, this))
    in_the_end = (_after(cycle.plan, *others), _after(cycle.plan, *others, this))
    for before, after in (at_once, in_the_end):
        for step in (*after.steps, *cycle.words.values()):
            if _eyes(cycle, before, step) - _eyes(cycle, after, step):
                raise FourEyesLost(step.id, command.to)
        if may_write(before) and not may_write(after):
            raise FourEyesLost("letters in your own words", command.to)


def _after(plan: CyclePlan, *handovers: Handover) -> CyclePlan:
    """The plan when all these have taken place."""
    for one in sorted(handovers, key=lambda one: one.on):
        plan = passed_on(plan, one.source, one.to, held_by(plan, one.source, one.only))
    return plan


def _eyes(cycle: Cycle, plan: CyclePlan, step: Step | Word) -> set[str]:
    """Which of the things that four eyes need the plan's staff can give a step whose approval is still to be given.

    ``answers``: somebody may approve who has had no hand in it; ``asks``: the cycle has staff beside her; ``two``: two
    may approve. A letter of staff's own has been written already: only who answers must be left.
    """
    wanted = step.approval
    if wanted is None or not wanted.second_person or cycle.approving(step.id).stage == "given":
        return set()
    able, staff = holders(plan, wanted), everybody(plan)
    if not able - hands(cycle, step.id):
        return set()
    beside = {"asks": len(staff) > 1, "two": len(able) > 1} if not isinstance(step, Word) else {}
    return {"answers", *(name for name, there in beside.items() if there)}


def _on_the_day(cycle: Cycle, command: PassRoles) -> list[Event]:
    """What was arranged takes place; of somebody who has handed over meanwhile, nothing is left to pass."""
    arranged = next(entry for entry in cycle.handovers if entry.source == command.source)
    about: dict[str, Any] = {"source": arranged.source, "to": arranged.to, "reason": arranged.reason}
    roles = held_by(cycle.plan, arranged.source, arranged.only)
    return _pass(cycle, command, RolesHandedOver(**command.said, **about, roles=roles))


def _pass(cycle: Cycle, command: Command, event: RolesHandedOver) -> list[Event]:
    """The passing, and anew what waits for agreement in the name of somebody who does not answer for it any more."""
    if organiser(cycle.plan) == organiser(passed_on(cycle.plan, event.source, event.to, event.roles)):
        return [event]
    by_the_way = command.model_copy(update={"actor": PLAN})
    waiting = [
        (step.id, state.revision)
        for step in (*cycle.plan.steps, *cycle.words.values())
        if not isinstance(step, Report) and (state := cycle.approving(step.id)).stage in {"preparing", "asked"}
    ]
    steps = {step for step, _ in waiting}
    lapsed = [closed(by_the_way, p.id, "lapsed") for p in cycle.prompts.values() if _asks_about(p, steps)]
    said = by_the_way.said
    return [*lapsed, event, *(PreparationBegan(**said, step=step, revision=last + 1) for step, last in waiting)]


def _asks_about(prompt: Any, steps: set[str]) -> bool:
    return prompt.about == "approval" and prompt.step in steps


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case HandoverArranged():
            arranged = Handover(source=event.source, to=event.to, on=event.on, only=event.only, reason=event.reason)
            return cycle.put(handovers=(*_without(cycle, event.source), arranged))
        case HandoverCalledOff():
            return cycle.put(handovers=_without(cycle, event.source))
        case RolesHandedOver():
            plan = passed_on(cycle.plan, event.source, event.to, event.roles)
            return cycle.put(plan=plan, handovers=_without(cycle, event.source))
        case _:
            raise TypeError(event)


def _without(cycle: Cycle, source: str) -> tuple[Handover, ...]:
    return tuple(entry for entry in cycle.handovers if entry.source != source)


def due(cycle: Cycle) -> list[Due]:
    """Handovers, each on its day."""
    return [_due(entry.on, entry.source) for entry in cycle.handovers]


def _due(at: datetime, source: str) -> Due:
    return Due(at, PassRoles(at=at, actor=TIME, source=source), after_post=False)
