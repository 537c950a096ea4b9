"""E-mail addresses and names that people type: what can be written to, and is what it looks like."""

from __future__ import annotations

from plans.addresses import read_address
from plans.faults import Misread
from plans.people import read_name
from portal.forms import Field
from portal.speech import PageWords
from runtime.alphabets import stray_in_address, stray_in_name


def address_field(words: PageWords, name: str, label: str, **more: object) -> Field:
    """A question for an address."""
    return Field(name, label, kind="email", most=254, header=True, check=lambda given: wrong(words, given), **more)  # type: ignore[arg-type]  # options of a field


def name_field(words: PageWords, name: str, label: str, **more: object) -> Field:
    """A question for somebody's name: what a people list takes, for it may come into one."""
    most = {"most": 120, "header": True, "check": lambda given: wrong_name(words, given), **more}
    return Field(name, label, **most)  # type: ignore[arg-type]  # options of a field


def wrong_name(words: PageWords, given: str) -> str:
    """What is wrong with a name, in a sentence; nothing where it can be one."""
    try:
        read_name(" ".join(given.split()))
    except Misread:
        return words.gettext("Write the name alone: with letters, and no sign like = or + before it.")
    return ""


def wrong(words: PageWords, given: str) -> str:
    """What is wrong with an address, in a sentence; nothing where it can be used."""
    if stray_in_address(given):
        return words.gettext("In the address, letters of two alphabets stand side by side.")
    try:
        address = read_address(given)
    except Misread:
        return words.gettext("This is no e-mail address. It looks like anna@library.example.")
    if address != given.strip():
        return words.gettext("There is something in this address that does not belong there. Type it anew, by hand.")
    return ""


def mixed(name: str) -> bool:
    """Whether letters of two alphabets that look alike stand in one word, as in a name that poses as another."""
    return bool(stray_in_name(name))
