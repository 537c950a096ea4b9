"""Notes: what staff want remembered beside what happened. The words are a row of the record; only ``n_…`` comes here.

A note decides nothing and changes nothing; it stands in the history with who wrote it and when. It may be of the whole
cycle, of a step, and of a library or a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange.base import Command, Event, Refusal

if TYPE_CHECKING:
    from exchange.state import Cycle

_PERSON = re.compile(r"p_[0-9a-z_]{1,40}")
"""A reference, and never words that somebody typed: those would stand in the history for good."""


class TakeNote(Command):
    """Staff note something; ``note`` is a text reference."""

    step: str = ""
    about: str = ""
    """A library of the plan by its id, or a person by her reference ``p_…``."""
    note: str = ""


class NoteTaken(Event):
    step: str = ""
    about: str = ""
    note: str
    role: str = ""


@dataclass(eq=False)
class NoteEmpty(Refusal):
    def __str__(self) -> str:
        return "A note needs words: kierros note TEXT."


@dataclass(eq=False)
class NobodyToNoteOf(Refusal):
    about: str
    hosts: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"A note can be about a library of the plan ({', '.join(self.hosts) or 'it names none'}) or about a person "
            f"of the cycle, and {self.about!r} is neither."
        )


def decide(cycle: Cycle, command: TakeNote) -> list[Event]:
    role = cycle.demand(command.actor)
    if not command.note.startswith("n_"):
        raise NoteEmpty
    step = cycle.known(command.step).id if command.step else ""
    about = command.about
    if about and not _PERSON.fullmatch(about) and cycle.plan.organisation(about) is None:
        raise NobodyToNoteOf(about, tuple(o.id for o in cycle.plan.organisations))
    return [NoteTaken(**command.said, step=step, about=about, note=command.note, role=role)]


def evolve(cycle: Cycle, _event: NoteTaken) -> Cycle:
    """Nothing follows from a note."""
    return cycle
