"""Moments that follow another: by the clocks of the place, over every change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.moving import named
from exchange.plan import CyclePlan, Seminar, Session, When
from exchange.state import Cycle
from plans.clock import resolve, resolve_gently
from plans.moments import along, deadline_of, is_over, read_when
from plans.split import practised
from telling.times import own_instant
from tests.builders import KRISTINA, begun, day, on, year
from workers.typed import proposed, wish_to_move

HELSINKI = "Europe/Helsinki"
NOW = datetime(2027, 1, 1, tzinfo=UTC)
PLAN = CyclePlan(id="cycle-a-2027-b", programme="a", programme_name={}, theme="b", theme_name={}, year=2027)


def at(words: str, zone: str = HELSINKI) -> When:
    return resolve(datetime.fromisoformat(words), zone)


def seminar(*sessions: tuple[When, When]) -> Seminar:
    begins, ends = at("2027-03-23T10:00"), at("2027-03-23T17:00")
    talks = tuple(Session(title={"en": "Talk"}, begins=first, ends=last) for first, last in sessions)
    return Seminar(id="intro", announce=at("2027-03-01T09:00"), begins=begins, ends=ends, sessions=talks)


def test_sessions_keep_their_hour_over_a_change_of_the_clocks() -> None:
    talk = (at("2027-03-23T13:00"), at("2027-03-23T15:30"))
    found = along(seminar(talk), at("2027-03-30T10:00"), PLAN, NOW)
    assert found == {named(talk[0]): at("2027-03-30T13:00"), named(talk[1]): at("2027-03-30T15:30")}
    assert found[named(talk[0])].at - talk[0].at == timedelta(days=7, hours=-1)


def test_sessions_follow_to_another_hour_and_over_midnight() -> None:
    talk = (at("2027-03-23T13:00"), at("2027-03-24T09:00"))
    found = along(seminar(talk), at("2027-04-02T11:30"), PLAN, NOW)
    assert [when.local for when in found.values()] == ["2027-04-02T14:30", "2027-04-03T10:30"]


def test_in_practice_a_session_moves_by_as_much_less() -> None:
    talk = (at("2027-03-23T13:00"), at("2027-03-23T14:00"))
    practice = PLAN.model_copy(update={"practice": True, "pace": 1e-4, "steps": (seminar(talk),)})
    found = along(seminar(talk), at("2027-03-24T10:00"), practice, NOW)
    assert found[named(talk[0])].at - at("2027-03-23T17:00").at == timedelta(hours=20) * 1e-4


def test_where_a_day_passes_in_seconds_a_date_moves_by_as_much_less_also_in_earnest() -> None:
    brief = PLAN.model_copy(update={"pace": 1e-4, "steps": (seminar(),)})
    moved = read_when("2027-03-30", at("2027-03-23T17:00"), brief, NOW)
    assert (moved.local[:16], moved.at - at("2027-03-23T17:00").at) == (
        "2027-03-30T17:00",
        timedelta(days=7, hours=-1) * 1e-4,
    )


@given(st.dates(date(2027, 1, 1), date(2028, 12, 31)), st.integers(0, 23), st.integers(0, 16), st.integers(0, 59))
def test_the_distance_by_the_clock_is_kept_wherever_that_time_exists(
    day: date, hour: int, ahead: int, minutes: int
) -> None:
    begins = resolve_gently(datetime.combine(day, time(hour)), HELSINKI)
    local = datetime(2027, 3, 23, 10) + timedelta(hours=ahead, minutes=minutes)  # noqa: DTZ001 - a wall clock
    talk = resolve_gently(local, HELSINKI)
    (found,) = {w.at: w for w in along(seminar((talk, talk)), begins, PLAN, NOW).values()}.values()
    wanted = datetime.fromisoformat(begins.local) + (local - datetime(2027, 3, 23, 10))  # noqa: DTZ001
    assert found == resolve_gently(wanted, HELSINKI)
    assert found.at.tzinfo == UTC


# -- in practice, where the year is drawn together --------------------------------------------------------------------

BEGUN = datetime(2026, 11, 22, 22, tzinfo=UTC)


def practice() -> Cycle:
    """The year in twenty-five minutes: eighty days, some of them full and some empty."""
    plan = practised(year(), BEGUN, 1500)
    return begun(*plan.steps, **{name: getattr(plan, name) for name in ("pace", "practice", "zone")})


def run(state: Cycle, number: float) -> datetime:
    """The moment of the run at which the plan's calendar shows so many days after its start."""
    return read_when(f"{day(number):%Y-%m-%d %H:%M}", on(number), state.plan, BEGUN).at


@pytest.mark.parametrize("today", [1.5, 15, 25, 35, 53])
@pytest.mark.parametrize("ahead", [-0.5, 0.5, 1, 5, 11])
def test_a_date_that_is_still_to_come_by_the_plans_calendar_is_still_to_come_in_the_run(
    today: float, ahead: float
) -> None:
    state = practice()
    now = run(state, today)
    shown = own_instant(state.plan, now)
    assert shown is not None
    assert abs(shown - day(today)) < timedelta(seconds=1)
    wish = wish_to_move(state, now, KRISTINA, "final", "begins", f"{day(today + ahead):%Y-%m-%d %H:%M}", "", "")
    assert (wish.when.at > now) == (ahead > 0)
    assert wish.ends is not None
    assert wish.ends.at > wish.when.at
    told = deadline_of(f"{day(today + ahead):%Y-%m-%d %H:%M}", state.plan, now)
    assert (told.at > now) == (ahead > 0)
    assert is_over(f"{day(today + ahead):%Y-%m-%d}", state.plan, now) == (day(today + ahead).date() < shown.date())


def test_a_seminar_in_practice_is_moved_by_a_fortnight_and_stands_among_the_dates_of_its_new_day() -> None:
    state = practice()
    now = run(state, 18)
    wish = wish_to_move(state, now, KRISTINA, "final", "begins", f"{day(60.5):%Y-%m-%d %H:%M}", "", "")
    assert run(state, 60) < wish.when.at < run(state, 61)
    stay = state.slot_of("visits", "first")[1]
    found = proposed(state.plan, stay, f"{day(45):%Y-%m-%d %H:%M}", "", now)
    assert run(state, 44) < found["begins"].at < found["ends"].at < run(state, 48)


def test_when_the_last_date_of_a_practice_run_is_behind_us_its_calendar_stands_still() -> None:
    state = practice()
    late = BEGUN + timedelta(hours=9)
    assert own_instant(state.plan, late) == day(80)
    wish = wish_to_move(state, late, KRISTINA, "report", "due", f"{day(81):%Y-%m-%d %H:%M}", "", "")
    assert wish.when.at - late == timedelta(days=1) * state.plan.pace
