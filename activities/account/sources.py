"""What the account is made of, and the few things every chapter asks of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from statistics import median
from typing import Any, TypeVar

from activities.account.basis import Point, Span, Words
from activities.account.masking import Mask
from exchange.base import Event, Text
from exchange.groups import PREFIX
from exchange.plan import When
from exchange.state import Cycle

E = TypeVar("E", bound=Event)

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|[\ud800-\udfff]")
"""Control characters, and those that turn the direction of the text around them."""


@dataclass(frozen=True)
class Letters:
    """How many letters of one kind are in one state of the outbox."""

    kind: str
    state: str
    count: int


@dataclass(frozen=True)
class Sources:
    """A cycle's state, its journal, and what the record keeps beside them."""

    cycle: Cycle
    journal: Sequence[Event] = ()
    answers: Mapping[str, Mapping[str, Sequence[Any]]] = field(default_factory=dict)
    """Feedback step to question to the values given."""
    letters: Sequence[Letters] = ()
    texts: Mapping[str, Text] = field(default_factory=dict)
    """Reference ``n_…`` to the words: why a candidate was thought of."""
    names: Sequence[str] = ()
    """Names and addresses that must not be found in the account."""

    def events(self, *kinds: type[E]) -> list[E]:
        """The events of those kinds, oldest first."""
        return [event for event in self.journal if isinstance(event, kinds)]

    @cached_property
    def mask(self) -> Mask:
        plan = self.cycle.plan
        texts = [
            plan.theme_name,
            plan.programme_name,
            *(o.name for o in plan.organisations),
            *(s.title for s in plan.steps),
        ]
        texts += [question.text for step in self.cycle.surveys() for question in step.questions]
        public = [words for text in texts for words in text.values()]
        return Mask(self.names, public + [word for o in plan.organisations for word in (o.city, o.kind)])

    def words(self, text: Text) -> Words:
        """The text in the plan's first language and in English; in any that there is, where it is in neither."""
        wanted = dict.fromkeys((self.cycle.plan.languages[:1] or ("en",)) + ("en",))
        found = {code: clean(text[code]) for code in wanted if text.get(code)}
        return found or {code: clean(words) for code, words in sorted(text.items())[:1]}

    def title(self, step: str) -> Words:
        """What the step is called; its id where it has no title. A letter of staff's own is not called by its words."""
        if step.startswith(PREFIX):
            return self.words({"en": "A letter in our own words"})
        found = next((s for s in self.cycle.plan.steps if s.id == step), None)
        return self.words(found.title if found and found.title else {"en": step.replace("-", " ").capitalize()})

    def organisation(self, ident: str) -> Words:
        """The organisation's name; its id where the plan does not know it."""
        found = self.cycle.plan.organisation(ident)
        return self.words(found.name if found else {"en": ident})

    def days(self, since: datetime, until: datetime) -> float:
        """Days of the plan between two instants; a practice run draws the real ones together."""
        return round((until - since).total_seconds() / self.cycle.day, 1)


def clean(text: str) -> str:
    """The text without control characters; line ends stay."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def point(when: When) -> Point:
    """The moment without its instant, which a practice run draws together."""
    return Point(local=when.local, zone=when.zone)


def span(begins: When, ends: When) -> Span:
    """From one moment of the plan to another."""
    return Span(begins=point(begins), ends=point(ends))


def middle(values: Iterable[float]) -> float | None:
    """The median, to one decimal; None of nothing."""
    known = list(values)
    return round(float(median(known)), 1) if known else None
