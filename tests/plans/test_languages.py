"""Languages that a plan promises, and those that there are letters in."""

from __future__ import annotations

import pytest

from letters.catalogues import language_for, languages
from plans.check_languages import letters_language
from tests.plans.paper import Desk

WRITTEN = ("en", "fi", "ru")


def test_a_language_without_letters_is_a_warning_that_says_what_is_written_instead(desk: Desk):
    desk.change("languages: [en]", "languages: [sv, fi]")
    people = desk.people.read_text("utf-8").replace("ours.example,en,", "ours.example,sv,")
    desk.people.write_text(people, "utf-8")
    (fault,) = [one for one in desk.faults(written=WRITTEN) if one.field == "languages"]
    assert (fault.severity, fault.line) == ("warning", desk.line("languages: [sv"))
    assert fault.sentence == (
        "there are no letters in Swedish (sv) yet, only in English (en), Finnish (fi) and Russian (ru); "
        "the 2 on people.csv who read it get letters in Finnish (fi)."
    )


def test_languages_with_letters_are_not_worth_a_word(desk: Desk):
    assert desk.faults(written=WRITTEN) == []


def test_a_reader_of_yet_another_language_is_told_of_in_her_row(desk: Desk):
    desk.write(people=desk.people.read_text("utf-8").replace("anna@ours.example,en", "anna@ours.example,lt"))
    fault = next(one for one in desk.faults(written=WRITTEN) if one.field == "language")
    assert "there are no letters in it either, so hers are in English (en)" in fault.sentence
    assert "reaches her in en" in desk.only().sentence


@pytest.mark.parametrize("reader", ["en", "fi", "sv", "lt", "pl", "nn", "no"])
@pytest.mark.parametrize("spoken", [("en",), ("sv",), ("sv", "ru"), ("fi", "en"), ("lt", "fi"), ("pl", "nn"), ("uk",)])
def test_what_is_said_is_what_the_letters_do(reader: str, spoken: tuple[str, ...]):
    assert letters_language(reader, spoken, languages()) == language_for(reader, spoken)
