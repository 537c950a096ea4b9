"""Dates, times, numbers and money in the language's form, in the place's time and the reader's."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from exchange.plan import Registration, Seminar
from letters.scene import Scene
from letters.words import Words
from tests.letters.world import PLAN, SENT_AT, UNTIL, VISITS, facts, letter, when


@pytest.mark.parametrize(
    ("language", "day", "span", "hours", "money"),
    [
        ("en", "3 February 2012", "16–18 April 2012", "10:00–16:30", "€4,200"),
        ("fi", "3. helmikuuta 2012", "16.–18. huhtikuuta 2012", "klo 10.00–16.30", "4 200 €"),
        ("ru", "3 февраля 2012 г.", "16–18 апреля 2012 г.", "10:00–16:30", "4 200 €"),
    ],
)  # fmt: skip
def test_dates_times_and_money_have_the_languages_form(language, day, span, hours, money):
    def seen(kind) -> str:
        return re.sub(r"[\u00a0\u202f]", " ", letter(kind, language).text)

    assert day in seen("invitation")
    assert span in seen("invitation")
    assert hours in seen("seminar_programme")
    assert money in seen("decision_waiting")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ((2012, 4, 16), (2012, 4, 16), "16 April 2012"),
        ((2012, 4, 16), (2012, 4, 18), "16–18 April 2012"),
        ((2012, 3, 30), (2012, 4, 2), "30 March – 2 April 2012"),
        ((2012, 12, 31), (2013, 1, 2), "31 December 2012 – 2 January 2013"),
    ],
)
def test_spans_of_days_are_as_short_as_they_can_be(first, last, said):
    assert Words("en").days(datetime(*first), datetime(*last)) == said  # noqa: DTZ001 - days of a calendar


@pytest.mark.parametrize(("language", "said"), [("sv", "16–18 april 2012"), ("lt", "2012 m. balandžio 16–18 d.")])
def test_spans_of_days_follow_the_languages_own_order(language, said):
    words = Words("en")
    words.locale = words.locale.parse(language)
    assert words.days(datetime(2012, 4, 16), datetime(2012, 4, 18)) == said  # noqa: DTZ001 - days of a calendar


def reader(zone: str):
    return facts("invitation").reader.model_copy(update={"zone": zone})


def test_the_readers_own_time_stands_beside_the_places():
    made = letter("seminar_programme", reader=reader("Europe/Copenhagen"))
    assert "10:00–16:30 local time (Kaliningrad)" in made.text
    assert "08:00–14:30 your time (Copenhagen)" in made.text


def test_no_own_time_is_shown_where_it_is_the_same_or_unknown():
    assert "your time" not in letter("seminar_programme", reader=reader("Europe/Minsk")).text
    assert "your time" not in letter("seminar_programme", reader=reader("")).text


def test_own_times_follow_the_rules_of_that_very_date():
    """Kaliningrad was at UTC+3 throughout 2012: Helsinki showed an hour less in winter, and the same in summer."""
    winter = letter("seminar_programme", reader=reader("Europe/Helsinki")).text
    summer = letter("seminar_programme", step="final", entries=(), reader=reader("Europe/Helsinki")).text
    assert "09:00–15:30 your time (Helsinki)" in winter
    assert "your time" not in summer


def test_another_day_at_the_readers_place_is_named():
    made = letter("seminar_programme", reader=reader("America/Anchorage"))
    assert "Mon 13 Feb, 22:00 – Tue 14 Feb, 04:30 your time (Anchorage)" in made.text


def test_a_practice_run_shows_the_times_of_the_plan_though_its_instants_are_drawn_together():
    seminar = PLAN.step("introduction")
    assert isinstance(seminar, Seminar)
    soon = {field: getattr(seminar, field).model_copy(update={"at": SENT_AT}) for field in ("begins", "ends")}
    near = seminar.model_copy(update=soon)
    plan = PLAN.model_copy(update={"steps": tuple(near if s.id == near.id else s for s in PLAN.steps)})
    made = letter("seminar_programme", plan=plan, reader=reader("Europe/Copenhagen"))
    assert "14 February 2012, 10:00–16:30 local time (Kaliningrad)" in made.text
    assert "08:00–14:30 your time" in made.text


@pytest.mark.parametrize(
    ("zone", "said"), [("", "18:00 on 8 February 2012"), ("Europe/Helsinki", "17:00 on 8 February")]
)
def test_an_instant_is_shown_on_the_readers_clock_else_on_the_plans(zone, said):
    assert said in letter("place_offered", reader=reader(zone)).text


def test_a_deadline_at_the_end_of_a_day_is_that_day():
    desk = PLAN.step("registration")
    assert isinstance(desk, Registration)
    moved = desk.model_copy(update={"closes": when("2012-02-03T16:00")})
    plan = PLAN.model_copy(update={"steps": tuple(moved if s.id == moved.id else s for s in PLAN.steps)})
    assert "know by 3 February 2012 whether" in letter("invitation").text
    assert "know by 16:00 on 3 February 2012 whether" in letter("invitation", plan=plan).text


def paced(pace: float, within: timedelta) -> object:
    visits = VISITS.model_copy(update={"answer_within": within})
    steps = tuple(visits if s.id == "visits" else s for s in PLAN.steps)
    return PLAN.model_copy(update={"steps": steps, "pace": pace, "practice": True})


def test_a_practice_run_names_the_plans_own_days():
    assert "within 14 days" in letter("host_request", plan=paced(0.001, timedelta(days=14) * 0.001)).subject


def test_a_span_that_a_practice_run_has_rounded_up_is_not_named():
    made = letter("host_request", plan=paced(1e-6, timedelta(seconds=15)))
    assert made.subject.startswith("Please answer soon: could you receive our group")
    assert "as soon as you can" in made.text


@pytest.mark.parametrize(("days", "said"), [(1, "в течение 1 дня"), (3, "в течение 3 дней"), (21, "в течение 21 дня")])
def test_numbers_take_the_form_their_language_asks_for(days, said):
    visits = VISITS.model_copy(update={"answer_within": timedelta(days=days)})
    plan = PLAN.model_copy(update={"steps": tuple(visits if s.id == "visits" else s for s in PLAN.steps)})
    assert said in letter("host_request", "ru", plan=plan).subject


def test_a_moment_without_zone_is_no_instant():
    with pytest.raises(ValueError, match="no offset"):
        letter("place_offered", facts={"until": UNTIL.removesuffix("+00:00")})


def test_towns_are_said_in_the_readers_language_where_their_zone_is_named_for_them():
    assert "Калининградская областная библиотека, Калининград" in letter("seminar_programme", "ru").text
    assert Scene(facts("invitation"), Words("fi")).words.town("Randers", "Europe/Copenhagen") == "Randers"
