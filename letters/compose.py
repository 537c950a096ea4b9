"""The letter: its words from the templates, its calendar entries, and both as the bytes that are sent.

A letter is written once (``templates/letters/<kind>.jinja``) in terms of blocks, and the blocks exist twice, as text
and as HTML: so the two say the same. The sentences are English in the templates; other languages have catalogues.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from letters.calendar import calendar_part
from letters.catalogues import catalogue, language_for, languages
from letters.facts import LetterFacts, Sender
from letters.headers import BIDI
from letters.mime import Content, Envelope, build
from letters.personal import MAY_UNSUBSCRIBE
from letters.scene import FactsMissing, Scene
from letters.words import Words

_HIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{''.join(sorted(BIDI))}]")
"""Characters that no letter shows: controls, and those that turn the direction of writing."""

Form = Literal["text", "html"]


@dataclass(frozen=True)
class Composed:
    """A letter, ready to be held or sent."""

    message: bytes
    """The whole letter (RFC 5322, CRLF, 7-bit)."""
    subject: str
    text: str
    html: str
    language: str
    """The language it was written in, which may not be the reader's own."""
    digest: str
    """SHA-256 of ``message``, in hexadecimal: what an approval names."""


def compose(facts: LetterFacts, *, message_id: str, sender: Sender, sent_at: datetime) -> Composed:
    """Writes one letter to one reader. The same arguments give the same bytes.

    Args:
        facts: all that it is made of.
        message_id: ``<left@right>``, fixed before the first try.
        sender: From; the reader's answers go to ``facts.organiser``.
        sent_at: aware; becomes Date, and DTSTAMP of the calendar entries.

    Raises:
        UnsafeHeader: a name, address or subject must not enter a header; it names the field.
        FactsMissing: the plan has not the step or slot that the letter is about, or its own words are gone.
    """
    facts = as_copied(facts) if facts.kind == "copy" else facts
    among = own_languages(facts) if facts.kind == "word" else shown_languages(facts)
    language = language_for(facts.reader.language, facts.plan.languages, among)
    scene = Scene(facts, Words(language, facts.plan.languages))
    subject = _subject(facts.kind, language, scene)
    if facts.is_copy:
        subject = scene.words.gettext("Copy: %(subject)s", subject=subject)
    text, html = (_body(facts.kind, language, form, scene, subject) for form in ("text", "html"))
    entries = [calendar_part(scene, entry, sent_at, n) for n, entry in enumerate(facts.entries, 1)]
    may_stop = facts.kind in MAY_UNSUBSCRIBE and not facts.is_copy
    envelope = Envelope(sender, facts.reader, facts.organiser, message_id, sent_at, may_stop, scene.doors.optout)
    # nothing in a copy acts for anybody
    message = build(envelope, Content(subject, language, text, html, () if facts.is_copy else entries))
    return Composed(message, subject, text, html, language, sha256(message).hexdigest())


def as_copied(facts: LetterFacts) -> LetterFacts:
    """The facts of the letter of which staff get a copy, with her own name in it instead of another reader's."""
    told = facts.facts
    reader = facts.reader.model_copy(update={"ref": told.get("as", ""), "language": told["language"]})
    return facts.model_copy(update={"kind": told["copied"], "reader": reader, "is_copy": True})


def own_languages(facts: LetterFacts) -> tuple[str, ...]:
    """The languages in which there are a subject and a text in staff's own words, and may be sent to this reader.

    Raises:
        FactsMissing: there are none, or none any more.
    """
    subject, text = (facts.texts.get(facts.facts.get(part, ""), {}) for part in ("subject", "text"))
    shown = shown_languages(facts) or languages()
    if not (both := tuple(code for code in languages() if code in shown and subject.get(code) and text.get(code))):
        raise FactsMissing("the words of this letter are not kept any more")
    return both


def shown_languages(facts: LetterFacts) -> tuple[str, ...]:
    """The languages in which whoever approved the letter could read it.

    Only these are for whoever has joined since it was made ready; for all others there is no such limit, and none here.
    """
    shown = facts.facts.get("shown", "").split(",")
    return tuple(code for code in languages() if code in shown)


@cache
def environment(language: str, form: Form) -> Environment:
    """Where templates are found, with the blocks of one form and the sentences of one language."""
    made = Environment(
        loader=PackageLoader("letters", "templates"),
        autoescape=form == "html",  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    blocks = made.get_template(f"{form}/blocks.jinja").module
    made.globals |= {name: block for name, block in vars(blocks).items() if not name.startswith("_")}
    return made


@cache
def _template(kind: str, language: str, form: Form) -> Template:
    return environment(language, form).get_template(f"letters/{kind}.jinja")


def _subject(kind: str, language: str, scene: Scene) -> str:
    template = _template(kind, language, "text")
    context = template.new_context({"the": scene})
    return one_stop(" ".join("".join(template.blocks["subject"](context)).split()))


def _body(kind: str, language: str, form: Form, scene: Scene, subject: str) -> str:
    values: dict[str, Any] = {"the": scene, "subject": subject}
    return tidy(_template(kind, language, form).render(values))


def tidy(words: str) -> str:
    """No hidden characters, no blanks at the ends of lines, at most one empty line in a row, one newline at the end."""
    words = one_stop(_HIDDEN.sub("", words.replace("\r\n", "\n")))
    lines = (line.rstrip() for line in words.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def one_stop(words: str) -> str:
    """One full stop where a date that ends in one ends a sentence (Russian: 3 февраля 2012 г.)."""
    return re.sub(r"(?<=\w)\.\.(?=[\s<]|$)", ".", words)
