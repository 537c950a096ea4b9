"""Agreeing: what waits for approval is approved, by its digest, or rejected.

A step that is rejected is to be made ready anew; a letter in staff's own words is dropped, and may be written anew.
Whoever approves may have copies sent to herself. TRUST invariants 2, 4, 5, 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exchange.approval import Approve, LettersChanged, Reject, StepApproved, StepRejected
from exchange.base import Event, Refusal
from exchange.groups import Word, leave_reader
from exchange.lateness import late
from exchange.money import BudgetExceeded
from exchange.plan import Step
from exchange.prompt import NoSuchOption, Prompt, authorise, closed, opened, waiting

if TYPE_CHECKING:
    from exchange.state import Cycle


@dataclass(eq=False)
class NothingToCopy(Refusal):
    step: str

    def __str__(self) -> str:
        return f"{self.step} has no letters of which you could have a copy. Approve it without --copy."


def decide(cycle: Cycle, command: Approve | Reject) -> list[Event]:
    prompt = waiting(cycle, command.prompt)
    if prompt.about != "approval":
        raise NoSuchOption(prompt.id, type(command).__name__.lower(), prompt.options)
    if isinstance(command, Reject):
        return _rejected(cycle, command, prompt)
    why: dict[str, Any] = {"role": authorise(cycle, command.actor, prompt), "reason": command.reason}
    if command.digest != prompt.digest:
        raise LettersChanged(prompt.id)
    step = cycle.to_approve(prompt.step)
    if isinstance(step, Word):
        leave_reader(cycle, step)
    if (past := late(cycle, step, command.at)) is not None:
        raise past
    needed = cycle.at_stake(prompt.step)  # bills may have come since it was asked
    if not cycle.affords(prompt.step, needed):
        raise BudgetExceeded(cycle.plan.budget.cap, cycle.free_for(prompt.step), needed)
    about: dict[str, Any] = {"step": prompt.step, "revision": prompt.revision, "digest": prompt.digest}
    return [
        closed(command, prompt.id, "approve", **why),
        StepApproved(**command.said, **about, **why, copies=_copies(cycle, command, prompt, step)),
    ]


def _copies(cycle: Cycle, command: Approve, prompt: Prompt, step: Step | Word) -> tuple[str, ...]:
    """Who gets a copy of what leaves: whoever asked for one in writing it and still has a role, and whoever approves.

    Raises:
        NothingToCopy: no letter is approved.
    """
    if command.copy_to_me and not prompt.letters:
        raise NothingToCopy(prompt.step)
    wanted = (*(step.copies if isinstance(step, Word) else ()), *((command.actor,) if command.copy_to_me else ()))
    still = {staff for holders in cycle.plan.roles.values() for staff in holders}
    return tuple(staff for staff in dict.fromkeys(wanted) if staff in still)


def _rejected(cycle: Cycle, command: Reject, prompt: Prompt) -> list[Event]:
    """A step is to be made ready anew; a letter in staff's own words is gone, and may be written anew."""
    step = cycle.to_approve(prompt.step)
    # whoever wrote a letter may take it back, whatever her role
    mine = isinstance(step, Word) and step.by == command.actor
    role = cycle.demand(command.actor) if mine else authorise(cycle, command.actor, prompt)
    about: dict[str, Any] = {"step": prompt.step, "revision": prompt.revision}
    why: dict[str, Any] = {"role": role, "reason": command.reason}
    events = [closed(command, prompt.id, "reject", **why), StepRejected(**command.said, **about, **why)]
    if isinstance(step, Word):
        return events
    again = f"revise-{prompt.step}-{prompt.revision}"
    return [*events, opened(command, again, prompt.within, about="revise", **about, options=("again",))]
