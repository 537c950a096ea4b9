"""What an experienced coordinator would say: each warning appears where it should, on its line, and not a day later."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from plans.free_days import country_of_zone, holiday, holidays
from plans.travel import needs_visa
from tests.plans.paper import STAFF, Desk

ROOT = Path(__file__).parents[2]


def warned(desk: Desk, *changes: tuple[str, str], at: str = "") -> str:
    """Changes a plan that is in order; the sentence of its only warning, which must stand on its line."""
    for old, new in changes:
        desk.change(old, new)
    fault = desk.only()
    assert fault.severity == "warning"
    assert fault.line == desk.line(at or changes[-1][1]), str(fault)
    return fault.sentence


# --------------------------------------------------------------------------------------------------------------- hosts


def test_hosts_want_three_months(desk: Desk):
    said = warned(desk, ("prepare: 2012-02-06 10:00", "prepare: 2012-02-15 10:00"))
    assert said == (
        "hosts are asked 88 days before “first” begins, and most need three months; ask them by 2012-02-14, or visit "
        "later."
    )
    desk.change("prepare: 2012-02-15 10:00", "prepare: 2012-02-14 10:00")
    assert desk.faults() == []


def test_hosts_with_no_time_to_answer_are_told_of_once(desk: Desk):
    desk.change("prepare: 2012-02-06 10:00", "prepare: 2012-05-07 10:00")
    assert "answer_within" in desk.only().sentence


# --------------------------------------------------------------------------------------------------------------- visas


def test_visas_want_eight_weeks_after_the_registration(desk: Desk):
    desk.change("closes: 2012-02-24", "closes: 2012-03-20")
    desk.change("begins: 2012-03-20 10:00", "begins: 2012-03-21 10:00")
    desk.change("ends: 2012-03-20 17:00", "ends: 2012-03-21 17:00")
    desk.change("begins: 2012-03-20 11:00", "begins: 2012-03-21 11:00")
    desk.change("ends: 2012-03-20 12:30", "ends: 2012-03-21 12:30")
    said = warned(desk, at="begins: 2012-05-14 09:00")
    assert "people from RU mostly need a visa for FI" in said
    assert "only 55 days; leave 8 weeks: close by 2012-03-19" in said
    desk.change("closes: 2012-03-20", "closes: 2012-03-19")
    assert desk.faults() == []


@pytest.mark.parametrize(
    ("home", "there", "needed"),
    [
        ("RU", "FI", True),
        ("FI", "RU", True),
        ("BY", "LT", True),
        ("RU", "BY", False),
        ("LT", "DK", False),
        ("NO", "SE", False),
        ("GB", "FI", False),
        ("GE", "FI", False),
        ("UA", "PL", False),
        ("IN", "NO", True),
        ("", "NO", False),
        ("RU", "", False),
    ],
)
def test_who_needs_a_visa_where(home, there, needed):
    assert needs_visa(home, there) is needed


# ---------------------------------------------------------------------------------------------------------------- days


def test_a_visit_in_july_finds_half_empty_libraries(desk: Desk):
    desk.change("opens: 2012-05-28", "opens: 2012-07-12")
    desk.change("closes: 2012-06-08", "closes: 2012-08-10")
    said = warned(desk, ("2012-05-21 09:00", "2012-07-03 09:00"), ("2012-05-22 16:00", "2012-07-04 16:00"),
                  at="begins: 2012-07-03 09:00")  # fmt: skip
    assert said == "“second” is held in July, when libraries are half empty; choose another month."


def test_a_seminar_in_the_quiet_weeks_of_the_plan_finds_people_away(desk: Desk):
    desk.change("zone: Europe/Kaliningrad\n", "zone: Europe/Kaliningrad\nquiet_weeks: [2012-03-19..2012-03-21]\n")
    fault = desk.only()
    assert fault.field == "steps.seminar.begins"
    assert "“seminar” is held on 2012-03-20, in the plan's quiet weeks" in fault.sentence


def test_of_one_date_one_thing_is_said(desk: Desk):
    desk.change("zone: Europe/Kaliningrad\n", "zone: Europe/Kaliningrad\nquiet_weeks: [2012-07-01..2012-07-31]\n")
    desk.change("closes: 2012-06-08", "closes: 2012-07-06")
    assert "quiet weeks" in {fault.field: fault.sentence for fault in desk.faults()}["steps.feedback.closes"]
    assert len([fault for fault in desk.faults() if fault.field == "steps.feedback.closes"]) == 1


def test_a_deadline_in_july_is_read_by_few(desk: Desk):
    said = warned(desk, ("closes: 2012-06-08", "closes: 2012-07-06"))
    assert said == "this closes in July, when few read their letters; close in June or August."


def test_invitations_in_july_reach_nobody(desk: Desk):
    desk.write(desk.plan.read_text("utf-8").replace("prepare: 2012-01-16 10:00", "prepare: 2011-07-18 10:00"))
    assert "invitations leave in July" in desk.only().sentence


def test_hosts_asked_at_the_end_of_june_are_away(desk: Desk):
    said = warned(desk, ("prepare: 2012-02-06 10:00", "prepare: 2011-06-27 10:00"))
    assert "most of their time to answer in July" in said
    desk.change("prepare: 2011-06-27 10:00", "prepare: 2011-06-20 10:00")
    assert desk.faults() == []


def test_a_visit_keeps_to_working_days(desk: Desk):
    said = warned(desk, ("ends: 2012-05-22 16:00", "ends: 2012-05-26 16:00"))
    assert said == "“second” has a Saturday in it, 2012-05-26; keep it to working days."


def test_a_holiday_is_told_beside_a_weekend(desk: Desk):
    desk.change("ends: 2012-05-16 16:00", "ends: 2012-05-19 16:00")
    said = [fault.sentence for fault in desk.faults()]
    assert len(said) == 2
    assert any("“first” has a Saturday in it, 2012-05-19" in one for one in said)
    assert any("Thursday 2012-05-17 is a public holiday in FI (Ascension Day)" in one for one in said)


def test_a_stay_of_weeks_has_weekends_in_it_and_holidays_too(desk: Desk):
    desk.change("opens: 2012-05-28", "opens: 2012-06-28")
    desk.change("closes: 2012-06-08", "closes: 2012-08-10")
    desk.change("ends: 2012-05-22 16:00", "ends: 2012-06-13 16:00")
    assert desk.faults() == []


def test_a_holiday_at_the_host_closes_its_doors(desk: Desk):
    said = warned(desk, ("ends: 2012-05-16 16:00", "ends: 2012-05-17 16:00"))
    assert said == (
        "Thursday 2012-05-17 is a public holiday in FI (Ascension Day), so the doors are closed to “first”; take "
        "another."
    )


def test_a_holiday_at_home_is_one_for_those_who_come(desk: Desk):
    desk.change("opens: 2012-05-28", "opens: 2012-06-28")
    desk.change("closes: 2012-06-08", "closes: 2012-08-10")
    said = warned(desk, ("2012-05-21 09:00", "2012-06-12 09:00"), ("2012-05-22 16:00", "2012-06-13 16:00"),
                  at="begins: 2012-06-12 09:00")  # fmt: skip
    assert "public holiday in RU" in said
    assert "those who come to “second” are off work" in said


def test_a_seminar_on_a_holiday_of_its_place(desk: Desk):
    for old, new in (("begins: 2012-03-20 10:00", "2012-03-08 10:00"), ("ends: 2012-03-20 17:00", "2012-03-08 17:00")):
        desk.change(old, f"{old.split(':')[0]}: {new}")
    desk.change("begins: 2012-03-20 11:00", "begins: 2012-03-08 11:00")
    desk.change("ends: 2012-03-20 12:30", "ends: 2012-03-08 12:30")
    fault = desk.only()
    assert (fault.field, fault.severity) == ("steps.seminar.begins", "warning")
    assert "International Women's Day" in fault.sentence


def test_a_deadline_on_a_holiday_of_all_who_answer(desk: Desk):
    said = warned(desk, ("closes: 2012-02-24", "closes: 2012-02-23"))
    assert "public holiday in RU" in said
    assert "nobody is at work to answer" in said


def test_a_holiday_in_one_of_several_countries_is_no_bad_deadline(desk: Desk):
    desk.change("closes: 2012-02-24", "closes: 2012-02-23")
    desk.change("  theirs: {name: Their Library,", "  theirs: {name: Their Library, country: BY,")
    assert desk.faults() == []


def test_a_country_that_nobody_knows_has_no_holidays():
    assert holidays("QQ", 2027) == {}
    assert country_of_zone("UTC") == ""
    assert country_of_zone("Europe/Riga") == "LV"


def test_holidays_are_named_in_english_with_all_their_countries():
    assert holiday(date(2027, 5, 6), ["FI", "RU", "SE", "FI"]) == ("Ascension Day", ("FI", "SE"))
    assert holiday(date(2027, 5, 7), ["FI", "RU", "SE"]) == ("", ())


# ------------------------------------------------------------------------------------------------- the report, money


def test_a_report_on_the_heels_of_the_feedback(desk: Desk):
    said = warned(desk, ("due: 2012-09-03", "due: 2012-06-21"))
    assert "13 days after the feedback has closed" in said
    assert "2012-06-22 or later" in said
    desk.change("due: 2012-06-21", "due: 2012-06-22")
    assert desk.faults() == []


def test_money_that_just_suffices_is_short(desk: Desk):
    desk.change("  cap: 10 000,00", "  cap: 7 578,00")
    fault = desk.only()
    assert (fault.severity, fault.field) == ("warning", "budget.cap")
    assert "378.00 EUR of 7\u00a0578.00 EUR, less than 5 percent" in fault.sentence
    desk.change("  cap: 7 578,00", "  cap: 7 578,90")
    assert desk.only().sentence.startswith("seminars")
    desk.change("  cap: 7 578,90", "  cap: 7 579,00")
    assert desk.faults() == []


# ------------------------------------------------------------------------------------------------------ keeping quiet


def test_advice_waits_until_the_dates_are_in_order(desk: Desk):
    desk.change("due: 2012-09-03", "due: 2012-06-01")
    desk.change("prepare: 2012-02-06 10:00", "prepare: 2012-02-15 10:00")
    assert [fault.field for fault in desk.faults()] == ["steps.report.due"]


def test_names_that_are_no_staff_do_not_hide_it(desk: Desk):
    desk.change("prepare: 2012-02-06 10:00", "prepare: 2012-02-15 10:00")
    staff = {name: one for name, one in STAFF.items() if name != "antti laine"}
    assert {fault.severity for fault in desk.faults(staff)} == {"error", "warning"}


def test_holidays_are_read_only_where_days_are_judged():
    program = "import sys, cli.main, plans.check, plans.new; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
