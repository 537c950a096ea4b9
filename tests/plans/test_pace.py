"""A year drawn together into minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.drawn import drawn_apart, drawn_in
from plans.pace import EVENLY, HEAD_START, drawn_together, spread

MOMENTS = st.lists(st.integers(0, 4 * 10**9).map(float), min_size=1, max_size=60)
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@given(MOMENTS, st.floats(10, 10_000))
def test_order_is_kept_and_both_ends_are_hit(moments, last):
    drawn = spread(moments, 3.0, last)
    ranked = sorted(drawn)
    assert drawn[ranked[0]] == 3.0
    assert drawn[ranked[-1]] == (last if len(ranked) > 1 else 3.0)
    assert all(drawn[one] < drawn[other] for one, other in pairwise(ranked))


@given(MOMENTS, st.floats(10, 10_000))
def test_no_gap_is_too_small_to_follow(moments, last):
    drawn = sorted(spread(moments, 0.0, last).values())
    least = EVENLY * last / max(len(drawn) - 1, 1)
    assert all(other - one > least * 0.999 for one, other in pairwise(drawn))


@given(MOMENTS)
def test_without_an_even_share_distances_stay_in_proportion(moments):
    drawn = spread(moments, 0.0, 1.0, evenly=0.0)
    first, last = min(moments), max(moments)
    assert all(at == pytest.approx((old - first) / max(last - first, 1.0)) for old, at in drawn.items())


def test_one_moment_alone_comes_first():
    assert spread([5.0, 5.0], 3.0, 90.0) == {5.0: 3.0}


def test_a_seminar_of_a_day_in_a_year_of_two_minutes_can_still_be_followed():
    year = [NOW + timedelta(days=days) for days in (0, 30, 60, 200, 300)]
    seminar = NOW + timedelta(days=100), NOW + timedelta(days=100, hours=7)
    move = drawn_together([*year, *seminar], NOW, 120)
    assert move(seminar[1]) - move(seminar[0]) > timedelta(seconds=9)


def test_the_first_moment_comes_after_a_breath_and_the_last_in_time():
    marks = [NOW - timedelta(days=5000), NOW - timedelta(days=4700)]
    move = drawn_together(marks, NOW, 90)
    assert [(move(at) - NOW).total_seconds() for at in marks] == [HEAD_START, 90]


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=20))
def test_what_lies_between_two_marks_stays_between_them(shares):
    marks = [NOW, NOW + timedelta(days=10), NOW + timedelta(days=300)]
    move = drawn_together(marks, NOW, 100)
    moments = sorted(NOW + timedelta(days=share * 60) for share in shares)
    moved = [move(at) for at in moments]
    assert moved == sorted(moved)
    assert all(move(marks[0]) <= at <= move(marks[-1]) for at in moved)


def test_a_moment_of_the_run_leads_back_to_the_plans_own():
    year = [NOW + timedelta(days=days) for days in (0, 30, 300)]
    move = drawn_together(year, NOW, 120)
    pairs = [(move(at), at) for at in year]
    for at in (*year, NOW + timedelta(days=70)):
        assert abs(drawn_apart(pairs, move(at)) - at) < timedelta(minutes=1)
    assert drawn_apart(pairs[:1], NOW) is None


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 300)), min_size=2, max_size=12), st.data())
def test_whatever_was_moved_to_and_fro_what_is_past_and_to_come_is_so_by_both_clocks(drawn, data):
    pairs = [(NOW + timedelta(seconds=run), NOW + timedelta(days=day)) for run, day in drawn]
    now = NOW + timedelta(seconds=data.draw(st.integers(0, 900)))
    shown = drawn_apart(pairs, now)
    if shown is None:
        return
    ahead = shown + timedelta(hours=data.draw(st.integers(1, 2400)))
    assert drawn_in(pairs, ahead, now, 1e-4) >= now - timedelta(milliseconds=1)
    assert drawn_in(pairs, shown - timedelta(hours=1), now, 1e-4) <= now + timedelta(milliseconds=1)
