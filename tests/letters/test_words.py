"""Letters in staff's own words, and the copies that staff get of any letter."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import cast

import pytest

from letters.catalogues import language_for, languages
from letters.scene import FactsMissing
from tests.letters.world import KINDS, ORGANISER, letter

OWN = {"subject": "n_s", "text": "n_t", "by": "s_jussi"}


def word(language: str, subjects: dict[str, str], texts: dict[str, str], **changes: object):
    return letter("word", language, facts=OWN, texts={"n_s": subjects, "n_t": texts}, **changes)


def parsed(data: bytes) -> EmailMessage:
    return cast(EmailMessage, BytesParser(policy=policy.default).parsebytes(data))


@pytest.mark.parametrize("language", languages())
def test_the_frame_is_in_the_language_of_the_words(language: str):
    made = word(language, {language: "Own subject"}, {language: "Own words.\n\nIn two paragraphs,\nand a line."})
    assert (made.subject, made.language) == ("Own subject", language)
    assert "Own words.\n\nIn two paragraphs,\nand a line.\n" in made.text
    assert "and a line." in made.html
    assert ("With warm regards" in made.text) == (language == "en")


def test_who_reads_another_language_gets_the_whole_letter_in_one_there_is():
    made = word("et", {"en": "Passports", "fi": "Passit"}, {"en": "Bring them.", "fi": "Tuokaa."})
    assert (made.subject, made.language) == ("Passports", "en")
    assert parsed(made.message)["Content-Language"] == "en"
    assert "Dear Anna Petrova," in made.text
    assert word("et", {"fi": "Passit"}, {"fi": "Tuokaa."}).language == "fi"


def test_the_languages_of_the_plan_are_asked_in_their_order():
    assert language_for("et", ("lt", "fi", "en"), ("en", "fi")) == "fi"
    assert language_for("no", (), ("nb", "en")) == "nb"
    assert language_for("et", ("lt",), ("en", "fi")) == "en"
    assert language_for("et", (), ("da", "fi")) == "da"


def test_a_subject_without_its_text_is_no_letter():
    assert word("fi", {"en": "Passports", "fi": "Passit"}, {"en": "Bring them."}).language == "en"
    with pytest.raises(FactsMissing, match="not kept any more"):
        letter("word", facts=OWN, texts={})


def test_what_staff_wrote_is_shown_and_never_runs():
    made = word("en", {"en": "A <b>bold</b> one"}, {"en": "<script>alert(1)</script>\n<a href='x'>y</a>"})
    assert "<script>" not in made.html
    assert "<b>" not in made.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>" in made.html
    assert made.subject == "A <b>bold</b> one"


def test_who_wrote_it_signs_and_the_coordinator_answers_for_it():
    made = word("en", {"en": "S"}, {"en": "T"}, names={"s_jussi": "Jussi Korpi"})
    assert "With warm regards,\nJussi Korpi\n" in made.text
    assert "Your answer reaches Ritva Hakala." in made.text
    assert parsed(made.message)["Reply-To"].addresses[0].addr_spec == ORGANISER.address


@pytest.mark.parametrize("kind", ["invitation", "host_request", "seminar_programme", "seminar_speaker", "word"])
def test_a_copy_reads_like_the_letter_and_does_nothing(kind: str):
    from tests.letters import world

    own = world._OWN[kind]
    told = {**own.get("facts", {}), "copied": kind, "language": "fi", "as": "p_jens"}
    made = letter("copy", "sv", **{**own, "facts": told})
    read = parsed(made.message)
    assert made.language == read["Content-Language"] == "fi"
    assert made.subject.startswith("Kopio: ")
    assert "Tämä on sinulle kopio kirjeestä" in made.text
    assert "Tämä on sinulle kopio kirjeestä" in made.html
    assert read["To"].addresses[0].addr_spec == ORGANISER.address
    assert read["List-Unsubscribe"] is None
    assert [part.get_content_type() for part in read.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    original = letter(kind, "fi", **own)
    assert original.subject == made.subject.removeprefix("Kopio: ")
    assert "Anna Petrova" not in made.text
    assert "Ritva Hakala" in made.text


def test_only_copies_are_marked():
    marked = [kind for kind in KINDS if letter(kind).subject.startswith("Copy: ")]
    assert marked == ["copy"]


def test_who_joined_after_the_approval_is_written_to_in_a_language_that_was_shown_for_it():
    def programme(reader: str, shown: str) -> str:
        return letter("seminar_programme", reader, facts={"shown": shown}).language

    assert programme("fi", "en,fi") == "fi"
    assert programme("lt", "en,fi") == "en"
    assert programme("lt", "fi") == "fi"
    assert letter("seminar_programme", "lt").language == "lt"
