"""Naming a colleague of the same library."""

from __future__ import annotations

from portal.addresses import address_field
from portal.doors import Guest
from portal.forms import Field, Form
from portal.shown.participant import Mine
from portal.speech import NAMES, PageWords
from store.models import Person


def colleague_form(words: PageWords) -> Form:
    """Who comes instead. Nothing is chosen beforehand."""
    return Form(
        words,
        [
            Field("name", words.gettext("Your colleague’s name"), most=120, header=True),
            address_field(
                words, "address", words.gettext("Your colleague’s e-mail address"),
                hint=words.gettext("Letters about the cycle go there from now on."),
            ),
            Field(
                "language", words.gettext("The language of the letters"), kind="select", options=list(NAMES.items()),
            ),
        ],
    )  # fmt: skip


def newcomer(guest: Guest, mine: Mine, form: Form) -> Person | None:
    """The colleague; None, with the mistake beside its field, where it cannot be her."""
    words, address = guest.words, form.word("address")
    known = guest.house.store.by_address(guest.link.cycle, address)
    if known is not None and known.ref == guest.link.ref:
        form.wrong("address", words.gettext("This is your own address. Give your colleague’s."))
        return None
    if known is not None and known.home != mine.home:
        form.wrong(
            "address", words.gettext("Only a colleague of your own library can come in your place. Name somebody else.")
        )
        return None
    return Person(
        name=" ".join(form.word("name").split()), address=address, language=form.word("language"),
        zone=guest.person.zone if guest.person else guest.plan.zone, home=mine.home,
    )  # fmt: skip
