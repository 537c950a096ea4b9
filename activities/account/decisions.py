"""The decisions: which role decided what, when, and how long it had waited. Roles, never persons."""

from __future__ import annotations

from activities.account.running import Decision
from activities.account.sources import Sources, point
from exchange.amending import PlanAmended
from exchange.approval import (
    Prompt,
    PromptClosed,
    PromptOpened,
    PromptPassed,
    PromptReminded,
    StepApproved,
)
from exchange.base import PLAN, Event
from exchange.booking import VisitMoved
from exchange.cancelling import CycleCancelled
from exchange.moving import DateMoved
from exchange.registration import CapacityChanged
from exchange.spending import ShareChanged


def decisions(sources: Sources) -> tuple[Decision, ...]:
    """Everything that was decided, in the order in which it was."""
    prompts = {event.prompt.id: event.prompt for event in sources.events(PromptOpened)}
    reminded = {event.prompt for event in sources.events(PromptReminded)}
    passed = {event.prompt for event in sources.events(PromptPassed)}
    found = []
    for event in sources.journal:
        if isinstance(event, PromptClosed) and event.prompt in prompts:
            late = {"reminded": event.prompt in reminded, "passed": event.prompt in passed}
            found.append(_answered(sources, prompts[event.prompt], event).model_copy(update=late))
        elif isinstance(event, ShareChanged):
            share = Decision(about="share", option=event.funder, role=event.role, cents=event.cents, at=event.at)
            found.append(share)
        elif (other := _other(sources, event)) is not None:
            found.append(other)
    return tuple(found)


def _answered(sources: Sources, prompt: Prompt, event: PromptClosed) -> Decision:
    return Decision(
        about=prompt.about,
        step=prompt.step,
        title=sources.title(prompt.step) if prompt.step else {},
        subject=sources.organisation(prompt.host) if prompt.host else {},
        option=event.option,
        role=event.role if event.option != "lapsed" else "",
        revision=prompt.revision,
        letters=prompt.letters,
        cents=prompt.cents,
        second_person=prompt.second_person and event.option == "approve",
        asked_at=prompt.opened_at,
        at=event.at,
        days=sources.days(prompt.opened_at, event.at),
    )


def _other(sources: Sources, event: Event) -> Decision | None:
    """What was decided without a prompt: by the plan beforehand, or by staff of their own accord."""
    match event:
        case StepApproved() if event.actor == PLAN:
            return Decision(
                about="approval", step=event.step, title=sources.title(event.step), option="plan",
                revision=event.revision, at=event.at,
            )  # fmt: skip
        case DateMoved() | VisitMoved():
            return _moved(sources, event)
        case PlanAmended():
            return Decision(about="amend", option="amend", role=event.role, revision=event.revision, at=event.at)
        case CapacityChanged():
            return Decision(
                about="places", step=event.step, title=sources.title(event.step), option=str(event.capacity),
                role=_role(sources, event.actor), at=event.at,
            )  # fmt: skip
        case CycleCancelled():
            return Decision(about="cancel", option="cancel", role=event.role, at=event.at)
        case _:
            return None


def _moved(sources: Sources, event: DateMoved | VisitMoved) -> Decision:
    what, when = (event.field, event.when) if isinstance(event, DateMoved) else ("visit", event.begins)
    return Decision(
        about="move", step=event.step, title=sources.title(event.step), option=what,
        role=_role(sources, event.actor), at=event.at, moved_to=point(when),
    )  # fmt: skip


def _role(sources: Sources, actor: str) -> str:
    """The role in which such a decision is taken: the coordinator's where the actor holds it."""
    plan = sources.cycle.plan
    held = [role for role, people in plan.roles.items() if actor in people]
    return "coordinator" if "coordinator" in held else (held[0] if held else "")
