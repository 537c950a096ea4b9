"""A paragraph of staff's own in a step's letters, added before they are approved: they are made ready anew with it.

Whoever adds one has had a hand in the letters. What was approved is not changed any more. TRUST invariants 2 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange.approval import PreparationBegan
from exchange.base import Command, Event, Refusal
from exchange.eyes import had_a_hand, leave_somebody
from exchange.plan import Invitations, Seminar, Visits
from exchange.prompt import closed

if TYPE_CHECKING:
    from exchange.state import Cycle

MOST = 5
"""So many paragraphs may be added to the letters of a step."""


class AddParagraph(Command):
    """Staff add a paragraph to a step's letters, or (without ``text``) take back all that were added."""

    step: str
    text: str = ""
    """Reference ``n_…`` of the words, in one language or several."""


class ParagraphAdded(Event):
    step: str
    text: str
    role: str = ""


class ParagraphsTakenBack(Event):
    step: str
    role: str = ""


@dataclass(eq=False)
class NoLettersToAddTo(Refusal):
    step: str

    def __str__(self) -> str:
        return f"{self.step} has no letters to approve; invitations, seminars and visits have."


@dataclass(eq=False)
class ApprovedAlready(Refusal):
    step: str

    def __str__(self) -> str:
        return f"The letters of {self.step} were approved already; what was approved is what is sent."


@dataclass(eq=False)
class TooManyParagraphs(Refusal):
    step: str
    most: int

    def __str__(self) -> str:
        return f"{self.step} has {self.most} paragraphs of yours already. Take them back first, or say it in fewer."


@dataclass(eq=False)
class NothingWasAdded(Refusal):
    step: str

    def __str__(self) -> str:
        return f"Nothing was added to the letters of {self.step}, so there is nothing to take back."


def decide(cycle: Cycle, command: AddParagraph) -> list[Event]:
    role = cycle.demand(command.actor)
    step = cycle.known(command.step)
    state = cycle.approving(step.id)
    if not isinstance(step, Invitations | Seminar | Visits):
        raise NoLettersToAddTo(step.id)
    if state.stage == "given":
        raise ApprovedAlready(step.id)
    if not command.text and not state.added:
        raise NothingWasAdded(step.id)
    if command.text and len(state.added) >= MOST:
        raise TooManyParagraphs(step.id, MOST)
    leave_somebody(cycle, step, command.actor)
    if command.text:
        event: Event = ParagraphAdded(**command.said, step=step.id, text=command.text, role=role)
    else:
        event = ParagraphsTakenBack(**command.said, step=step.id, role=role)
    if state.stage not in {"preparing", "asked"}:
        return [event]
    lapsed = [
        closed(command, p.id, "lapsed") for p in cycle.prompts.values() if (p.about, p.step) == ("approval", step.id)
    ]
    return [*lapsed, event, PreparationBegan(**command.said, step=step.id, revision=state.revision + 1)]


def evolve(cycle: Cycle, event: ParagraphAdded | ParagraphsTakenBack) -> Cycle:
    state = cycle.approving(event.step)
    added = (*state.added, event.text) if isinstance(event, ParagraphAdded) else ()
    cycle = cycle.with_approving(event.step, state.model_copy(update={"added": added}))
    return had_a_hand(cycle, [cycle.plan.step(event.step)], event.actor)
