"""Letters in staff's own words: to groups of people, made ready and approved like any other letter.

Who reads one is selected when it is approved: those who are in its groups by then. Its words are rows of the record;
only their references come here. Whoever wrote it has had a hand in it. TRUST invariants 2, 5, 27.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange.approval import PreparationBegan
from exchange.base import Command, Event, Refusal
from exchange.eyes import holders, strictest
from exchange.groups import GROUPS, PREFIX, EmptyGroup, UnknownGroup, Word, readers

if TYPE_CHECKING:
    from exchange.state import Cycle

MOST = 10
"""So many letters of staff's own may wait to be approved."""
MOST_PEOPLE = 50
"""So many people may be named one by one."""

_PERSON = re.compile(r"p_[0-9a-z_]{1,40}")
"""A reference, and never a name that somebody typed: that would stand in the history for good."""


class Write(Command):
    """Staff write a letter; ``subject`` and ``text`` are text references ``n_…``."""

    groups: tuple[str, ...] = ()
    """Names of :data:`exchange.groups.GROUPS`."""
    people: tuple[str, ...] = ()
    """People named one by one, by their references ``p_…``."""
    subject: str = ""
    text: str = ""
    copy_to_me: bool = False
    """Whoever writes it gets a copy when it leaves."""


class LetterWritten(Event):
    word: str
    """What the letter is called: ``word_1``."""
    groups: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    subject: str
    text: str
    copies: tuple[str, ...] = ()
    role: str = ""


@dataclass(eq=False)
class LetterEmpty(Refusal):
    def __str__(self) -> str:
        return "A letter needs a subject and words: kierros write --to GROUP --subject TEXT --text TEXT."


@dataclass(eq=False)
class NobodyNamed(Refusal):
    def __str__(self) -> str:
        return (
            f"Say to whom you write, with --to: {', '.join(GROUPS)}, or somebody's e-mail address. `kierros write "
            "--groups` says who is in which."
        )


@dataclass(eq=False)
class NotAPerson(Refusal):
    person: str

    def __str__(self) -> str:
        return f"A letter goes to groups and to people of the cycle, and {self.person!r} is no reference to a person."


@dataclass(eq=False)
class TooManyNamed(Refusal):
    count: int
    most: int

    def __str__(self) -> str:
        return f"{self.count} people are named one by one; at most {self.most} can be. Write to a group instead."


@dataclass(eq=False)
class TooManyLettersWait(Refusal):
    most: int

    def __str__(self) -> str:
        return f"{self.most} letters of your own wait to be approved already. Approve or reject some of them first."


@dataclass(eq=False)
class NobodyElseToApprove(Refusal):
    actor: str

    def __str__(self) -> str:
        return (
            f"The plan asks for a second person to approve letters, and if {self.actor} wrote this one, nobody would "
            "be left who could approve it. Let somebody else write it (--as NAME)."
        )


def decide(cycle: Cycle, command: Write) -> list[Event]:
    role = cycle.demand(command.actor)
    if not (command.subject.startswith("n_") and command.text.startswith("n_")):
        raise LetterEmpty
    groups, people = tuple(dict.fromkeys(command.groups)), tuple(dict.fromkeys(command.people))
    _check_readers(cycle, groups, people)
    if len(cycle.words) >= MOST:
        raise TooManyLettersWait(MOST)
    event = LetterWritten(
        **command.said,
        word=f"{PREFIX}{cycle.written + 1}",
        groups=groups,
        people=people,
        subject=command.subject,
        text=command.text,
        copies=(command.actor,) if command.copy_to_me else (),
        role=role,
    )
    _leave_another(cycle, _written(cycle, event))
    return [event, PreparationBegan(**command.said, step=event.word, revision=1)]


def _leave_another(cycle: Cycle, word: Word) -> None:
    """Whether somebody else than its author may approve it: nobody but she has had a hand in it.

    Raises:
        NobodyElseToApprove: a second person is wanted, and there is none.
    """
    if word.approval.second_person and not holders(cycle.plan, word.approval) - {word.by}:
        raise NobodyElseToApprove(word.by)


def _check_readers(cycle: Cycle, groups: tuple[str, ...], people: tuple[str, ...]) -> None:
    """Whether there is somebody to read it in each group, and each who is named may be somebody.

    Raises:
        NobodyNamed, UnknownGroup, EmptyGroup, NotAPerson, TooManyNamed: as their names say.
    """
    if not groups and not people:
        raise NobodyNamed
    for group in groups:
        if group not in GROUPS:
            raise UnknownGroup(group, tuple(GROUPS))
        if not readers(cycle, Word(id="", groups=(group,))):
            raise EmptyGroup(group)
    for person in people:
        if not _PERSON.fullmatch(person):
            raise NotAPerson(person)
    if len(people) > MOST_PEOPLE:
        raise TooManyNamed(len(people), MOST_PEOPLE)


def _written(cycle: Cycle, event: LetterWritten) -> Word:
    return Word(
        id=event.word,
        groups=event.groups,
        people=event.people,
        subject=event.subject,
        text=event.text,
        by=event.actor,
        copies=event.copies,
        approval=strictest(cycle.plan),
    )


def evolve(cycle: Cycle, event: LetterWritten) -> Cycle:
    return cycle.put(words={**cycle.words, event.word: _written(cycle, event)}, written=cycle.written + 1)
