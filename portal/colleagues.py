"""Naming a colleague of one's own library: what is asked, and what is wrong with it."""

from __future__ import annotations

import unicodedata

from plans.addresses import read_address
from plans.faults import Misread
from portal.doors import Guest
from portal.forms import Field, Form
from portal.speech import NAMES, PageWords
from store.models import Person

ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
"""Those whose letters look alike."""
NAME, ADDRESS = 120, 254


def colleague_fields(words: PageWords) -> list[Field]:
    """Who it is, and in which language she reads. Nothing is chosen beforehand."""
    return [
        Field("name", words.gettext("Your colleague’s name"), most=NAME, header=True),
        Field(
            "address", words.gettext("Your colleague’s e-mail address"), kind="email", most=ADDRESS,
            hint=words.gettext("Letters about the cycle go there from now on."),
        ),
        Field("language", words.gettext("The language of the letters"), kind="select", options=list(NAMES.items())),
    ]  # fmt: skip


def colleague(guest: Guest, form: Form, home: str) -> Person | None:
    """The colleague; None, with the mistake beside its field, where it cannot be her.

    Whoever is known by that address stays as she is; what is typed here changes nobody's name.
    """
    words, name = guest.words, " ".join(form.word("name").split())
    if mixed(name):
        form.wrong("name", words.gettext("In the name, letters of two alphabets stand in one word. Type it anew."))
    address = _address(form, words)
    if not address or form.errors:
        return None
    known = guest.house.store.by_address(guest.link.cycle, address)
    if known is not None and known.home != home:
        form.wrong("address", words.gettext("This address is not one of a colleague of your library. Name another."))
        return None
    organisation = guest.plan.organisation(home)
    zone = organisation.zone if organisation else guest.plan.zone
    return Person(name=name, address=address, language=form.word("language"), zone=zone, home=home)


def _address(form: Form, words: PageWords) -> str:
    typed = form.word("address")
    try:
        found = read_address(typed)
    except Misread:
        found = ""
    if not found or "=?" in typed or "<" in typed:
        form.wrong("address", words.gettext("This is no e-mail address. It looks like anna@library.example."))
        return ""
    if any(mixed(label) for label in found.rpartition("@")[2].split(".")):
        form.wrong("address", words.gettext("In the address, letters of two alphabets stand side by side."))
        return ""
    return found


def mixed(text: str) -> bool:
    """Whether letters of two alphabets that look alike stand in one word, as in an address that poses as another."""
    return any(len(_alphabets(word)) > 1 for word in text.replace("-", " ").split())


def _alphabets(word: str) -> frozenset[str]:
    return ALPHABETS & {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}
