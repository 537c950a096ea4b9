"""Forms: what is asked, what was typed, and what is wrong with it, in the reader's language.

    fields = [Field("reason", words.gettext("Why can you not come?"), kind="textarea", required=False, most=1000)]
    form = Form(words, fields).read(request.state.form)
    if form.errors:
        return page(request, "participant/decline.jinja", 422, form=form)

The template shows it with ``{{ ui.error_summary(form) }}`` and ``{{ ui.field(form, "reason") }}``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from letters.headers import BIDI, UnsafeHeader
from letters.headers import address as mail_address
from portal.bodies import Typed
from portal.speech import PageWords

Kind = Literal["text", "email", "textarea", "radios", "checkboxes", "select", "date", "number", "file"]
Option = tuple[str, str]
"""A value, and the words that stand beside it."""

LINE, PARAGRAPHS = 200, 4_000
"""How long an answer may be where nothing else is said: in characters, of one line and of several."""


class Field(NamedTuple):
    """One question.

    Nothing is ticked beforehand unless ``value`` says so; optional questions are marked as such.
    """

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    required: bool = True
    most: int = 0
    """Characters; 0 for what is usual for its kind."""
    options: Sequence[Option] = ()
    value: str | Sequence[str] | date = ""
    """What stands there at first."""
    autocomplete: str = ""
    """What browsers may fill in by themselves (WCAG 1.3.5), e.g. ``name`` or ``email``."""
    missing: str = ""
    """What is said where nothing was given; a sentence for all is used without it."""
    header: bool = False
    """It will stand in the header of a letter, as a name does."""
    check: Callable[[str], str] | None = None
    """Looks at what was given and says in a sentence what is wrong with it, or nothing."""

    @property
    def longest(self) -> int:
        return self.most or (PARAGRAPHS if self.kind == "textarea" else LINE)


@dataclass
class Form:
    """A form as it stands on the page."""

    words: PageWords
    fields: Sequence[Field]
    typed: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """What is wrong, by the name of the field, in the order of the fields."""

    def __post_init__(self) -> None:
        self.by_name = {one.name: one for one in self.fields}
        self.typed = {one.name: _at_first(one) for one in self.fields} | self.typed

    def read(self, typed: Typed) -> Form:
        """The form with what was typed, and with what is wrong with it."""
        for one in self.fields:
            if one.kind == "file":
                continue
            self.typed[one.name] = _given(one, typed)
            if wrong := self._wrong(one, self.typed[one.name]):
                self.errors[one.name] = wrong
        return self

    def wrong(self, name: str, sentence: str) -> Form:
        """The form with an error that only the page can see, e.g. that an address belongs to nobody."""
        errors = {**self.errors, name: sentence}
        self.errors = {one: errors[one] for one in (*self.by_name, *errors) if one in errors}
        return self

    def word(self, name: str) -> str:
        """What was given, without white space around it; for checkboxes the first."""
        return next(iter(self.typed.get(name, ())), "")

    def chosen(self, name: str) -> list[str]:
        """All that was ticked."""
        return self.typed.get(name, [])

    def day(self, name: str) -> date | None:
        """The day that was given; None where there is none."""
        return _day(self.typed.get(name, []))

    def parts(self, name: str) -> tuple[str, str, str]:
        """Day, month and year as they were typed."""
        found = [*self.typed.get(name, []), "", "", ""]
        return found[0], found[1], found[2]

    # -- what can be wrong ------------------------------------------------------------------------------------------

    def _wrong(self, one: Field, given: list[str]) -> str:
        if not any(given):
            return self._missing(one) if one.required else ""
        if one.kind == "date":
            return "" if _day(given) else self._say("“%(label)s”: there is no such day. Give day, month and year.", one)
        if one.options:
            known = {value for value, _ in one.options}
            return "" if known.issuperset(given) else self._say("“%(label)s”: choose one of those offered.", one)
        return self._wrong_words(one, given[0])

    def _wrong_words(self, one: Field, given: str) -> str:
        if len(given) > one.longest:
            most, much = self.words.number(one.longest), self.words.number(len(given))
            return self.words.gettext(
                "“%(label)s”: at most %(most)s characters; these are %(much)s.", label=one.label, most=most, much=much
            )
        if not clean(given, lines=one.kind == "textarea"):
            return self._say("“%(label)s”: there is a character in it that cannot be shown. Type it anew.", one)
        if one.header and "=?" in given:
            return self._say("“%(label)s”: “=?” cannot stand in it. Take it out.", one)
        if one.kind == "number" and not (given.isascii() and given.isdigit()):
            return self._say("“%(label)s”: give a whole number.", one)
        return one.check(given) if one.check else ""

    def _missing(self, one: Field) -> str:
        if one.missing:
            return one.missing
        if one.options:
            return self._say("“%(label)s”: choose an answer.", one)
        return self._say("“%(label)s”: fill this in.", one)

    def _say(self, sentence: str, one: Field) -> str:
        return self.words.gettext(sentence, label=one.label)


def clean(given: str, *, lines: bool = False) -> bool:
    """Whether text can be shown: no control characters, none that turn the direction of writing, no halves."""
    if given.isprintable():  # nothing but ordinary characters: nearly always
        return True
    return not any(
        c in BIDI or (unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} and not (lines and c in "\n\t"))
        for c in given
    )


def is_address(given: str) -> bool:
    """Whether it is a mail address that every server takes."""
    try:
        mail_address("address", given)
    except UnsafeHeader:
        return False
    return True


def _at_first(one: Field) -> list[str]:
    if isinstance(one.value, date):
        return [str(one.value.day), str(one.value.month), str(one.value.year)]
    return [one.value] if isinstance(one.value, str) else list(one.value)


def _given(one: Field, typed: Typed) -> list[str]:
    if one.kind == "date":
        return [typed.word(f"{one.name}-{part}").strip()[:20] for part in ("day", "month", "year")]
    if one.kind == "checkboxes":
        return list(dict.fromkeys(typed.words(one.name)))
    given = unicodedata.normalize("NFC", typed.word(one.name).replace("\r\n", "\n").replace("\r", "\n"))
    return [given.strip()]


def _day(parts: Sequence[str]) -> date | None:
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    day, month, year = (int(part) for part in parts)
    try:
        return date(year, month, day) if year >= 1900 else None
    except (ValueError, OverflowError):  # such a year is no year, however many figures it has
        return None
