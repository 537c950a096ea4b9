"""Striking out names: nobody on the cycle's lists is named in the account, not even by somebody's free answer.

A full name is found in any case, a first or last name where it is written with a capital; Finnish, Russian and Baltic
endings after it go with it. A part of a name that also stands in the plan's own words (a town, "Library") stays. What a
stranger to the lists is called, nobody can know: whoever approves the account reads the answers first.

Words are looked up, not searched for one by one: ten thousand names cost no more than ten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

STRUCK = "[…]"
"""What stands where a name or an address stood."""

_ADDRESS = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\w)(?:\+\d|0\d)[\d ()/-]{5,}\d(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[\s'’-]*")
"""What may stand between the words of one name."""

_VOWELS = "aeiouyäöåõüæøąęėįųāēīūаеёийоуыэюяь"
_MASCULINE = ("ius", "ias", "jas", "as", "is", "us", "ys", "es", "š")
"""Endings that Lithuanian and Latvian names of men change for another: Jonas, Jono; Bērziņš, Bērziņa."""
_SOFT = {"t": ("č", "š"), "d": ("dž", "ž"), "n": ("ņ",), "l": ("ļ",), "s": ("š",), "z": ("ž",)}
"""What stands for the last letter before such an ending in other cases: Jonaitis, Jonaičio; Jānis, Jāņa."""
_ENDING = 4
"""The longest ending of a case, in letters: Virtanen, Virtasen; Петрова, Петровой."""


class Mask:
    """Finds names and addresses in somebody's words.

    Args:
        names: full names, e.g. ``Anna Petrova``; addresses among them are found by their form anyway.
        public: the plan's own words, which are no secret.
    """

    def __init__(self, names: Iterable[str], public: Iterable[str] = ()) -> None:
        spoken = {word for words in public for word in _folded(words)}
        people = [name for name in names if "@" not in name]
        self._whole = {tuple(_folded(name)) for name in people} - {(word,) for word in spoken} - {()}
        self._longest = max(map(len, self._whole), default=0)
        parts = {part for name in people for part in _WORD.findall(name) if len(part) > 2 and part[0].isupper()}
        self._stems = {stem for part in parts if part.casefold() not in spoken for stem in _stems(part.casefold())}

    def strike(self, words: str) -> tuple[str, int]:
        """The words without names and addresses, and how many were struck out."""
        words, addresses = _ADDRESS.subn(STRUCK, words)
        words, phones = _PHONE.subn(STRUCK, words)
        spans = list(_joined(words, self._found(words)))
        for begins, ends in reversed(spans):
            words = words[:begins] + STRUCK + words[ends:]
        return words, addresses + phones + len(spans)

    def _found(self, words: str) -> Iterator[tuple[int, int]]:
        """Where names stand, in order."""
        tokens = list(_WORD.finditer(words))
        folded = [token[0].casefold() for token in tokens]
        for first, token in enumerate(tokens):
            for length in range(min(self._longest, len(tokens) - first), 0, -1):
                if tuple(folded[first : first + length]) in self._whole:
                    yield token.start(), tokens[first + length - 1].end()
                    break
            else:
                if token[0][0].isupper() and self._is_part(folded[first]):
                    yield token.span()

    def _is_part(self, word: str) -> bool:
        """Whether the word is a part of a name, with or without an ending."""
        stems = ((word[: len(word) - ending], ending) for ending in range(_ENDING + 1))
        return any(stem in self._stems and (ending < 3 or len(stem) > 3) for stem, ending in stems)


def _folded(words: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(words)]


def _stems(part: str) -> set[str]:
    """The part, and what is left of it in other cases: ``Анна``, Анны; ``Virtanen``, Virtasen."""
    stems = {part}
    if len(part) > 3 and part[-1] in _VOWELS:
        stems.add(part[:-1])
    if len(part) > 5 and part.endswith("nen"):
        stems.add(part[:-3])
    return stems | _baltic(part)


def _baltic(part: str) -> set[str]:
    """What a Lithuanian or Latvian name of a man keeps in other cases; nothing where too little would be left."""
    ending = next((ending for ending in _MASCULINE if part.endswith(ending) and len(part) - len(ending) > 2), "")
    if not ending:
        return {part[:-1]} if len(part) > 4 and part.endswith("s") else set()
    root = part.removesuffix(ending)
    soft = _SOFT.get(root[-1], ()) if ending in {"is", "ys"} else ()
    return {root, *(root[:-1] + letter for letter in soft)}


def _joined(words: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring spans as one: a first name and a last name are one person."""
    held: tuple[int, int] | None = None
    for begins, ends in spans:
        if held is not None and (begins < held[1] or _BETWEEN.fullmatch(words, held[1], begins)):
            held = (held[0], max(held[1], ends))
            continue
        if held is not None:
            yield held
        held = (begins, ends)
    if held is not None:
        yield held
