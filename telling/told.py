"""What people told as they registered, in words, for those who may read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from exchange.base import Text
from exchange.questions import Wanted


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
