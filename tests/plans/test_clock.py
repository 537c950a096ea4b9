"""Local times, resolved with the pinned zone data: nothing depends on the machine."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.clock import (
    AFTERNOON,
    EVENING,
    MORNING,
    read_clock,
    read_moment,
    resolve,
    resolve_gently,
    shown,
    zone,
    zone_names,
)
from plans.faults import Misread


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("2012-02-14 10:00", "2012-02-14T10:00"),
        ("2012-02-14T10:00", "2012-02-14T10:00"),
        ("2012-2-4 9:05", "2012-02-04T09:05"),
        ("2012-02-14 10:00:00", "2012-02-14T10:00"),
        ("14.2.2012 10:00", "2012-02-14T10:00"),
        ("14.02.2012 10.30", "2012-02-14T10:30"),
        ("14. 2. 2012 klo 10", "2012-02-14T10:00"),
        ("14.2.2012 kl. 10.30", "2012-02-14T10:30"),
        ("2012-02-14 at 10:00", "2012-02-14T10:00"),
        ("2012-02-14 10:00 +03:00", "2012-02-14T10:00"),
        ("2012-02-14 10:00 UTC+3", "2012-02-14T10:00"),
        (" 2012-02-14 ", "2012-02-14T23:59"),
        ("14.2.2012", "2012-02-14T23:59"),
    ],
)
def test_moments_are_read_in_the_notations_of_our_countries(words, local):
    assert read_moment(words, "Europe/Kaliningrad", EVENING).local == local


@pytest.mark.parametrize("words", ["2/14/2012", "14/2/2012 10:00", "12-02-14", "February", "2012-02-14 10:00 MSK", ""])
def test_notations_that_mean_different_days_in_different_countries_are_refused(words):
    with pytest.raises(Misread):
        read_moment(words, "Europe/Kaliningrad", EVENING)


@pytest.mark.parametrize(("year", "offset"), [(2010, 2), (2012, 3), (2015, 2)])
def test_kaliningrad_had_other_clocks_in_other_winters(year, offset):
    when = read_moment(f"{year}-01-20 10:00", "Europe/Kaliningrad", MORNING)
    assert when.at == datetime(year, 1, 20, 10 - offset, tzinfo=UTC)


def test_kaliningrad_kept_summer_time_all_through_2012():
    offsets = {
        datetime(2012, 1, 1, tzinfo=UTC) + timedelta(days=day): resolve_gently(
            datetime(2012, 1, 1) + timedelta(days=day), "Europe/Kaliningrad"  # noqa: DTZ001 - a wall-clock time
        ).at
        for day in range(366)
    }  # fmt: skip
    assert {named - at for named, at in offsets.items()} == {timedelta(hours=3)}


def test_a_date_alone_means_what_its_field_means():
    assert [read_moment("2012-02-14", "Europe/Oslo", day).local[-5:] for day in (MORNING, AFTERNOON, EVENING)] == [
        "09:00",
        "17:00",
        "23:59",
    ]


def test_the_end_of_a_day_is_its_last_minute_where_that_comes_twice():
    # In Paraguay the clocks went back from midnight to eleven o'clock on 25 March 2018.
    when = read_moment("2018-03-24", "America/Asuncion", EVENING)
    assert when.at == datetime(2018, 3, 25, 3, 59, tzinfo=UTC)


def test_a_skipped_time_is_refused_and_moved_on_only_where_nobody_wrote_it():
    skipped = datetime(2012, 3, 25, 3, 30)  # noqa: DTZ001 - a wall-clock time
    with pytest.raises(Misread, match="does not exist in Europe/Helsinki"):
        resolve(skipped, "Europe/Helsinki")
    assert resolve_gently(skipped, "Europe/Helsinki").local == "2012-03-25T04:30"


def test_a_double_time_is_two_instants_an_hour_apart():
    first, second = (
        read_moment(f"2012-10-28 03:30 {offset}", "Europe/Helsinki", EVENING) for offset in ("+03:00", "+02:00")
    )
    assert (first.local, second.at - first.at) == (second.local, timedelta(hours=1))


def test_an_offset_that_the_place_does_not_have_then_is_refused():
    with pytest.raises(Misread, match=r"not at \+02:00"):
        read_moment("2012-02-14 10:00 +02:00", "Europe/Kaliningrad", EVENING)


def test_zones_are_found_whatever_their_case():
    assert zone("europe/helsinki").key == "Europe/Helsinki"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Helsinki", "Europe/Helsinki"),
        ("Europe/Vilniuss", "Europe/Vilnius"),
        ("New York", "America/New_York"),
        ("EEST", "continent and city"),
        ("../../etc/passwd", "no time zone"),
        ("", "continent and city"),
    ],
)
def test_unknown_zones_are_refused_with_a_hint(name, hint):
    with pytest.raises(Misread, match=hint):
        zone(name)


def test_zone_data_come_from_the_pinned_package_and_not_from_the_machine():
    script = "from plans.clock import zone; import zoneinfo; print(zone('Europe/Kaliningrad'))"
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONTZPATH": "/nowhere", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.strip() == "Europe/Kaliningrad"


@pytest.mark.parametrize(
    ("words", "clock"), [("10:00", "10:00"), ("9.30", "09:30"), ("10", None), ("2012-01-01", None)]
)
def test_a_time_of_day_alone_is_told_from_everything_else(words, clock):
    found = read_clock(words)
    assert (found and f"{found:%H:%M}") == clock


LOCALS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2037, 12, 31))  # noqa: DTZ001 - wall-clock times


@given(LOCALS, st.sampled_from(sorted(zone_names().values())))
def test_a_resolved_time_is_what_the_clocks_of_the_place_show_then(local, place):
    local = local.replace(second=0, microsecond=0)
    try:
        when = resolve(local, place)
    except Misread:
        when = resolve_gently(local, place)
    assert when.at.astimezone(zone(place)).replace(tzinfo=None).isoformat(timespec="minutes") == when.local
    assert when.at.utcoffset() == timedelta(0)
    assert shown(when.at, place) == when


@given(LOCALS, st.sampled_from(["Europe/Helsinki", "Europe/Kaliningrad", "America/Asuncion", "Australia/Lord_Howe"]))
def test_later_on_the_clock_is_never_earlier_in_truth_once_nobody_wrote_it(local, place):
    one, other = resolve_gently(local, place), resolve_gently(local + timedelta(hours=3), place)
    assert one.at < other.at


@given(st.text(alphabet="0123456789-.:T +Zklo"))
def test_a_moment_is_either_read_or_refused(words):
    with suppress(Misread):
        assert read_moment(words, "Europe/Helsinki", EVENING).local
