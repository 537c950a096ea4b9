"""Words that `kierros new` writes to be replaced are warned of, each with its line; titles are in every language."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from letters.catalogues import languages
from plans import Wishes, check_plan, new_plan
from plans.libraries import example_people
from plans.titles import WRITTEN
from plans.unwritten import FIRST_REASON, LETTER, left_in
from plans.wishes import FORMATS


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.yaml"
    file.write_text(new_plan(Wishes(begins=date(2027, 1, 11))), "utf-8")
    (tmp_path / "people.csv").write_text(example_people(), "utf-8")
    return file


def test_each_is_warned_of_with_its_line(plan: Path):
    lines = plan.read_text("utf-8").splitlines()
    faults = {fault.field: fault for fault in check_plan(plan) if fault.unwritten}
    assert {fault.severity for fault in faults.values()} == {"warning"}
    letter, reason = faults["steps.invitations.letter"], faults["steps.visits.slots.first-visit.candidates.1.reason"]
    assert (lines[letter.line - 1].strip(), lines[letter.line].strip()) == ("letter: >-", LETTER)
    assert FIRST_REASON in lines[reason.line - 1]
    assert "write your own, or leave the line out" in letter.sentence
    for field in ("theme.name", "organisations.host-library.name", "steps.final-seminar.place"):
        assert faults[field].sentence.endswith("would stand in letters; write your own.")


def test_nothing_is_said_of_ones_own_words(plan: Path):
    words = plan.read_text("utf-8").replace(LETTER, "Come and see.").replace("Your town", "Riga")
    plan.write_text(words, "utf-8")
    fields = {fault.field for fault in check_plan(plan) if fault.unwritten}
    assert not fields & {"steps.invitations.letter", "steps.final-seminar.place"}


def test_a_letter_is_searched_however_its_lines_are_broken():
    broken = "\n> ".join(LETTER.split(" "))
    assert left_in(f"Dear Anna,\n\n> {broken}\n\nYours") == [LETTER]
    assert left_in("Dear Anna,\n\nCome and see.") == []


@pytest.mark.parametrize("words", WRITTEN)
def test_titles_stand_in_every_language_of_the_letters(words: str):
    assert set(WRITTEN[words]) == set(languages())
    filled = [{name for _, name, _, _ in Formatter().parse(said) if name} for said in WRITTEN[words].values()]
    assert all(names == filled[0] for names in filled)
    assert len(set(WRITTEN[words].values())) > 5


@pytest.mark.parametrize("form", FORMATS)
def test_a_plan_in_one_other_language_has_no_english_titles(tmp_path: Path, form):
    words = new_plan(Wishes(begins=date(2027, 1, 11), format=form, languages=("fi",)))
    assert all(text["en"] not in words.split("steps:")[1] for text in WRITTEN.values())
