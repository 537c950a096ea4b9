"""Sentences that keep what they are made of, so that a page can say them in its reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self


class Said(str):
    """An English sentence. It is a string like any other, and knows its template and what fills it."""

    __slots__ = ("facts", "template")
    template: str
    facts: dict[str, Any]
    """What stands in the template's places: words, numbers, lists (:class:`Several`) or sentences of this kind."""

    def __new__(cls, template: str, **facts: Any) -> Self:
        made = super().__new__(cls, template.format(**facts))
        made.template, made.facts = template, facts
        return made

    def __str__(self) -> str:
        # also what str() makes of an exception that was raised with it
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str.__str__(self),)


class Several(str):
    """Words as a sentence lists them: ``a, b and c``."""

    __slots__ = ("last", "words")
    words: tuple[str, ...]
    last: str

    def __new__(cls, words: Iterable[str], last: str = "and") -> Self:
        every = tuple(words)
        *head, tail = every or ("",)
        made = super().__new__(cls, f"{', '.join(head)} {last} {tail}" if head else tail)
        made.words, made.last = every, last
        return made


def joined(template: str, **facts: Any) -> Said:
    """Sentences and names put together, with nothing in between that a language would say otherwise."""
    return Said(template, **facts)


def said(template: str, **facts: Any) -> Said:
    """A sentence of ours; the portal's catalogues have its template in every language.

    Args:
        template: in English, its places in braces.
        facts: what fills them.
    """
    return Said(template, **facts)
