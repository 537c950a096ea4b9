"""Moments that follow another: by the clocks of the place, over every change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from exchange.moving import named
from exchange.plan import CyclePlan, Seminar, Session, When
from plans.clock import resolve, resolve_gently
from plans.moments import along, read_when

HELSINKI = "Europe/Helsinki"
PLAN = CyclePlan(id="cycle-a-2027-b", programme="a", programme_name={}, theme="b", theme_name={}, year=2027)


def at(words: str, zone: str = HELSINKI) -> When:
    return resolve(datetime.fromisoformat(words), zone)


def seminar(*sessions: tuple[When, When]) -> Seminar:
    begins, ends = at("2027-03-23T10:00"), at("2027-03-23T17:00")
    talks = tuple(Session(title={"en": "Talk"}, begins=first, ends=last) for first, last in sessions)
    return Seminar(id="intro", announce=at("2027-03-01T09:00"), begins=begins, ends=ends, sessions=talks)


def test_sessions_keep_their_hour_over_a_change_of_the_clocks() -> None:
    talk = (at("2027-03-23T13:00"), at("2027-03-23T15:30"))
    found = along(seminar(talk), at("2027-03-30T10:00"), PLAN)
    assert found == {named(talk[0]): at("2027-03-30T13:00"), named(talk[1]): at("2027-03-30T15:30")}
    assert found[named(talk[0])].at - talk[0].at == timedelta(days=7, hours=-1)


def test_sessions_follow_to_another_hour_and_over_midnight() -> None:
    talk = (at("2027-03-23T13:00"), at("2027-03-24T09:00"))
    found = along(seminar(talk), at("2027-04-02T11:30"), PLAN)
    assert [when.local for when in found.values()] == ["2027-04-02T14:30", "2027-04-03T10:30"]


def test_in_practice_a_session_moves_by_as_much_less() -> None:
    talk = (at("2027-03-23T13:00"), at("2027-03-23T14:00"))
    practice = PLAN.model_copy(update={"practice": True, "pace": 1e-4})
    found = along(seminar(talk), at("2027-03-24T10:00"), practice)
    assert found[named(talk[0])].at - talk[0].at == timedelta(days=1) * 1e-4


def test_where_a_day_passes_in_seconds_a_date_moves_by_as_much_less_also_in_earnest() -> None:
    brief = PLAN.model_copy(update={"pace": 1e-4})
    moved = read_when("2027-03-30", at("2027-03-23T13:00"), brief)
    assert (moved.local[:16], moved.at - at("2027-03-23T13:00").at) == ("2027-03-30T13:00", timedelta(days=7) * 1e-4)


@given(st.dates(date(2027, 1, 1), date(2028, 12, 31)), st.integers(0, 23), st.integers(0, 16), st.integers(0, 59))
def test_the_distance_by_the_clock_is_kept_wherever_that_time_exists(
    day: date, hour: int, ahead: int, minutes: int
) -> None:
    begins = resolve_gently(datetime.combine(day, time(hour)), HELSINKI)
    local = datetime(2027, 3, 23, 10) + timedelta(hours=ahead, minutes=minutes)  # noqa: DTZ001 - a wall clock
    talk = resolve_gently(local, HELSINKI)
    (found,) = {w.at: w for w in along(seminar((talk, talk)), begins, PLAN).values()}.values()
    wanted = datetime.fromisoformat(begins.local) + (local - datetime(2027, 3, 23, 10))  # noqa: DTZ001
    assert found == resolve_gently(wanted, HELSINKI)
    assert found.at.tzinfo == UTC
