"""The letter by which staff sign in: in every language, with a code or a link, and with nothing else that acts."""

from __future__ import annotations

from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import cast

import pytest

from letters.catalogues import languages
from letters.facts import Reader, Sender
from letters.headers import UnsafeHeader
from letters.sign_in import sign_in_letter

SENDER = Sender(name="Kierros", address="kierros@library.example")
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


def letter(language: str = "en", name: str = "Maija Salo", **said: str) -> EmailMessage:
    reader = Reader(ref="s_maija", name=name, address="maija@library.example", language=language)
    said = said or {"code": "K7QX-M2PA"}
    data = sign_in_letter(reader, SENDER, **said, message_id="<a@library.example>", sent_at=AT)
    return cast(EmailMessage, BytesParser(policy=policy.default).parsebytes(data))


def texts(made: EmailMessage) -> list[str]:
    return [part.get_content() for part in made.walk() if not part.is_multipart()]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("said", [{"code": "K7QX-M2PA"}, {"link": "http://127.0.0.1:8080/s/abc"}], ids=["code", "link"])
def test_it_is_written_in_every_language(language: str, said: dict[str, str]):
    made = letter(language, **said)
    assert made["Content-Language"] == language
    assert (made["Subject"] == "Sign in to Kierros") == (language == "en")
    for text in texts(made):
        assert next(iter(said.values())) in text
        assert "%(" not in text
        assert "Maija Salo" in text


def test_it_says_what_to_do_and_what_not():
    plain, html = (text.replace("\r\n", "\n") for text in texts(letter()))
    assert "» This is the code. It counts once, for a quarter of an hour:\n\n    K7QX-M2PA\n" in plain
    assert "Give it to nobody" in plain
    assert "<pre>K7QX-M2PA</pre>" in html


def test_its_headers_are_these():
    made = letter()
    assert made["To"] == "Maija Salo <maija@library.example>"
    assert made["Reply-To"] == "Kierros <kierros@library.example>"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["List-Unsubscribe"] is None


def test_a_name_cannot_add_a_header():
    with pytest.raises(UnsafeHeader):
        letter(name="=?utf-8?q?Ann=0D=0ABcc:_x@y?=")
