"""Feedback in the account: medians, bars, small groups, free answers that lead back to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from activities.account.model import Asked
from activities.accounts import Account, Sources, draw_up
from letters.papers import render_report


def question(sources: Sources, ident: str, given: Sequence[Any], **changes: Any) -> Asked:
    """The question of that id with these values given."""
    account = draw_up(replace(sources, answers={"feedback": {ident: given}}, **changes), "report")
    return next(q for q in account.surveys[0].questions if q.id == ident)


@pytest.mark.parametrize(
    ("given", "median"),
    [([1, 2, 3, 4, 5], 3), ([5, 5, 5, 1, 1, 1], 3), ([2, 3, 3, 4, 4, 5], 3.5), ([4, 4, 5, 5, 5], 5)],
)
def test_the_median_is_the_middle_and_between_two_middles_their_mean(sources: Sources, given: list[int], median: float):
    assert question(sources, "knowledge", given).median == median


def test_the_bars_count_every_step_of_the_scale_also_those_nobody_chose(sources: Sources):
    bars = question(sources, "knowledge", [5, 5, 4, 5, 2]).bars
    assert [(bar.value, bar.count) for bar in bars] == [(1, 0), (2, 1), (3, 0), (4, 1), (5, 3)]


def test_a_step_of_the_scale_is_called_as_the_letter_and_the_page_call_it(sources: Sources):
    finnish = sources.cycle.plan.model_copy(update={"languages": ("fi", "en")})
    cycle = sources.cycle.model_copy(update={"plan": finnish})
    bars = question(sources, "knowledge", [5, 5, 4, 5, 2], cycle=cycle).bars
    assert [bar.label["en"] for bar in bars] == ["not at all", "hardly", "partly", "mostly", "entirely"]
    assert [bar.label["fi"] for bar in bars] == ["ei lainkaan", "vain vähän", "osittain", "enimmäkseen", "täysin"]


def test_a_choice_is_counted_under_the_words_of_the_plan(sources: Sources):
    asked = question(sources, "gains", [2, 2, 1, 6, 2])
    assert [(bar.label["en"], bar.count) for bar in asked.bars if bar.count] == [
        ("New ways of working", 1),
        ("Ideas", 3),
        ("Something for all our staff", 1),
    ]
    assert asked.median is None


@pytest.mark.parametrize("ident", ["knowledge", "gains", "next-theme"])
def test_of_four_answers_only_their_number_is_shown(sources: Sources, ident: str):
    given = ["SECRET-IDEA one", "SECRET-IDEA two", "SECRET-IDEA three", "SECRET-IDEA four"]
    asked = question(sources, ident, given if ident == "next-theme" else [1, 2, 3, 4])
    assert (asked.answers, asked.suppressed, asked.median, asked.bars, asked.texts) == (4, True, None, (), ())


def test_a_small_group_is_not_shown_on_the_page_and_the_page_says_why(sources: Sources):
    few = {"feedback": {"next-theme": ["SECRET-IDEA", "b", "c", "d"], "knowledge": [1, 1, 1, 1]}}
    html = render_report(draw_up(replace(sources, answers=few), "report").model_dump(mode="json"))
    assert "SECRET-IDEA" not in html
    assert html.count("Fewer than five people answered this question") == 2


def test_of_five_answers_the_distribution_is_shown(sources: Sources):
    asked = question(sources, "knowledge", [1, 2, 3, 4, 5])
    assert not asked.suppressed
    assert len(asked.bars) == 5


def test_a_question_that_nobody_answered_is_empty_and_not_suppressed(sources: Sources, account: Account):
    asked = question(sources, "knowledge", [])
    assert (asked.answers, asked.suppressed) == (0, False)
    html = render_report(draw_up(replace(sources, answers={}), "report").model_dump(mode="json"))
    assert html.count("Nobody answered this question.") == len(account.surveys[0].questions)


def test_what_does_not_fit_a_question_is_left_out_and_stops_nothing(sources: Sources):
    asked = question(sources, "knowledge", [5, "4", 0, 6, True, None, "many", [1], {"a": 1}, 3, 2, 1])
    assert asked.answers == 5


def test_empty_words_are_no_answer(sources: Sources):
    assert question(sources, "next-theme", ["", "  \n", "\x00", 7, "words"]).answers == 1


def test_free_answers_stand_in_the_same_order_however_they_came_in(sources: Sources):
    given = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]
    first = question(sources, "next-theme", given).texts
    assert question(sources, "next-theme", given[::-1]).texts == first
    assert sorted(first) == sorted(given)
    assert list(first) not in (given, given[::-1], sorted(given))


def test_free_answers_lose_their_control_characters_and_keep_their_lines(sources: Sources):
    given = ["one\r\ntwo", "a\x07b", "\u202eevil\u202c", "x", "y"]
    assert set(question(sources, "next-theme", given).texts) == {"one\ntwo", "ab", "evil", "x", "y"}


def test_names_on_the_cycles_lists_are_struck_out_of_free_answers(sources: Sources):
    given = ["Thank you, Anna Petrova!", "b", "c", "d", "Write to anna@library.example"]
    named = replace(
        sources, names=("Anna Petrova", "anna@library.example"), answers={"feedback": {"next-theme": given}}
    )
    account = draw_up(named, "report")
    assert account.masked == 2
    assert "Anna" not in account.model_dump_json()


def test_the_response_is_told_for_the_whole_form(account: Account):
    assert (account.surveys[0].asked, account.surveys[0].given) == (19, 16)


def test_a_survey_that_was_never_opened_says_that_nobody_was_asked(sources: Sources):
    before = replace(sources, cycle=sources.cycle.put(survey_books={}), answers={})
    html = render_report(draw_up(before, "report").model_dump(mode="json"))
    assert "Nobody was asked for feedback." in html
