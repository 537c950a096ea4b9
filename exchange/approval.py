"""Approvals: nothing that needs agreement leaves before the right person has agreed to exactly that.

A step's letters are rendered first and held; the prompt carries their digest, and the approval must name it. When a
date that they name moves, they are made ready anew under the next revision, and whoever moved it has had a hand in
them. Source: seeds 000 ("discussed and agreed on the themes", "planned together"); TRUST invariants 1, 2, 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from exchange.base import PLAN, TIME, Command, Due, Event, Model, Refusal
from exchange.eyes import had_a_hand, leave_somebody, naming
from exchange.groups import Word
from exchange.lateness import LateAgain, late
from exchange.plan import Approval, Invitations, Report, Seminar, Step, Visits, When
from exchange.prompt import (
    AlreadyDecided,
    Answered,
    Choose,
    NoSuchOption,
    NothingWaits,
    NotYourDecision,
    PassPrompt,
    Prompt,
    PromptClosed,
    PromptOpened,
    PromptPassed,
    PromptReminded,
    RemindPrompt,
    SecondPersonNeeded,
    authorise,
    closed,
    opened,
)

if TYPE_CHECKING:
    from exchange.state import Cycle

__all__ = [
    "AlreadyDecided",
    "Answered",
    "Approve",
    "Approving",
    "Choose",
    "LettersChanged",
    "NoSuchOption",
    "NotYourDecision",
    "NothingWaits",
    "PassPrompt",
    "PreparationBegan",
    "Prepare",
    "Prompt",
    "PromptClosed",
    "PromptOpened",
    "PromptPassed",
    "PromptReminded",
    "RecordPrepared",
    "Reject",
    "RemindPrompt",
    "SecondPersonNeeded",
    "StepApproved",
    "StepRejected",
]


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
    copy_to_me: bool = False
    """Whoever approves gets a copy: one of each kind of letter in each language."""


class Reject(Command):
    """Staff do not agree; ``reason`` is a text reference ``n_…``."""

    prompt: str
    reason: str = ""


class PreparationBegan(Event):
    """The letters of this revision are to be made ready; those of an earlier one are thrown away."""

    step: str
    revision: int


class StepApproved(Event):
    step: str
    revision: int
    digest: str = ""
    role: str = ""
    reason: str = ""
    copies: tuple[str, ...] = ()
    """Staff who get a copy: one of each kind of letter in each language."""


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
    hands: tuple[str, ...] = ()
    """Staff who asked for it anew or moved a date that its letters name, at this revision or an earlier one; besides
    whoever started the cycle. Source: TRUST invariant 5."""
    added: tuple[str, ...] = ()
    """References ``n_…`` of the paragraphs that staff added to the letters."""


@dataclass(eq=False)
class LettersChanged(Refusal):
    prompt: str

    def __str__(self) -> str:
        return (
            f"What waits under {self.prompt} is not what you looked at: it was made anew since. "
            "Look again, then decide."
        )


def prepares(step: Step | Word) -> When | None:
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


def remade(cycle: Cycle, command: Command, moved: str) -> list[Event]:
    """Letters that wait for agreement and name a date that has moved in the step: made ready anew.

    Raises:
        NobodyLeftToApprove: four eyes are demanded, and the mover's are the last two.
    """
    return made_anew(cycle, command, naming(cycle, moved))


def made_anew(cycle: Cycle, command: Command, steps: Iterable[Step]) -> list[Event]:
    """Those letters of the steps that wait for agreement, under their next revision.

    Raises:
        NobodyLeftToApprove: four eyes are demanded, and those of whoever changed them are the last two.
    """
    events: list[Event] = []
    for step in steps:
        leave_somebody(cycle, step, command.actor)
        state = cycle.approving(step.id)
        if state.stage not in {"preparing", "asked"}:
            continue
        events += [
            closed(command, p.id, "lapsed")
            for p in cycle.prompts.values()
            if (p.about, p.step) == ("approval", step.id)
        ]
        events.append(PreparationBegan(**command.said, step=step.id, revision=state.revision + 1))
    return events


def _prepared(cycle: Cycle, command: RecordPrepared) -> list[Event]:
    state = cycle.approving(command.step)
    if state.stage != "preparing" or state.revision != command.revision:
        return []
    step = cycle.to_approve(command.step)
    wanted = step.approval
    if wanted is None:
        if cycle.affords(step.id, cycle.at_stake(step.id)) and late(cycle, step, command.at) is None:
            said = {**command.said, "actor": PLAN}
            return [StepApproved(**said, step=step.id, revision=command.revision, digest=command.digest)]
        # the plan asks nobody, but its money does not reach, or its day has gone by: that is for staff to settle
        wanted = Approval(role="coordinator")
    return [opened(command, f"approve-{step.id}-{command.revision}", wanted.within, **_asking(cycle, command, wanted))]


def _asking(cycle: Cycle, command: RecordPrepared, wanted: Approval) -> dict[str, Any]:
    """What the prompt shows of what lies ready, and whom it asks."""
    word = cycle.words.get(command.step)
    whom = wanted.model_dump(include={"role", "deputy", "second_person"})
    what = command.model_dump(include={"step", "revision", "digest", "letters", "languages"})
    return {
        **whom,
        **what,
        "about": "approval",
        "asked_by": cycle.approving(command.step).asked_by or (word.by if word else cycle.plan.starter),
        "cents": cycle.at_stake(command.step),
        "options": ("approve", "reject"),
    }


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case Prepare():
            revision = cycle.approving(command.step).revision + 1
            return [PreparationBegan(**command.said, step=command.step, revision=revision)]
        case RecordPrepared():
            return _prepared(cycle, command)
        case _:
            raise TypeError(command)


def revise(cycle: Cycle, command: Choose, prompt: Prompt) -> list[Event]:
    """A rejected step is asked again: its letters are made ready anew under the next revision."""
    role, step = authorise(cycle, command.actor, prompt), cycle.known(prompt.step)
    leave_somebody(cycle, step, command.actor)
    if (past := late(cycle, step, command.at)) is not None:
        raise LateAgain(past.step, past.of, past.field, past.since, past.slot)
    return [
        closed(command, prompt.id, command.option, role, command.reason),
        PreparationBegan(**command.said, step=prompt.step, revision=prompt.revision + 1),
    ]


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case PreparationBegan():
            asker = "" if event.actor in {TIME, PLAN} else event.actor
            changes = {"stage": "preparing", "revision": event.revision, "asked_by": asker}
            state = cycle.approving(event.step).model_copy(update=changes)
            cycle = cycle.with_approving(event.step, state)
            return had_a_hand(cycle, [cycle.to_approve(event.step)], event.actor)
        case StepApproved() | StepRejected() if event.step in cycle.words:
            return _done_with(cycle, event.step)
        case StepApproved() | StepRejected():
            stage = "given" if isinstance(event, StepApproved) else "rejected"
            state = cycle.approving(event.step).model_copy(update={"stage": stage})
            return cycle.with_approving(event.step, state)
        case _:
            raise TypeError(event)


def _done_with(cycle: Cycle, word: str) -> Cycle:
    """The state without a letter of staff's own that has left or was rejected."""
    left = {name: one for name, one in cycle.words.items() if name != word}
    return cycle.put(words=left, approvals={name: one for name, one in cycle.approvals.items() if name != word})


def due(cycle: Cycle) -> list[Due]:
    """Preparations by their date."""
    return [
        Due(moment.at, Prepare(at=moment.at, actor=TIME, step=step.id), after_post=isinstance(step, Seminar))
        for step in cycle.plan.steps
        if (moment := prepares(step)) and cycle.approving(step.id).stage == "none" and may_prepare(cycle, step)
    ]
