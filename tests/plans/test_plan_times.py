"""Times and reminders as authors write them: by the clocks of the place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.plan import When
from plans import read_plan
from plans.clock import resolve, zone
from plans.remind import counted
from tests.plans.paper import Desk

NOW = datetime(2011, 12, 1, tzinfo=UTC)


def step(desk: Desk, ident: str):
    return read_plan(desk.plan).draft.step(ident)


def local(when: When) -> str:
    return when.local.replace("T", " ")


# -------------------------------------------------------------------------------------------------------------- times


def test_a_deadline_that_is_a_date_alone_means_the_end_of_that_day(desk: Desk):
    closes = step(desk, "desk").closes
    assert (local(closes), closes.zone) == ("2012-02-24 23:59", "Europe/Kaliningrad")
    assert closes.at == datetime(2012, 2, 24, 20, 59, tzinfo=UTC)


def test_what_begins_on_a_date_alone_begins_in_the_morning(desk: Desk):
    assert local(step(desk, "desk").opens) == "2012-01-23 09:00"
    assert local(step(desk, "report").due) == "2012-09-03 09:00"


def test_a_visit_given_in_dates_alone_lasts_from_morning_to_afternoon(desk: Desk):
    desk.change("begins: 2012-05-21 09:00", "begins: 21.5.2012")
    desk.change("ends: 2012-05-22 16:00", "ends: 22.5.2012")
    second = step(desk, "visits").slots[1]
    assert (local(second.begins), local(second.ends)) == ("2012-05-21 09:00", "2012-05-22 17:00")


def test_every_place_has_its_own_clocks(desk: Desk):
    visits, seminar = step(desk, "visits"), step(desk, "seminar")
    assert visits.slots[0].begins.zone == "Europe/Helsinki"
    assert visits.slots[0].begins.at == datetime(2012, 5, 14, 6, 0, tzinfo=UTC)
    assert seminar.begins.at == datetime(2012, 3, 20, 7, 0, tzinfo=UTC)


def test_a_zone_may_be_said_where_it_is_meant(desk: Desk):
    desk.change("begins: 2012-03-20 10:00", "zone: europe/oslo\n    begins: 2012-03-20 10:00")
    assert step(desk, "seminar").begins.at == datetime(2012, 3, 20, 9, 0, tzinfo=UTC)


def test_a_time_alone_means_the_day_that_has_been_said(desk: Desk):
    desk.change("ends: 2012-03-20 17:00", "ends: 17:00")
    desk.change("ends: 2012-03-20 12:30", "ends: 12.30")
    seminar = step(desk, "seminar")
    assert (local(seminar.ends), local(seminar.sessions[0].ends)) == ("2012-03-20 17:00", "2012-03-20 12:30")


def test_a_session_of_a_seminar_of_several_days_says_its_day(desk: Desk):
    desk.change("ends: 2012-03-20 17:00", "ends: 2012-03-21 17:00")
    desk.change("begins: 2012-03-20 11:00", "begins: 11:00")
    fault = desk.only()
    assert "lacks the day" in fault.sentence


# ---------------------------------------------------------------------------------------------------------- reminders


def test_days_before_the_end_of_a_day_lead_to_the_morning(desk: Desk):
    assert [local(when) for when in step(desk, "invitations").remind] == ["2012-02-17 09:00"]
    assert [local(when) for when in step(desk, "feedback").remind] == ["2012-06-05 09:00"]


def test_days_before_an_hour_lead_to_that_hour(desk: Desk):
    desk.change("closes: 2012-02-24", "closes: 2012-02-24 16:00")
    assert local(step(desk, "invitations").remind[0]) == "2012-02-17 16:00"


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("7 days before registration closes", "2012-02-17 09:00"),
        ("1 week before the deadline", "2012-02-17 09:00"),
        ("36 hours before close", "2012-02-23 11:59"),
        ("10 days after opening", "2012-02-02 09:00"),
        ("2012-02-10", "2012-02-10 09:00"),
        ("10.2.2012 12:00", "2012-02-10 12:00"),
    ],
)
def test_reminders_are_counted_in_the_words_people_use(desk: Desk, words, moment):
    desk.change("remind: [7 days before close]", f"remind: {words}")
    assert [local(when) for when in step(desk, "invitations").remind] == [moment]


def test_reminders_are_put_in_order(desk: Desk):
    desk.change("remind: [7 days before close]", "remind: [3 days before close, 14 days before close]")
    remind = step(desk, "invitations").remind
    assert [local(when) for when in remind] == ["2012-02-10 09:00", "2012-02-21 09:00"]


def test_a_change_of_the_clocks_moves_days_but_not_hours():
    close = resolve(datetime(2012, 3, 28, 16), "Europe/Helsinki")  # noqa: DTZ001 - a wall-clock time
    week, hours = counted(close, -timedelta(days=7)), counted(close, -timedelta(hours=167))
    assert (local(week), local(hours)) == ("2012-03-21 16:00", "2012-03-21 16:00")
    assert close.at - week.at == timedelta(hours=167)


@given(st.integers(-400, 400), st.integers(0, 23), st.sampled_from(["Europe/Helsinki", "America/Asuncion"]))
def test_days_are_counted_by_the_calendar_in_every_zone(days, hour, place):
    anchor = counted(resolve(datetime(2012, 6, 15, hour), place), timedelta(days=days))  # noqa: DTZ001 - wall-clock
    there = anchor.at.astimezone(zone(place))
    assert (there.date() - datetime(2012, 6, 15, tzinfo=UTC).date()).days == days
    assert (there.hour - hour) % 24 <= 1
