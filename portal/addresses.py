"""E-mail addresses that people type: one that can be written to, and that is what it looks like."""

from __future__ import annotations

import unicodedata

from plans.addresses import read_address
from plans.faults import Misread
from portal.forms import Field
from portal.speech import PageWords


def address_field(words: PageWords, name: str, label: str, **more: object) -> Field:
    """A question for an address."""
    return Field(name, label, kind="email", most=254, header=True, check=lambda given: wrong(words, given), **more)  # type: ignore[arg-type]  # options of a field


def wrong(words: PageWords, given: str) -> str:
    """What is wrong with an address, in a sentence; nothing where it can be used."""
    try:
        address = read_address(given)
    except Misread:
        return words.gettext("This is no e-mail address. It looks like anna@library.example.")
    if address != given.strip() or _disguised(address):
        return words.gettext("There is something in this address that does not belong there. Type it anew, by hand.")
    return ""


def _disguised(address: str) -> bool:
    """Whether a part of the domain mixes alphabets, as one does that is to be taken for another."""
    return any(len(_scripts(label)) > 1 for label in address.rpartition("@")[2].split("."))


def _scripts(label: str) -> set[str]:
    return {unicodedata.name(char, "?").split()[0] for char in label if char.isalpha()}
