"""What went wrong outside the rules, made into a decision for staff: rows that cannot be read, letters that fail.

One bad row never stops the others: it is parked, and staff are prompted once for it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from exchange.approval import Choose, Prompt, authorise, closed, opened
from exchange.base import Command, Event

if TYPE_CHECKING:
    from exchange.state import Cycle

WITHIN = timedelta(days=3)


class ParkDefect(Command):
    """The workflow: inbox row ``number`` could not be read, or made a rule fail with ``error`` (an exception's name)."""

    number: int
    error: str


class NoteFailedLetters(Command):
    """The post office: ``count`` letters could not be delivered after the last try."""

    count: int
    batch: str = ""


class RowParked(Event):
    number: int
    error: str


class LettersFailed(Event):
    count: int
    batch: str = ""


def decide(cycle: Cycle, command: Command) -> list[Event]:
    said = {"at": command.at, "actor": command.actor, "cause": command.cause}
    within = WITHIN * cycle.plan.pace
    match command:
        case ParkDefect():
            ask = opened(
                command, f"defect-{command.number}", within, about="defect", subject=str(command.number), options=("seen",)
            )
            return [RowParked(**said, number=command.number, error=command.error), ask]
        case NoteFailedLetters():
            note = LettersFailed(**said, count=command.count, batch=command.batch)
            waits = any(p.about == "letters" for p in cycle.prompts.values())
            if waits:
                return [note]
            number = cycle.defects + 1
            ask = opened(
                command, f"letters-{number}", within, about="letters", subject=str(command.count), options=("again", "leave")
            )
            return [note, ask]
        case _:
            raise TypeError(command)


def settle(cycle: Cycle, command: Choose, prompt: Prompt) -> list[Event]:
    """Staff have seen it; "again" has the failed letters tried once more."""
    role = authorise(cycle, command.actor, prompt)
    return [closed(command, prompt.id, command.option, role, command.reason)]


def evolve(cycle: Cycle, event: Event) -> Cycle:
    return cycle.put(defects=cycle.defects + 1)
