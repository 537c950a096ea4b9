"""Approvals: nothing that needs agreement leaves before the right person has agreed to exactly that.

A step's letters are rendered first and held; the prompt carries their digest, and the approval must name it. A prompt
is reminded once when its due date has come and passes to the deputy role when as long again has gone by; it never
fails the cycle. Source: seeds 000 ("discussed and agreed on the themes", "planned together").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime

from exchange.base import PLAN, TIME, Cents, Command, Due, Event, Model, Refusal
from exchange.money import BudgetExceeded
from exchange.plan import Approval, Invitations, Report, Seminar, Step, Visits, When

if TYPE_CHECKING:
    from exchange.state import Cycle


class Prepare(Command):
    """Time: make the step's letters ready."""

    step: str


class RecordPrepared(Command):
    """The step's letters (or the report) lie ready and held under ``digest``."""

    step: str
    revision: int
    digest: str
    letters: int = 0
    languages: tuple[str, ...] = ()


class Approve(Command):
    """Staff agree to exactly what ``digest`` names."""

    prompt: str
    digest: str = ""
    reason: str = ""


class Reject(Command):
    """Staff do not agree; ``reason`` is a text reference ``n_…``."""

    prompt: str
    reason: str = ""


class Choose(Command):
    """Staff answer a prompt that offers options; ``picks`` are references, where people are chosen."""

    prompt: str
    option: str
    picks: tuple[str, ...] = ()
    reason: str = ""


class RemindPrompt(Command):
    prompt: str


class PassPrompt(Command):
    prompt: str


class Prompt(Model):
    """A decision that waits for named staff."""

    id: str
    about: Literal["approval", "revise", "host", "select", "defect", "letters"]
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


class PreparationBegan(Event):
    step: str
    revision: int


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


class StepApproved(Event):
    step: str
    revision: int
    digest: str = ""
    role: str = ""
    reason: str = ""


class StepRejected(Event):
    step: str
    revision: int
    role: str = ""
    reason: str = ""


class Approving(Model):
    """Where a step stands on its way to agreement."""

    stage: Literal["none", "preparing", "asked", "given", "rejected"] = "none"
    revision: int = 0
    asked_by: str = ""


class Answered(Model):
    """How a prompt was answered: what later answers are told."""

    option: str
    by: str
    at: AwareDatetime


@dataclass(frozen=True)
class NothingWaits(Refusal):
    prompt: str

    def __str__(self) -> str:
        return f"No decision called {self.prompt} waits. `kierros waiting` lists those that do."


@dataclass(frozen=True)
class AlreadyDecided(Refusal):
    prompt: str
    option: str
    by: str
    since: datetime

    def __str__(self) -> str:
        return f"{self.prompt} was already decided ({self.option}) by {self.by} at {self.since:%Y-%m-%d %H:%M} UTC; that stands."


@dataclass(frozen=True)
class NotYourDecision(Refusal):
    actor: str
    roles: tuple[str, ...]

    def __str__(self) -> str:
        return f"This is for {' or '.join(self.roles) or 'nobody in this plan'} to decide, and {self.actor} does not hold that role in this cycle."


@dataclass(frozen=True)
class SecondPersonNeeded(Refusal):
    actor: str

    def __str__(self) -> str:
        return f"The plan asks for a second person here: {self.actor} started or asked for it and cannot also approve it."


@dataclass(frozen=True)
class LettersChanged(Refusal):
    prompt: str

    def __str__(self) -> str:
        return f"What waits under {self.prompt} is not what you looked at: it was made anew since. Look again, then decide."


@dataclass(frozen=True)
class NoSuchOption(Refusal):
    prompt: str
    option: str
    options: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.prompt} cannot be answered with {self.option!r}; it takes {', '.join(self.options)}."


def prepares(step: Step) -> When | None:
    """When the step's letters are made ready; None for a step that has none to approve."""
    match step:
        case Invitations() | Visits():
            return step.prepare
        case Seminar():
            return step.announce
        case Report():
            return step.due
        case _:
            return None


def may_prepare(cycle: Cycle, step: Step) -> bool:
    """Preparation runs ahead by date, but a programme needs its group, and a report what came before it."""
    before = cycle.before(step.id)
    if isinstance(step, Report):
        return all(cycle.settled(s.id) for s in before)
    if isinstance(step, Seminar):
        return all(cycle.settled(s.id) for s in before if s.kind == "registration")
    return True


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
    if prompt.second_person and actor == prompt.asked_by:
        raise SecondPersonNeeded(actor)
    return role


def waiting(cycle: Cycle, prompt_id: str) -> Prompt:
    """The open prompt of that id, or the refusal that says what became of it."""
    if (prompt := cycle.prompts.get(prompt_id)) is not None:
        return prompt
    if (answer := cycle.answered.get(prompt_id)) is not None:
        raise AlreadyDecided(prompt_id, answer.option, answer.by, answer.at)
    raise NothingWaits(prompt_id)


def opened(command: Command, prompt_id: str, within: timedelta, **fields: object) -> PromptOpened:
    """A prompt opened now, due ``within``."""
    prompt = Prompt.model_validate(
        {"id": prompt_id, "opened_at": command.at, "due_at": command.at + within, "within": within, **fields}
    )
    return PromptOpened(at=command.at, actor=command.actor, cause=command.cause, prompt=prompt)


def closed(command: Command, prompt: str, option: str, role: str = "", reason: str = "") -> PromptClosed:
    return PromptClosed(
        at=command.at, actor=command.actor, cause=command.cause, prompt=prompt, option=option, role=role, reason=reason
    )


def _prepared(cycle: Cycle, command: RecordPrepared) -> list[Event]:
    step, state = cycle.plan.step(command.step), cycle.approving(command.step)
    if state.stage != "preparing" or state.revision != command.revision:
        return []
    said = {"at": command.at, "cause": command.cause, "step": step.id, "revision": command.revision}
    wanted: Approval | None = step.approval
    if wanted is None:
        return [StepApproved(actor=PLAN, digest=command.digest, **said)]
    return [
        opened(
            command,
            f"approve-{step.id}-{command.revision}",
            wanted.within,
            about="approval",
            step=step.id,
            role=wanted.role,
            deputy=wanted.deputy,
            second_person=wanted.second_person,
            asked_by=state.asked_by or cycle.plan.starter,
            revision=command.revision,
            digest=command.digest,
            letters=command.letters,
            languages=command.languages,
            cents=cycle.at_stake(step.id),
            options=("approve", "reject"),
        )
    ]


def _answer(cycle: Cycle, command: Approve | Reject) -> list[Event]:
    prompt = waiting(cycle, command.prompt)
    if prompt.about != "approval":
        raise NoSuchOption(prompt.id, type(command).__name__.lower(), prompt.options)
    role = authorise(cycle, command.actor, prompt)
    said = {"at": command.at, "actor": command.actor, "cause": command.cause}
    about = {"step": prompt.step, "revision": prompt.revision, "role": role, "reason": command.reason}
    if isinstance(command, Reject):
        again = f"revise-{prompt.step}-{prompt.revision}"
        return [
            closed(command, prompt.id, "reject", role, command.reason),
            StepRejected(**said, **about),
            opened(command, again, prompt.within, about="revise", step=prompt.step, revision=prompt.revision, options=("again",)),
        ]
    if command.digest != prompt.digest:
        raise LettersChanged(prompt.id)
    if cycle.plan.budget.cap and prompt.cents > cycle.purse.free:
        raise BudgetExceeded(cycle.plan.budget.cap, cycle.purse.free, prompt.cents)
    return [
        closed(command, prompt.id, "approve", role, command.reason),
        StepApproved(**said, **about, digest=prompt.digest),
    ]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    """Preparation, approval, rejection, and what time does with a prompt that waits."""
    said = {"at": command.at, "actor": command.actor, "cause": command.cause}
    match command:
        case Prepare():
            state = cycle.approving(command.step)
            if state.stage != "none":
                return []
            return [PreparationBegan(**said, step=command.step, revision=state.revision + 1)]
        case RecordPrepared():
            return _prepared(cycle, command)
        case Approve() | Reject():
            return _answer(cycle, command)
        case RemindPrompt():
            held = cycle.prompts.get(command.prompt)
            return [] if held is None or held.reminded else [PromptReminded(**said, prompt=held.id)]
        case PassPrompt():
            held = cycle.prompts.get(command.prompt)
            if held is None or held.passed or held.deputy is None:
                return []
            return [PromptPassed(**said, prompt=held.id, role=held.deputy)]
        case _:
            raise TypeError(command)


def revise(cycle: Cycle, command: Choose, prompt: Prompt) -> list[Event]:
    """A rejected step is asked again: its letters are made ready anew under the next revision."""
    role = authorise(cycle, command.actor, prompt)
    return [
        closed(command, prompt.id, command.option, role, command.reason),
        PreparationBegan(
            at=command.at, actor=command.actor, cause=command.cause, step=prompt.step, revision=prompt.revision + 1
        ),
    ]


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case PreparationBegan():
            state = Approving(stage="preparing", revision=event.revision, asked_by=_asker(event.actor))
            return cycle.with_approving(event.step, state)
        case PromptOpened():
            after = cycle.put(prompts=cycle.prompts.put(event.prompt.id, event.prompt))
            if event.prompt.about != "approval":
                return after
            state = after.approving(event.prompt.step)
            return after.with_approving(event.prompt.step, state.model_copy(update={"stage": "asked"}))
        case PromptReminded():
            return _touch(cycle, event.prompt, reminded=True)
        case PromptPassed():
            return _touch(cycle, event.prompt, passed=True)
        case PromptClosed():
            answer = Answered(option=event.option, by=event.actor, at=event.at)
            return cycle.put(
                prompts=cycle.prompts.drop(event.prompt), answered=cycle.answered.put(event.prompt, answer)
            )
        case StepApproved() | StepRejected():
            stage = "given" if isinstance(event, StepApproved) else "rejected"
            state = cycle.approving(event.step).model_copy(update={"stage": stage})
            return cycle.with_approving(event.step, state)
        case _:
            raise TypeError(event)


def _asker(actor: str) -> str:
    return "" if actor in {TIME, PLAN} else actor


def _touch(cycle: Cycle, prompt_id: str, **changes: bool) -> Cycle:
    prompt = cycle.prompts.get(prompt_id)
    if prompt is None:
        return cycle
    return cycle.put(prompts=cycle.prompts.put(prompt_id, prompt.model_copy(update=changes)))


def due(cycle: Cycle) -> list[Due]:
    """Preparations by their date; each prompt's one reminder, then its passing to the deputy."""
    found = []
    for step in cycle.plan.steps:
        moment = prepares(step)
        if moment and cycle.approving(step.id).stage == "none" and may_prepare(cycle, step):
            found.append(Due(moment.at, Prepare(at=moment.at, actor=TIME, step=step.id), isinstance(step, Seminar)))
    for prompt in cycle.prompts.values():
        if not prompt.reminded:
            found.append(Due(prompt.due_at, RemindPrompt(at=prompt.due_at, actor=TIME, prompt=prompt.id), False))
        elif prompt.deputy and not prompt.passed:
            at = prompt.due_at + prompt.within
            found.append(Due(at, PassPrompt(at=at, actor=TIME, prompt=prompt.id), False))
    return found
