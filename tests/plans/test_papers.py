"""The papers we hand out ourselves: the new plan and the Kaliningrad cycle of 2012."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.plan import Seminar, Visits, When
from exchange.walk import found
from plans import PEOPLE, Staffer, Wishes, check_plan, new_plan, read_answers, read_people, read_plan, split_plan

KALININGRAD = Path(__file__).parents[2] / "examples" / "kaliningrad-2012"
STAFF = {
    "kristina virtanen": Staffer("s_kristina", ("coordinator",)),
    "olga sokolova": Staffer("s_olga", ("deputy coordinator",)),
    "antti laine": Staffer("s_antti", ("director",)),
}


@pytest.fixture(scope="module")
def example():
    file = read_plan(KALININGRAD / "plan.yaml")
    return file, read_people(file.people, organisations=file.draft.organisations)


# --------------------------------------------------------------------------------------------------------- a new plan


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(begins=st.dates(date(2025, 1, 1), date(2031, 12, 31)))
def test_a_new_plan_is_in_order_whenever_it_is_written(tmp_path: Path, begins):
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "plan.yaml").write_text(new_plan(Wishes(begins=begins)), "utf-8")
    now = datetime(begins.year, begins.month, begins.day, tzinfo=UTC)
    assert [fault for fault in check_plan(tmp_path / "plan.yaml", now=now) if not fault.unwritten] == []
    draft = read_plan(tmp_path / "plan.yaml").draft
    held = [step for step in draft.steps if isinstance(step, Seminar)] + list(draft.step("visits").slots)
    days = [datetime.fromisoformat(when.local) for one in held for when in (one.begins, one.ends)]
    assert all(day.weekday() < 5 and day.month != 7 for day in days)
    assert all(one.ends.at - one.begins.at < timedelta(days=3) for one in held)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=40))
def test_a_new_plan_takes_any_words_for_its_theme(tmp_path: Path, words):
    if not words.strip() or "=?" in words:
        return
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "plan.yaml").write_text(new_plan(Wishes(theme=words, begins=date(2026, 1, 12))), "utf-8")
    draft = read_plan(tmp_path / "plan.yaml").draft
    assert re.fullmatch(r"[a-z0-9-]+", draft.id)
    assert draft.theme_name["en"].split() == words.split()


def test_a_new_plan_is_made_of_what_one_answers():
    wishes = Wishes(
        theme="Johtaminen: alku",
        programme="Meidän vaihto",
        coordinator="Aino Aalto",
        capacity=9,
        begins=date(2026, 1, 12),
    )
    text = new_plan(wishes)
    assert '"Johtaminen: alku"' in text
    assert "capacity: 9" in text
    assert 'coordinator: "Aino Aalto"' in text
    assert "cycle-meidan-vaihto-2026-johtaminen-alku" in text


def test_a_new_plan_explains_itself():
    lines = new_plan(Wishes(begins=date(2026, 1, 12))).splitlines()
    assert sum("#" in line for line in lines) >= 40
    assert max(map(len, lines)) <= 120


# --------------------------------------------------------------------------------------------------- kaliningrad 2012


def test_the_example_is_in_order_without_so_much_as_a_warning():
    assert check_plan(KALININGRAD / "plan.yaml", STAFF) == []


def test_the_example_is_the_cycle_that_the_demo_plays(example):
    file, people = example
    draft = file.draft
    assert draft.id == "cycle-kaliningrad-2012-staff-competences"
    assert [step.id for step in draft.steps if step.approval] == ["invitations", "visits", "final-seminar", "report"]
    assert sum(one.part == "invitee" for one in people.accepted) == 24
    assert len({one.library for one in people.accepted if one.part == "invitee"}) == 8
    registration, visits = draft.step("registration"), draft.step("visits")
    assert (registration.capacity, registration.per_library) == (20, 3)
    assert isinstance(visits, Visits)
    assert (len(visits.slots), visits.fallback) == (3, "automatic")
    assert visits.approval is not None
    assert visits.approval.second_person
    assert all(slot.candidates[1:] and all(c.reason for c in slot.candidates) for slot in visits.slots)


def test_the_example_writes_to_nobody_who_exists(example):
    _, people = example
    assert all(one.address_norm.endswith(".example") for one in people.accepted)


def test_the_example_is_held_on_working_days_and_not_in_july(example):
    file, _ = example
    seminars = [step for step in file.draft.steps if isinstance(step, Seminar)]
    slots = file.draft.step("visits").slots
    days = set()
    for one in (*seminars, *slots):
        first, last = (datetime.fromisoformat(when.local).date() for when in (one.begins, one.ends))
        days |= {first + timedelta(days=day) for day in range((last - first).days + 1)}
    assert all(day.weekday() < 5 and day.month != 7 and day.year == 2012 for day in days)


def test_every_time_in_kaliningrad_is_three_hours_ahead_of_utc(example):
    file, _ = example
    times = [when for when in found(file.draft, When) if when.zone == "Europe/Kaliningrad"]
    assert {datetime.fromisoformat(w.local).replace(tzinfo=UTC) - w.at for w in times} == {timedelta(hours=3)}


def test_the_feedback_of_the_example_answers_its_questions(example):
    file, people = example
    answers = read_answers(KALININGRAD / "feedback.csv", file.draft.step("feedback").questions)
    assert (answers.refused, answers.duplicates, answers.ignored) == ((), (), ())
    invited = {one.address_norm for one in people.accepted if one.part == "invitee"}
    assert {row.address for row in answers.accepted} <= invited
    assert {language for one in people.accepted for language in [one.language]} == {"ru", "en", "fi"}


def test_the_example_can_be_practised_in_a_minute_and_a_half(example):
    file, people = example
    now = datetime(2026, 5, 1, tzinfo=UTC)
    plan = split_plan(file, people, STAFF, starter="s_kristina", now=now, finish_within=90).plan
    last = max(when.at for when in found(plan, When))
    assert (last - now).total_seconds() == 90
    assert len(plan.model_dump_json()) < 20_000
