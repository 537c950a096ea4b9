"""The forms of a participant's pages."""

from __future__ import annotations

from typing import Literal

from portal.doors import Guest
from portal.forms import Field, Form
from portal.shown.participant import Mine
from portal.shown.public import CyclePage
from portal.speech import PageWords, mark
from store.own_words import NEEDS

__all__ = ["NEEDS", "needs_form", "offer_form", "reason_form", "steps_of"]

ASKED = {
    "diet": (
        mark("What should your hosts know about what you eat?"),
        mark("For example: vegetarian, no nuts. Leave it empty if there is nothing."),
    ),
    "access": (
        mark("What do you need to be able to take part?"),
        mark("For example: a way without stairs, subtitles, a quiet room. Leave it empty if there is nothing."),
    ),
}
"""What a plan may ask of those who come, and the hint beside it."""

MOST = 500


def needs_form(words: PageWords, mine: Mine) -> Form:
    """What the plan asks; nothing where it asks nothing."""
    fields = [
        Field(
            about, words.gettext(ASKED[about][0]), kind="textarea", hint=words.gettext(ASKED[about][1]),
            required=False, most=MOST, value=mine.told.get(about, ""),
        )
        for about in mine.asked
    ]  # fmt: skip
    return Form(words, fields)


def reason_form(words: PageWords) -> Form:
    """Why somebody does not come, if she likes to say it."""
    hint = words.gettext("Only the organisers read it. It helps them to plan the next cycle.")
    label = words.gettext("Would you like to tell us why?")
    return Form(words, [Field("reason", label, kind="textarea", hint=hint, required=False, most=1_000)])


def offer_form(words: PageWords) -> Form:
    """Whether she takes the place that is on offer."""
    options = [
        ("yes", words.gettext("Yes, I take the place")),
        ("no", words.gettext("No, it may go to the next person who waits")),
    ]
    missing = words.gettext("Say whether you take the place.")
    asked = Field("answer", words.gettext("Do you take the place?"), kind="radios", options=options, missing=missing)
    return Form(words, [asked, *reason_form(words).fields])


def steps_of(guest: Guest, mine: Mine) -> list[tuple[str, Literal["done", "now", "next"], str]]:
    """How the cycle goes."""
    row = guest.house.store.cycle(guest.link.cycle)
    return CyclePage(guest.words, row, mine.state, None, mine.now).steps
