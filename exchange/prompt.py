"""Prompts: decisions that wait for named staff, each answered once.

A prompt is reminded once when its due date has come, and passes to the deputy role as well when as long again has gone
by; it never fails the cycle. Later answers are told the first one and whose it was. TRUST invariants 4, 5, 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime, Field

from exchange.base import TIME, Cents, Command, Due, Event, Model, Refusal
from exchange.eyes import fresh_eyes
from exchange.plan import When

if TYPE_CHECKING:
    from exchange.state import Cycle


class Choose(Command):
    """Staff answer a prompt that offers options; ``picks`` are references, where people are chosen."""

    prompt: str
    option: str
    picks: tuple[str, ...] = ()
    reason: str = ""
    anyway: bool = False
    """Known and meant: at a host's new time the group is expected elsewhere as well."""


class RemindPrompt(Command):
    """Time: the decision's due date has come."""

    prompt: str


class PassPrompt(Command):
    """Time: the decision has waited twice as long as it may."""

    prompt: str


class Prompt(Model):
    """A decision that waits for named staff."""

    id: str
    about: Literal["approval", "revise", "host", "select", "defect", "letters", "money", "wish"]
    step: str = ""
    subject: str = ""
    """What it is about within the step: a slot, an inbox row, a count of letters."""
    host: str = ""
    role: str = "coordinator"
    deputy: str | None = None
    opened_at: AwareDatetime
    due_at: AwareDatetime
    within: timedelta
    reminded: bool = False
    passed: bool = False
    second_person: bool = False
    asked_by: str = ""
    revision: int = 0
    digest: str = ""
    letters: int = 0
    languages: tuple[str, ...] = ()
    cents: Cents = 0
    options: tuple[str, ...] = ()
    begins: When | None = None
    """With ``ends``: the time that a host asks for."""
    ends: When | None = None


class PromptOpened(Event):
    prompt: Prompt


class PromptReminded(Event):
    prompt: str


class PromptPassed(Event):
    """Unanswered for too long: the deputy role may decide now, too."""

    prompt: str
    role: str


class PromptClosed(Event):
    """The prompt is answered, or what it was about is gone (``option`` "lapsed")."""

    prompt: str
    option: str
    role: str = ""
    reason: str = ""
    newer: str = Field(default="", exclude_if=lambda newer: not newer)
    """The decision that takes its place, where something came that it knew nothing of."""


class Answered(Model):
    """How a prompt was answered: what later answers are told."""

    option: str
    by: str
    at: AwareDatetime
    newer: str = Field(default="", exclude_if=lambda newer: not newer)


@dataclass(eq=False)
class NothingWaits(Refusal):
    prompt: str

    def __str__(self) -> str:
        return f"No decision called {self.prompt} waits. `kierros waiting` lists those that do."


@dataclass(eq=False)
class AlreadyDecided(Refusal):
    prompt: str
    option: str
    by: str
    since: datetime

    def __str__(self) -> str:
        when = self.clock(self.since)
        return f"{self.prompt} was already decided ({self.option}) by {self.by} at {when}; that stands."


@dataclass(eq=False)
class NoLongerNeeded(Refusal):
    prompt: str
    newer: str = ""
    """The decision that waits in its place, if one does."""

    def __str__(self) -> str:
        if self.newer:
            return f"{self.prompt} is no longer needed: {self.newer} took its place; see `kierros waiting`."
        return f"{self.prompt} is no longer needed: what it was about is settled or has changed; see `kierros waiting`."


@dataclass(eq=False)
class NotYourDecision(Refusal):
    actor: str
    roles: tuple[str, ...]

    def __str__(self) -> str:
        roles = " or ".join(self.roles) or "nobody in this plan"
        return f"This is for {roles} to decide, and {self.actor} does not hold that role in this cycle."


@dataclass(eq=False)
class SecondPersonNeeded(Refusal):
    actor: str

    def __str__(self) -> str:
        return (
            f"The plan asks for a second person here: {self.actor} started, changed or asked for it and cannot also "
            "approve it. Somebody else whom `kierros waiting` names decides it (--as NAME)."
        )


@dataclass(eq=False)
class NoSuchOption(Refusal):
    prompt: str
    option: str
    options: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.prompt} cannot be answered with {self.option!r} here; it takes {', '.join(self.options)}."


def authorise(cycle: Cycle, actor: str, prompt: Prompt) -> str:
    """The role in which ``actor`` may answer the prompt.

    Raises:
        NotYourDecision: no role of the actor's is asked.
        SecondPersonNeeded: four eyes are demanded, and these would be the same two.
    """
    roles = (prompt.role, prompt.deputy) if prompt.passed and prompt.deputy else (prompt.role,)
    role = next((r for r in roles if r and cycle.holds(actor, r)), None)
    if role is None:
        raise NotYourDecision(actor, tuple(r for r in roles if r))
    if not fresh_eyes(cycle, prompt, actor):
        raise SecondPersonNeeded(actor)
    return role


def waiting(cycle: Cycle, prompt_id: str) -> Prompt:
    """The open prompt of that id, or the refusal that says what became of it."""
    if (prompt := cycle.prompts.get(prompt_id)) is not None:
        return prompt
    if (answer := cycle.answered.get(prompt_id)) is not None:
        if answer.option == "lapsed":
            raise NoLongerNeeded(prompt_id, successor(cycle, prompt_id))
        raise AlreadyDecided(prompt_id, answer.option, answer.by, answer.at)
    raise NothingWaits(prompt_id)


def successor(cycle: Cycle, prompt_id: str) -> str:
    """The open prompt that took the place of one that lapsed; empty where none did."""
    newer = prompt_id
    while (answer := cycle.answered.get(newer)) is not None and answer.newer:
        newer = answer.newer
    if newer in cycle.prompts:
        return newer
    stem, number = _numbered(prompt_id)
    return next((p for p in cycle.prompts if (it := _numbered(p))[0] == stem and it[1] > number), "")


def _numbered(prompt_id: str) -> tuple[str, int]:
    """What all prompts about the same begin with, and which of them it is."""
    stem, _, number = prompt_id.rpartition("-")
    return (stem, int(number)) if number.isdecimal() else (prompt_id, 0)


def opened(command: Command, prompt_id: str, within: timedelta, **fields: object) -> PromptOpened:
    """A prompt opened now, due ``within``."""
    said = command.onward
    times = {"opened_at": said["at"], "due_at": said["at"] + within, "within": within}
    return PromptOpened(**said, prompt=Prompt.model_validate({"id": prompt_id, **times, **fields}))


def closed(command: Command, prompt: str, option: str, role: str = "", reason: str = "") -> PromptClosed:
    return PromptClosed(**command.said, prompt=prompt, option=option, role=role, reason=reason)


def overtaken(command: Command, prompt: str, newer: PromptOpened) -> PromptClosed:
    """The prompt is closed by what has come since, for which ``newer`` is opened."""
    return PromptClosed(**command.said, prompt=prompt, option="lapsed", newer=newer.prompt.id)


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case RemindPrompt():
            return [PromptReminded(**command.said, prompt=command.prompt)]
        case PassPrompt():
            deputy = cycle.prompts[command.prompt].deputy
            return [PromptPassed(**command.said, prompt=command.prompt, role=deputy or "")]
        case _:
            raise TypeError(command)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case PromptOpened():
            return _opened(cycle.put(prompts=cycle.prompts.put(event.prompt.id, event.prompt)), event.prompt)
        case PromptReminded():
            return _touch(cycle, event.prompt, reminded=True)
        case PromptPassed():
            return _touch(cycle, event.prompt, passed=True)
        case PromptClosed():
            answer = Answered(option=event.option, by=event.actor, at=event.at, newer=event.newer)
            return cycle.put(
                prompts=cycle.prompts.drop(event.prompt), answered=cycle.answered.put(event.prompt, answer)
            )
        case _:
            raise TypeError(event)


def _opened(cycle: Cycle, prompt: Prompt) -> Cycle:
    """What the prompt is about knows that staff were asked."""
    if prompt.about == "approval":
        asked = cycle.approving(prompt.step).model_copy(update={"stage": "asked"})
        return cycle.with_approving(prompt.step, asked)
    if prompt.about in {"host", "wish"}:
        booking = cycle.booking(prompt.step, prompt.subject)
        asked_again = booking.model_copy(update={"asked_staff": booking.asked_staff + 1})
        return cycle.with_booking(prompt.step, prompt.subject, asked_again)
    return cycle


def _touch(cycle: Cycle, prompt_id: str, **changes: bool) -> Cycle:
    prompt = cycle.prompts[prompt_id]
    return cycle.put(prompts=cycle.prompts.put(prompt_id, prompt.model_copy(update=changes)))


def due(cycle: Cycle) -> list[Due]:
    """Each prompt's one reminder, then its passing to the deputy."""
    found = []
    for prompt in cycle.prompts.values():
        if not prompt.reminded:
            at = prompt.due_at
            found.append(Due(at, RemindPrompt(at=at, actor=TIME, prompt=prompt.id), after_post=False))
        elif prompt.deputy and not prompt.passed:
            at = prompt.due_at + prompt.within
            found.append(Due(at, PassPrompt(at=at, actor=TIME, prompt=prompt.id), after_post=False))
    return found
