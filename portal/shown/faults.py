"""What is wrong with a plan or a list, in the reader's language; what has no words in it stays English and says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plans import Fault
from plans.said import Said, Several
from portal.speech import PageWords


@dataclass(frozen=True)
class Told:
    """A fault as a page shows it."""

    place: str
    field: str
    sentence: str
    ours: bool
    """Whether it is in the reader's language; else it is English."""
    warning: bool


def told(words: PageWords, faults: Iterable[Fault]) -> list[Told]:
    """Faults for a page."""
    return [
        Told(fault.place, fault.field, *in_words(words, fault.sentence), fault.severity != "error") for fault in faults
    ]


def in_words(words: PageWords, sentence: str) -> tuple[str, bool]:
    """A sentence of a plan's or list's fault, and whether it is in the reader's language."""
    if isinstance(sentence, Said):
        return _spoken(words, sentence), True
    return sentence, False


def _spoken(words: PageWords, fact: Any) -> str:
    if isinstance(fact, Said):
        template = str(words.catalogue.gettext(fact.template))
        return template.format(**{place: _spoken(words, one) for place, one in fact.facts.items()})
    if isinstance(fact, Several):
        every = [_spoken(words, one) for one in fact.words]
        return words.one_of(every) if fact.last == "or" else words.all_of(every)
    return str(fact)
