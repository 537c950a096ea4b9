"""The forms of a participant's pages."""

from __future__ import annotations

from exchange.questions import Wanted
from portal.doors import Guest
from portal.forms import Field, Form
from portal.shown.participant import Mine
from portal.shown.participant_needs import Needs
from portal.shown.public import CyclePage, Going
from portal.speech import PageWords, mark
from store.own_words import NAMED, OWN

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
            required=False, most=MOST, value=mine.needs.said(about),
        )
        for about in mine.needs.asked
    ]  # fmt: skip
    if NAMED in mine.needs.names:
        fields.append(_named(words, mine.needs.said(NAMED)))
    return Form(words, [*fields, *(_wanted(words, one, mine.needs) for one in mine.needs.step.wanted)])


def _named(words: PageWords, said: str) -> Field:
    """Whether her hosts may know whose need it is."""
    label = words.gettext("May your hosts know that it is you who needs this?")
    hint = words.gettext("Without your leave they read what is needed, and no name beside it.")
    yes = words.gettext("Yes, the libraries that I visit may see my name beside what I need to take part")
    return Field(NAMED, label, kind="checkboxes", hint=hint, required=False, options=[("yes", yes)], value=said)


def _wanted(words: PageWords, one: Wanted, needs: Needs) -> Field:
    """A question that the plan puts in its own words. Nothing is ticked beforehand."""
    options = [(str(number), words.pick(choice)) for number, choice in enumerate(one.choices, 1)]
    hint = words.gettext("This answer is sensitive: only those who look after the group read it.")
    return Field(
        OWN + one.id, words.pick(one.text), kind="radios" if options else "textarea", options=options, most=MOST,
        hint=hint if one.sensitive else "", required=False, value=needs.said(OWN + one.id),
    )  # fmt: skip


def told_of(mine: Mine, form: Form) -> dict[str, str]:
    """What she tells, by what it is about; empty words take away what she told before."""
    return {about: form.word(about) for about in mine.needs.names}


def nothing_told(mine: Mine) -> dict[str, str]:
    """Takes everything away that she told as she registered."""
    return dict.fromkeys(mine.needs.names, "")


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


def steps_of(guest: Guest, mine: Mine) -> list[tuple[str, Going, str]]:
    """How the cycle goes."""
    row = guest.house.store.cycle(guest.link.cycle)
    return CyclePage(guest.words, row, mine.state, None, mine.now).steps
