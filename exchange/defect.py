"""What went wrong outside the rules, made into a decision for staff: rows that cannot be read, letters that fail.

One bad row never stops the others: it is parked, and staff are prompted once for it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from exchange.base import Command, Event
from exchange.prompt import Choose, Prompt, authorise, closed, opened

if TYPE_CHECKING:
    from exchange.state import Cycle

WITHIN = timedelta(days=3)


class ParkDefect(Command):
    """The workflow: inbox row ``number`` could not be read, or made a rule fail; 0 for what time asked."""

    number: int
    error: str
    """An exception's name."""


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


def _park(cycle: Cycle, command: ParkDefect) -> list[Event]:
    prompt = f"defect-{command.number}" if command.number else f"defect-time-{cycle.defects + 1}"
    if prompt in cycle.prompts or prompt in cycle.answered:
        return []
    parked = RowParked(**command.said, number=command.number, error=command.error)
    about = {"about": "defect", "subject": str(command.number), "options": ("seen",)}
    return [parked, opened(command, prompt, WITHIN * cycle.plan.pace, **about)]


def _failed(cycle: Cycle, command: NoteFailedLetters) -> list[Event]:
    note = LettersFailed(**command.said, count=command.count, batch=command.batch)
    if any(p.about == "letters" for p in cycle.prompts.values()):
        return [note]
    about = {"about": "letters", "subject": str(command.count), "options": ("again", "leave")}
    return [note, opened(command, f"letters-{cycle.defects + 1}", WITHIN * cycle.plan.pace, **about)]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case ParkDefect():
            return _park(cycle, command)
        case NoteFailedLetters():
            return _failed(cycle, command)
        case _:
            raise TypeError(command)


def settle(cycle: Cycle, command: Choose, prompt: Prompt) -> list[Event]:
    """Staff have seen it; "again" has the failed letters tried once more."""
    role = authorise(cycle, command.actor, prompt)
    return [closed(command, prompt.id, command.option, role, command.reason)]


def evolve(cycle: Cycle, event: Event) -> Cycle:
    if isinstance(event, LettersFailed):
        cycle = _more_failed(cycle, event.count)
    return cycle.put(defects=cycle.defects + 1)


def _more_failed(cycle: Cycle, count: int) -> Cycle:
    """The decision about letters that waits is about these as well."""
    waits = next((p for p in cycle.prompts.values() if p.about == "letters"), None)
    if waits is None:
        return cycle
    return cycle.put(prompts=cycle.prompts.put(waits.id, counted(waits, count)))


def counted(prompt: Prompt, count: int) -> Prompt:
    """The decision about letters, with so many more that failed."""
    return prompt.model_copy(update={"subject": str(int(prompt.subject or 0) + count)})
