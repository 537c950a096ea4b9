"""Feedback files."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.questions import Question
from plans import read_answers
from plans.answers import LONGEST_ANSWER

QUESTIONS = (
    Question(id="knowledge", text={"en": "I learned."}),
    Question(
        id="gains", text={"en": "What?"}, form="choice", choices=({"en": "Ideas", "fi": "Ideoita"}, {"en": "Tradition"})
    ),
    Question(id="next-theme", text={"en": "Next?"}, form="text"),
)


def answered(*rows: str, heading: str = "address,knowledge,gains,next-theme"):
    return read_answers("\n".join([heading, *rows]).encode(), QUESTIONS)


def test_a_row_is_the_answers_of_one_person():
    (row,) = answered("Anna@A.example,5,Ideas,Reading in the family").accepted
    assert (row.row, row.address, row.person) == (2, "anna@a.example", "")
    assert row.answers == {"knowledge": 5, "gains": 1, "next-theme": "Reading in the family"}


def test_a_person_may_be_named_by_reference():
    (row,) = answered("p_7f3kq2mzv4xa,4", heading="person,knowledge").accepted
    assert (row.address, row.person, row.answers) == ("", "p_7f3kq2mzv4xa", {"knowledge": 4})


def test_questions_left_empty_are_not_answered():
    (row,) = answered("a@a.example,,2,").accepted
    assert row.answers == {"gains": 2}


@pytest.mark.parametrize("words", ["Ideas", "IDEOITA", " ideas ", "1", "1.0"])
def test_a_choice_is_known_by_its_words_in_any_language_and_by_its_number(words):
    (row,) = answered(f"a@a.example,,{words},").accepted
    assert row.answers == {"gains": 1}


def test_columns_may_stand_in_any_order_and_strange_ones_are_named():
    answers = answered("Pop,5,a@a.example", heading="Music;Knowledge;E-mail".replace(";", ","))
    assert answers.accepted[0].answers == {"knowledge": 5}
    assert answers.ignored == ("Music",)


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("a@a.example,6,,", "knowledge", "from 1 to 5"),
        ("a@a.example,0,,", "knowledge", "from 1 to 5"),
        ("a@a.example,4.5,,", "knowledge", "from 1 to 5"),
        ("a@a.example,very much,,", "knowledge", "from 1 to 5"),
        ("a@a.example,5,Money,", "gains", "1 Ideas or 2 Tradition"),
        ("a@a.example,5,3,", "gains", "1 Ideas or 2 Tradition"),
        ("a@a.example,,,", "", "answers no question"),
        (",5,,", "address", "whose answers"),
        ("anna,5,,", "address", "no e-mail address"),
        (f"a@a.example,5,,{'x' * (LONGEST_ANSWER + 1)}", "next-theme", "longer than"),
        ("a@a.example,5,,bell\u0007", "next-theme", "control character"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_row_and_column(row, column, says):
    answers = answered("b@a.example,5,,", row)
    (refused,) = answers.refused
    assert (refused.row, refused.column) == (3, column)
    assert says in refused.reason
    assert len(answers.accepted) == 1


def test_free_words_may_have_several_lines_and_begin_as_they_like():
    (row,) = answered('a@a.example,,,"- more visits\r\n- =? fewer talks"').accepted
    assert row.answers == {"next-theme": "- more visits\n- =? fewer talks"}


def test_the_second_answer_of_a_person_is_a_duplicate():
    answers = answered("a@a.example,5,,", "A@A.example,1,,")
    assert (len(answers.accepted), answers.duplicates[0].row) == (1, 3)


@pytest.mark.parametrize("heading", ["knowledge,gains", "address,music", "address"])
def test_a_file_without_people_or_without_questions_is_refused_as_a_whole(heading):
    (refused,) = answered("1,2", heading=heading).refused
    assert refused.row == 0


@given(
    st.lists(st.tuples(st.sampled_from(["a@a.example", "b@a.example", ""]), st.text(max_size=8), st.text(max_size=8)))
)
def test_accepted_refused_and_duplicate_rows_are_all_rows(rows):
    out = io.StringIO()
    csv.writer(out).writerows([("address", "knowledge", "next-theme"), *rows])
    answers = read_answers(out.getvalue().encode("utf-8", "ignore"), QUESTIONS)
    taken = [entry.row for group in (answers.accepted, answers.refused, answers.duplicates) for entry in group]
    assert len(taken) == len(set(taken)) == answers.rows
