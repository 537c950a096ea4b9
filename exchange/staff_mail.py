"""Which letters follow from decisions: word to staff of those that wait, copies to them, letters of their own words."""

from __future__ import annotations

from typing import Literal

from exchange import approval, handing
from exchange.base import Event
from exchange.eyes import fresh_eyes
from exchange.groups import Word, readers
from exchange.host_mail import not_needed
from exchange.mail import LetterKind, Mail, batch_of, some
from exchange.state import Cycle


def of_decisions(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    match event:
        case approval.PreparationBegan() if event.revision > 1:
            return [Mail(op="drop", batch=batch_of(event.step, event.revision - 1))]
        case approval.PromptOpened():
            return _to_staff(after, "decision_waiting", event.prompt.id, event.prompt.role)
        case approval.PromptReminded():
            return _to_staff(after, "decision_reminder", event.prompt, before.prompts[event.prompt].role)
        case approval.PromptPassed():
            return _to_staff(after, "decision_waiting", event.prompt, event.role)
        case handing.RolesHandedOver():
            return _passed_to(before, event)
        case approval.PromptClosed():
            return not_needed(before, event, after)
        case approval.StepRejected():
            return [Mail(op="drop", batch=batch_of(event.step, event.revision))]
        case approval.StepApproved():
            return _approved(before, event)
        case _:
            return None


def _approved(before: Cycle, event: approval.StepApproved) -> list[Mail]:
    """The copies that were asked for, and a letter of staff's own to those who are to have it by now."""
    batch = batch_of(event.step, event.revision)
    copies = some(Mail(op="copy", kind="copy", to=event.copies, step=event.step, batch=batch))
    word = before.words.get(event.step)
    return copies if word is None else [*copies, of_word(before, word, "release", batch), Mail(op="drop", batch=batch)]


def of_word(cycle: Cycle, word: Word, op: Literal["hold", "release"], batch: str) -> Mail:
    return Mail(op=op, kind="word", to=readers(cycle, word), step=word.id, batch=batch, facts=word.facts)


def _passed_to(before: Cycle, event: handing.RolesHandedOver) -> list[Mail]:
    """Word to whoever takes over of the decisions that wait for her now and did not before."""
    mails: list[Mail] = []
    for prompt in before.prompts.values():
        asked = [prompt.role, *([prompt.deputy] if prompt.passed and prompt.deputy else [])]
        new = [role for role in asked if role in event.roles and not before.holds(event.to, role)]
        mails += [_asking("decision_waiting", (event.to,), prompt.id, role) for role in new[:1]]
    return mails


def _to_staff(cycle: Cycle, kind: LetterKind, prompt: str, role: str) -> list[Mail]:
    """To those of the role who may decide; where nobody who was asked first may, to all of them, so that they know."""
    staff, asked = cycle.plan.roles.get(role, ()), cycle.prompts[prompt]
    free = tuple(one for one in staff if fresh_eyes(cycle, asked, one))
    return some(_asking(kind, free or (staff if role == asked.role else ()), prompt, role))


def _asking(kind: LetterKind, to: tuple[str, ...], prompt: str, role: str) -> Mail:
    return Mail(kind=kind, to=to, mark=f"{prompt}/{role}", facts={"prompt": prompt, "role": role})
