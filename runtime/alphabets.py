"""Letters that look alike: an address or a name with those of two alphabets in one word poses as another.

A word in one alphabet is nobody's disguise: ``почта.example`` and ``müller.example`` stay possible. Source: UTS 39, 5.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN")
"""Alphabets that have letters in common to the eye, by the beginning of their letters' names in Unicode."""


def stray_in_name(name: str) -> str:
    """The letter, not Latin, that stands in one word of a name with those of another alphabet; empty without one."""
    return _first(re.split(r"[\s-]+", name))


def stray_in_address(address: str) -> str:
    """The same of an address, or of a domain alone: between the @ and the dots.

    What is written in letters for machines (``xn--…``) is read as what it stands for.
    """
    return _first(_readable(part) for part in re.split(r"[\s@.]+", unicodedata.normalize("NFKC", address)))


def _first(words: Iterable[str]) -> str:
    return next(filter(None, map(_stray, words)), "")


def _readable(part: str) -> str:
    if not part.casefold().startswith("xn--"):
        return part
    try:
        return part[4:].encode("ascii").decode("punycode")
    except UnicodeError:  # then it is no domain either
        return part


def _stray(word: str) -> str:
    if word.isascii():
        return ""
    by_letter = {letter: alphabet for letter in word if (alphabet := _alphabet(letter))}
    if len(set(by_letter.values())) < 2:
        return ""
    return next(letter for letter, alphabet in by_letter.items() if alphabet != "LATIN")


def _alphabet(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() else ""
    return name if name in _ALIKE else ""
