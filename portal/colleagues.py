"""Naming a colleague of one's own library: what is asked, and what is wrong with it."""

from __future__ import annotations

from portal.addresses import address_field, mixed, name_field
from portal.doors import Guest
from portal.forms import Field, Form
from portal.speech import NAMES, PageWords
from store.models import Person


def colleague_fields(words: PageWords) -> list[Field]:
    """Who it is, and in which language she reads. Nothing is chosen beforehand."""
    return [
        name_field(words, "name", words.gettext("Your colleague’s name")),
        address_field(
            words, "address", words.gettext("Your colleague’s e-mail address"),
            hint=words.gettext("Letters about the cycle go there from now on."),
        ),
        Field(
            "language", words.gettext("The language of the letters"), kind="select", options=list(NAMES.items()),
            required=False, hint=words.gettext("Only for somebody to whom we have not written yet."),
        ),
    ]  # fmt: skip


def colleague(guest: Guest, form: Form, home: str) -> Person | None:
    """The colleague; None, with the mistake beside its field, where it cannot be her.

    Whoever is known by that address stays as she is; what is typed here changes nobody's name.
    """
    words, name, address = guest.words, " ".join(form.word("name").split()), form.word("address").strip()
    if mixed(name):
        form.wrong("name", words.gettext("In the name, letters of two alphabets stand in one word. Type it anew."))
    known = guest.house.store.by_address(guest.link.cycle, address)
    if known is not None and known.home != home:
        form.wrong("address", words.gettext("This address is not one of a colleague of your library. Name another."))
    if known is None and not form.word("language"):
        label = words.gettext("The language of the letters")
        form.wrong("language", words.gettext("“%(label)s”: choose an answer.", label=label))
    if form.errors:
        return None
    organisation = guest.plan.organisation(home)
    zone = organisation.zone if organisation else guest.plan.zone
    language = form.word("language") or (known.language if known is not None else "")
    return Person(name=name, address=address, language=language, zone=zone, home=home)
