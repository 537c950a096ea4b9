"""What people told as they registered, in words, for those who may read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from exchange.base import Text
from exchange.plan import CyclePlan, Registration
from exchange.questions import Wanted
from exchange.state import Cycle
from store.own_words import OWN
from telling.names import Names

TITLES = {"diet": "What they eat", "access": "What they need to take part"}
"""What hosts have to know, and how a list of it is called."""
READERS = ("coordinator", "deputy coordinator")
"""Roles of those who look after the group."""


def meaning(question: Wanted, said: str, pick: Callable[[Text], str]) -> str:
    """An answer to a question of the plan's own: the words of the choice that its number stands for, or free words.

    Args:
        question: as the plan puts it.
        said: as it is kept; empty where nothing was answered.
        pick: chooses the language.
    """
    if not question.choices:
        return said
    number = int(said) if said.isascii() and said.isdigit() else 0
    return pick(question.choices[number - 1]) if 0 < number <= len(question.choices) else ""


def tallied(said: Iterable[str]) -> list[tuple[str, int]]:
    """The same answers together, whatever their capitals, spaces and full stops; the most frequent first."""
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for words in sorted(said):
        plain = " ".join(words.split())
        key = plain.casefold().rstrip(".!")
        first.setdefault(key, plain)
        counts[key] += 1
    return sorted(((first[key], count) for key, count in counts.items()), key=lambda one: (-one[1], one[0].casefold()))


@dataclass(frozen=True)
class Answer:
    """What one person told."""

    person: str
    name: str
    library: str
    said: str


@dataclass(frozen=True)
class Sheet:
    """One question, and what those who have a place told."""

    about: str
    title: str
    sensitive: bool
    answers: tuple[Answer, ...]
    silent: int
    """So many have a place and told nothing."""

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The same answers together, without names."""
        return tallied(answer.said for answer in self.answers)

    @property
    def rows(self) -> list[list[str]]:
        """Names, libraries and answers."""
        return [[one.name, one.library, one.said] for one in self.answers]


def may_read(state: Cycle, staff: str) -> bool:
    """Whether somebody looks after the group; where the plan names no coordinator, whoever started the cycle."""
    if any(state.plan.roles.get(role) for role in READERS):
        return any(state.holds(staff, role) for role in READERS)
    return staff == state.plan.starter


def questions(plan: CyclePlan) -> list[tuple[str, Wanted | None]]:
    """All that is asked as people register, as it is kept, each once."""
    found: dict[str, Wanted | None] = {}
    for step in plan.steps:
        if isinstance(step, Registration):
            found |= dict.fromkeys(about for about in TITLES if about in step.ask)
            found |= {OWN + one.id: one for one in step.wanted}
    return list(found.items())


def sheets(state: Cycle, names: Names, told: Mapping[str, Mapping[str, str]], people: Iterable[str]) -> list[Sheet]:
    """What people told, question by question.

    Args:
        state: the cycle.
        names: of its people and libraries, and the reader's language.
        told: what it is about → who → what she said, as it is kept.
        people: whose answers are meant, in this order.
    """
    who, found = list(people), []
    for about, own in questions(state.plan):
        said = {ref: str(words) for ref, words in told.get(about, {}).items() if words}
        spoken = {ref: meaning(own, words, names.pick) if own else words for ref, words in said.items()}
        answers = tuple(
            Answer(ref, names.who(ref), _library(state, names, ref), spoken[ref]) for ref in who if spoken.get(ref)
        )
        title = names.pick(own.text, own.id) if own else names.said(TITLES[about])
        found.append(Sheet(about, title, own is None or own.sensitive, answers, len(who) - len(answers)))
    return found


def _library(state: Cycle, names: Names, person: str) -> str:
    _, place = state.place(person)
    home = (place.home if place else "") or state.plan.homes.get(person, "")
    return names.host(home) if home else ""


@dataclass(frozen=True)
class Lesson:
    """What one participant learned, and from whom; signed."""

    name: str
    library: str
    what: str
    host: str
    """The id of the library from which; empty where she named none."""
    shown: bool
    """That library may read it, with her name."""


def lessons(state: Cycle, names: Names, told: Mapping[str, Any]) -> list[Lesson]:
    """What participants told that they learned, by their names.

    Args:
        state: the cycle.
        names: of its people and libraries.
        told: who → what she told of it, as it is kept.
    """
    found = [
        Lesson(names.who(ref), _library(state, names, ref), one["what"], one.get("from", ""), bool(one.get("host")))
        for ref, one in told.items()
        if isinstance(one, Mapping) and one.get("what")
    ]
    return sorted(found, key=lambda one: one.name.casefold())
