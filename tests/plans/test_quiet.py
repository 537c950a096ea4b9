"""Quiet weeks: read from the plan, and warned about where dates fall into them."""

from __future__ import annotations

from datetime import date

import pytest

from exchange.essential import essential
from exchange.plan import QuietWeeks
from plans import Wishes, new_plan, read_people, read_plan, split_plan
from tests.plans.paper import STAFF, Desk
from tests.store.builders import NOON


def quiet(desk: Desk, *spans: str) -> None:
    desk.change("year: 2012", f"year: 2012\nquiet_weeks: [{', '.join(spans)}]")


def test_spans_of_days_come_with_the_plan_and_the_workflow_does_without(desk: Desk) -> None:
    quiet(desk, "2012-12-23..2013-01-06", "1.7.2012 .. 31.7.2012")
    assert desk.faults() == []
    file = read_plan(desk.plan)
    people = read_people(file.people, organisations=file.draft.organisations)
    plan = split_plan(file, people, STAFF, starter="s_1", now=NOON).plan
    assert plan.quiet_weeks == (
        QuietWeeks(first=date(2012, 7, 1), last=date(2012, 7, 31)),
        QuietWeeks(first=date(2012, 12, 23), last=date(2013, 1, 6)),
    )
    assert type(plan).model_validate_json(plan.model_dump_json()) == plan
    assert essential(plan).quiet_weeks == ()


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ("July", "is no span of days"),
        ("2012-07-01", "is no span of days"),
        ("2012-07-01 10:00..2012-07-31", "is no span of days"),
        ("2012-07-31..2012-07-01", "ends before it begins"),
        ("2012-07-01..2012-07-32", "names a day that does not exist"),
    ],
)
def test_what_is_no_span_says_how_one_is_written(desk: Desk, span: str, said: str) -> None:
    quiet(desk, f'"{span}"')
    fault = desk.only()
    assert (fault.field, fault.severity, fault.line) == ("quiet_weeks", "error", desk.line("quiet_weeks:"))
    assert said in fault.sentence


@pytest.mark.parametrize(
    ("span", "field", "said"),
    [
        ("2012-01-10..2012-01-20", "steps.invitations.prepare", "its letters wait until 2012-01-21"),
        ("2012-02-15..2012-02-18", "steps.invitations.remind", "its letters wait until 2012-02-19"),
        ("2012-02-24..2012-02-24", "steps.desk.closes", "nobody is reminded then"),
        ("2012-02-06..2012-02-06", "steps.visits.prepare", "hosts are asked then all the same"),
        ("2012-05-28..2012-06-01", "steps.feedback.opens", "its letters wait until 2012-06-02"),
        ("2012-06-08..2012-06-30", "steps.feedback.closes", "nobody is reminded then"),
    ],
)
def test_a_date_in_quiet_weeks_is_worth_a_warning(desk: Desk, span: str, field: str, said: str) -> None:
    quiet(desk, span)
    fault = desk.only()
    assert (fault.field, fault.severity) == (field, "warning")
    assert said in fault.sentence


def test_a_new_plan_shows_how_to_write_them(desk: Desk) -> None:
    words = new_plan(Wishes(begins=date(2027, 1, 11), coordinator="Kristina Virtanen", director="Antti Laine"))
    assert "# quiet_weeks: [2027-07-01..2027-07-31]" in words
    desk.plan.write_text(words.replace("# quiet_weeks", "quiet_weeks"), "utf-8")
    assert read_plan(desk.plan).draft.quiet_weeks == (QuietWeeks(first=date(2027, 7, 1), last=date(2027, 7, 31)),)
