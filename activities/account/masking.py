"""Striking out names: nobody on the cycle's lists is named in the account, not even by somebody's free answer.

The full name and the address are found in any case, a first or last name where it is written with a capital; Finnish
and Russian endings after it go with it. What a stranger to the lists is called, nobody can know: the person who
approves the account reads the answers first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

STRUCK = "[…]"
"""What stands where a name or an address stood."""

_ADDRESS = r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+"
_PHONE = r"(?<![\w.])\+?\(?\d[\d ()./-]{6,}\d(?!\w)"
_ENDING = r"[^\W\d_]{0,4}"
_VOWELS = "aeiouyäöåаеёийоуыэюяь"


class Mask:
    """Finds names and addresses in somebody's words.

    Args:
        names: full names and addresses, e.g. ``Anna Petrova``.
    """

    def __init__(self, names: Iterable[str]) -> None:
        known = sorted({" ".join(name.split()) for name in names if name.strip()}, key=lambda name: (-len(name), name))
        parts = sorted({part for name in known if "@" not in name for part in _parts(name)}, key=lambda p: (-len(p), p))
        whole = [re.escape(name) for name in known]
        stems = [_stem(part) for part in parts]
        self._any_case = re.compile("|".join([*whole, _ADDRESS, _PHONE]), re.IGNORECASE)
        self._as_written = re.compile(rf"\b(?:{'|'.join(stems)})\b") if stems else None

    def strike(self, words: str) -> tuple[str, int]:
        """The words without names and addresses, and how many were struck out."""
        words, found = self._any_case.subn(STRUCK, words)
        if self._as_written is None:
            return words, found
        words, more = self._as_written.subn(STRUCK, words)
        return words, found + more


def _parts(name: str) -> list[str]:
    """The first and last names that can be told from ordinary words: three letters or more, with a capital."""
    return [part for part in re.split(r"[\s-]+", name) if len(part) > 2 and part[:1].isupper() and part.isalpha()]


def _stem(part: str) -> str:
    """A pattern of the name and its cases: ``Anna`` also as Annan, ``Анна`` also as Анне."""
    if len(part) < 4:
        return re.escape(part)
    stem = part[:-1] if part[-1].lower() in _VOWELS else part
    return re.escape(stem) + _ENDING
