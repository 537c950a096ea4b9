"""The letter by which staff sign in, as bytes. It goes out at once, past the outbox: it belongs to no cycle."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from letters.catalogues import language_for
from letters.compose import environment, tidy
from letters.facts import Reader, Sender
from letters.mime import Content, Envelope, build

FORMS = ("text", "html")


def sign_in_letter(
    reader: Reader, sender: Sender, *, code: str = "", link: str = "", message_id: str, sent_at: datetime
) -> bytes:
    """The letter with a code (for a terminal) or a link (for the portal), in the reader's language.

    Raises:
        UnsafeHeader: her name or address must not enter a header.
    """
    language = language_for(reader.language)
    values: dict[str, Any] = {"name": reader.name, "code": code, "link": link, "language": language}
    template = environment(language, "text").get_template("sign_in.jinja")
    subject = "".join(template.blocks["subject"](template.new_context(values))).strip()
    text, html = (tidy(_rendered(form, language, {**values, "subject": subject})) for form in FORMS)
    answers = Reader(ref="", name=sender.name, address=sender.address, language=language)
    envelope = Envelope(sender, reader, answers, message_id, sent_at)
    return build(envelope, Content(subject, language, text, html))


def _rendered(form: Any, language: str, values: dict[str, Any]) -> str:
    return environment(language, form).get_template("sign_in.jinja").render(values)
