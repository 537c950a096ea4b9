"""Faults of dates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.plans.paper import Desk, found


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("opens: 2012-01-23", "opens: 23/1/2012", "2012-02-14 10:00"),
        ("opens: 2012-01-23", "opens: 2012-02-30", "does not exist"),
        ("opens: 2012-01-23", "opens: 2012-01-23 25:00", "hours go to 23"),
        ("opens: 2012-01-23", "opens: 10:00", "lacks the day"),
        ("prepare: 2012-01-16 10:00", "prepare: soon", "2012-02-14 10:00"),
        ("due: 2012-09-03", "due: 0012-09-03", "between 1900 and 2200"),
        ("opens: 2012-01-23", "opens: 2012-01-23 10:00 +02:00", "at +03:00"),
    ],
)
def test_a_date_that_cannot_be_read_is_refused(desk: Desk, old, new, says):
    _, sentence = found(desk, old, new)
    assert says in sentence


def test_an_hour_that_the_clocks_skip_is_refused_with_the_next_one(desk: Desk):
    desk.change("        begins: 2012-05-21 09:00", "        begins: 2012-03-25 03:30")
    fault = next(fault for fault in desk.faults() if fault.field.endswith("slots.second.begins"))
    assert fault.line == desk.line("2012-03-25 03:30")
    assert "does not exist in Europe/Helsinki" in fault.sentence
    assert "2012-03-25 04:30" in fault.sentence


def test_an_hour_that_comes_twice_asks_for_the_offset(desk: Desk):
    _, sentence = found(desk, "due: 2012-09-03", "zone: Europe/Helsinki\n    due: 2012-10-28 03:30", at="due: ")
    assert "2012-10-28 03:30 +03:00 or 2012-10-28 03:30 +02:00" in sentence


def test_an_hour_that_comes_twice_is_taken_with_its_offset(desk: Desk):
    desk.change("due: 2012-09-03", "zone: Europe/Helsinki\n    due: 2012-10-28 03:30 +02:00")
    assert desk.faults() == []


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("zone: Europe/Kaliningrad", "zone: Kaliningrad", "Did you mean “Europe/Kaliningrad”?"),
        ("Helsinki City Library, zone: Europe/Helsinki", "Helsinki City Library, zone: Europe/Helsinky", "Helsinki"),
        ("zone: Europe/Oslo", "zone: GMT+1", "continent and city"),
    ],
)
def test_an_unknown_time_zone_is_reported_once_with_a_suggestion(desk: Desk, old, new, hint):
    _, sentence = found(desk, old, new)
    assert hint in sentence


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("closes: 2012-02-24", "closes: 2012-01-20", "closes: 2012-01-20"),
        ("ends: 2012-03-20 17:00", "ends: 2012-03-20 09:00", "ends: 2012-03-20 09:00"),
        ("announce: 2012-03-01", "announce: 2012-03-21", "begins: 2012-03-20 10:00"),
        ("prepare: 2012-02-06 10:00", "prepare: 2012-05-20 10:00", "begins: 2012-05-14 09:00"),
        ("ends: 2012-05-16 16:00", "ends: 2012-05-13 16:00", "ends: 2012-05-13 16:00"),
        ("closes: 2012-06-08", "closes: 2012-05-27", "closes: 2012-05-27"),
        ("begins: 2012-03-20 11:00", "begins: 2012-03-20 13:00", "ends: 2012-03-20 12:30"),
        ("begins: 2012-03-20 11:00", "begins: 2012-03-20 09:00", "begins: 2012-03-20 09:00"),
        ("ends: 2012-03-20 12:30", "ends: 2012-03-20 18:30", "ends: 2012-03-20 18:30"),
    ],
)
def test_dates_out_of_order_within_a_step_are_reported(desk: Desk, old, new, at):
    desk.change(old, new)
    faults = desk.faults()
    assert desk.line(at) in {fault.line for fault in faults}
    assert any("change one of them" in f.sentence or "move the session" in f.sentence for f in faults)


@pytest.mark.parametrize(
    ("old", "new", "later"),
    [
        ("opens: 2012-01-23", "opens: 2012-01-09", "“desk”"),
        ("closes: 2012-02-24", "closes: 2012-03-30", "“seminar”"),
        ("opens: 2012-05-28", "opens: 2012-05-22", "“feedback”"),
        ("due: 2012-09-03", "due: 2012-06-08", "“report”"),
    ],
)
def test_steps_are_held_in_the_order_of_the_plan(desk: Desk, old, new, later):
    desk.change(old, new)
    fault = desk.only()
    assert later in fault.sentence
    assert "change a date or the order of the steps" in fault.sentence


def test_preparation_may_run_ahead_of_earlier_steps(desk: Desk):
    desk.change("prepare: 2012-02-06 10:00", "prepare: 2011-11-01 10:00")
    assert desk.faults() == []


def test_a_reminder_after_its_deadline_is_refused(desk: Desk):
    _, sentence = found(desk, "remind: [7 days before close]", "remind: [2012-02-25]")
    assert "not before the deadline (2012-02-24 23:59)" in sentence


def test_a_reminder_before_anything_was_asked_is_refused(desk: Desk):
    _, sentence = found(desk, "remind: [7 days before close]", "remind: [8 weeks before close]")
    assert "before anything has been asked" in sentence


@pytest.mark.parametrize("words", ["7 days before Christmas", "a while before close", "often"])
def test_a_reminder_that_cannot_be_counted_is_refused(desk: Desk, words):
    found(desk, "remind: [7 days before close]", f"remind: [{words}]")


def test_each_reminder_is_judged_on_its_own_line(desk: Desk):
    desk.change("remind: [7 days before close]", "remind:\n      - 7 days before close\n      - 1 day after close")
    fault = desk.only()
    assert fault.line == desk.line("1 day after close")


def test_hosts_are_reminded_before_their_time_to_answer_is_over(desk: Desk):
    _, sentence = found(desk, "remind_after: 7 days", "remind_after: 14 days")
    assert "remind earlier" in sentence


def test_hosts_who_are_asked_too_late_are_worth_a_warning(desk: Desk):
    desk.change("prepare: 2012-02-06 10:00", "prepare: 2012-05-07 10:00")
    fault = desk.only()
    assert (fault.severity, fault.line) == ("warning", desk.line("prepare: 2012-05-07"))


def test_a_plan_that_lies_in_the_past_is_refused_when_it_is_to_be_started(desk: Desk):
    fault = desk.only(now=datetime(2025, 1, 1, tzinfo=UTC))
    assert "whole plan lies in the past" in fault.sentence
    assert "practice" in fault.sentence


def test_a_step_that_has_passed_is_named_when_the_plan_is_to_be_started(desk: Desk):
    faults = desk.faults(now=datetime(2012, 5, 16, tzinfo=UTC))
    assert [fault.field for fault in faults] == [
        "steps.desk.closes",
        "steps.seminar.begins",
        "steps.visits.slots.first.begins",
    ]


def test_what_is_late_to_be_prepared_can_still_be_started(desk: Desk):
    faults = desk.faults(now=datetime(2012, 2, 7, tzinfo=UTC))
    assert {fault.severity for fault in faults} == {"warning"}
    assert [fault.field for fault in faults if fault.at_start] == [
        "steps.invitations.prepare",
        "steps.desk.opens",
        "steps.visits.prepare",
    ]
    assert "the letters are made ready as soon as the cycle is started" in faults[0].sentence
