"""How long something lasts and how far off it is, as people say it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.shown.staff_names import Spoken
from portal.speech import words_in
from telling.names import Names
from telling.times import away
from tests.builders import day, plan


@pytest.mark.parametrize(
    ("span", "said", "in_finnish"),
    [
        (timedelta(days=14), "14 days", "14 päivää"),
        (timedelta(hours=36), "36 hours", "36 tuntia"),
        (timedelta(hours=1), "1 hour", "1 tunti"),
        (timedelta(minutes=90), "90 minutes", "90 minuuttia"),
        (timedelta(seconds=203.4), "3 minutes", "3 minuuttia"),
        (timedelta(days=2, seconds=7), "2 days", "2 päivää"),
        (timedelta(seconds=12.2), "12 seconds", "12 sekuntia"),
    ],
)
def test_a_span_is_told_in_the_unit_that_people_count_in(span: timedelta, said: str, in_finnish: str):
    assert Names(plan()).lasting(span) == said
    assert Spoken(plan(), speech=words_in("fi")).lasting(span).replace("\xa0", " ") == in_finnish


def test_a_practice_run_counts_seconds_only_near_by():
    names, spoken = Names(plan(practice=True)), Spoken(plan(practice=True), speech=words_in("fi"))
    now = day(1)
    assert names.moment(now, now + timedelta(minutes=59)).endswith(" 09:00:00")
    assert names.moment(now, now + timedelta(hours=2)).endswith(" 09:00")
    assert spoken.moment(now, now + timedelta(minutes=59)).endswith("9.00.00")
    assert spoken.moment(now, now + timedelta(hours=2)).endswith("9.00")


@pytest.mark.parametrize(
    ("gap", "said"),
    [(-30, "just now"), (-90, "1 minute ago"), (30, "in 30 seconds"), (7300, "in 2 hours"), (-180_000, "2 days ago")],
)
def test_how_far_off_something_is(gap: int, said: str):
    assert away(day(1) + timedelta(seconds=gap), day(1)) == said
    assert Spoken(plan(), speech=words_in("en")).away(day(1) + timedelta(seconds=gap), day(1)) == said


def test_minutes_are_told_in_the_readers_language():
    spoken = Spoken(plan(), speech=words_in("fi"))
    assert spoken.away(day(1) - timedelta(seconds=200), day(1)) == "3 minuuttia sitten"
    assert spoken.away(day(1) + timedelta(minutes=59), day(1)) == "59 minuutin päästä"
