"""Reminders are looked at once more before they leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from exchange.booking import HostAsked, VisitConfirmed
from exchange.cycle import begin, fold
from exchange.feedback import FeedbackGiven, SurveyOpened
from exchange.invitation import InvitationDeclined, InvitationsSent
from exchange.overtaken import overtaken
from exchange.plan import CyclePlan
from exchange.state import Cycle
from letters.hours import next_morning
from plans import Staffer, read_people, read_plan, split_plan
from tests.workflows.stage import EXAMPLE, PEOPLE

NOW = datetime(2012, 2, 20, 10, tzinfo=UTC)
SAID = {"at": NOW, "actor": "time"}


@pytest.fixture(scope="module")
def plan() -> CyclePlan:
    file = read_plan(EXAMPLE)
    staff = {name.lower(): Staffer(f"s_{n}") for n, name in enumerate(PEOPLE)}
    listed = read_people(file.people, organisations=file.draft.organisations)
    return split_plan(file, listed, staff, starter="s_1", now=datetime(2012, 1, 1, tzinfo=UTC)).plan


@pytest.fixture
def cycle(plan: CyclePlan) -> Cycle:
    return fold(begin(plan), [InvitationsSent(**SAID, step="invitations", count=24)])


def invited(cycle: Cycle, n: int) -> str:
    return cycle.invitations()[0].people[n]


def test_a_reminder_leaves_while_nobody_has_answered(cycle: Cycle) -> None:
    assert not overtaken(cycle, "invitation_reminder", invited(cycle, 0), {"step": "invitations"}, NOW)


def test_a_reminder_does_not_follow_the_answer(cycle: Cycle) -> None:
    person = invited(cycle, 0)
    after = fold(cycle, [InvitationDeclined(**SAID, step="invitations", person=person)])
    assert overtaken(after, "invitation_reminder", person, {"step": "invitations"}, NOW)


def test_a_reminder_does_not_follow_the_deadline(cycle: Cycle) -> None:
    late = NOW + timedelta(days=10)
    assert overtaken(cycle, "invitation_reminder", invited(cycle, 0), {"step": "invitations"}, late)


def test_a_host_that_has_confirmed_is_not_reminded(cycle: Cycle) -> None:
    about = {"step": "visits", "slot": "finland", "host": "helsinki"}
    asked = fold(cycle, [HostAsked(**SAID, **about, until=NOW + timedelta(days=14))])
    assert not overtaken(asked, "host_reminder", "p_host", about, NOW)
    assert overtaken(fold(asked, [VisitConfirmed(**SAID, **about)]), "host_reminder", "p_host", about, NOW)


def test_who_gave_feedback_is_not_reminded_of_it(cycle: Cycle) -> None:
    opened = fold(cycle, [SurveyOpened(**SAID, step="feedback", asked=2, until=NOW + timedelta(days=9))])
    given = fold(opened, [FeedbackGiven(**SAID, step="feedback", person="p_a")])
    assert overtaken(given, "survey_reminder", "p_a", {"step": "feedback"}, NOW)
    assert not overtaken(given, "survey_reminder", "p_b", {"step": "feedback"}, NOW)


def test_a_decision_that_is_taken_is_not_reminded_of(cycle: Cycle) -> None:
    assert overtaken(cycle, "decision_reminder", "s_1", {"prompt": "approve-invitations-1"}, NOW)


def test_after_a_cancellation_only_letters_about_it_leave(cycle: Cycle) -> None:
    over = cycle.put(phase="cancelled", ended_at=NOW)
    assert overtaken(over, "invitation", invited(cycle, 0), {"step": "invitations"}, NOW)
    assert not overtaken(over, "cycle_cancelled", invited(cycle, 0), {}, NOW)


def test_letters_that_do_not_remind_are_never_overtaken(cycle: Cycle) -> None:
    assert not overtaken(cycle, "place_confirmed", "p_a", {}, NOW + timedelta(days=900))


@pytest.mark.parametrize(
    ("hour", "waits_until"),
    [(7, None), (16, None), (17, datetime(2012, 2, 21, 5, tzinfo=UTC)), (3, datetime(2012, 2, 20, 5, tzinfo=UTC))],
)
def test_nobody_is_reminded_at_night_in_kaliningrad(hour: int, waits_until: datetime | None) -> None:
    """UTC+3 throughout 2012: night there ends at 05:00 UTC and begins at 17:00 UTC."""
    assert next_morning(datetime(2012, 2, 20, hour, tzinfo=UTC), "Europe/Kaliningrad") == waits_until


def test_the_morning_after_a_clock_change_is_at_eight() -> None:
    evening = datetime(2026, 3, 28, 20, tzinfo=UTC)
    assert next_morning(evening, "Europe/Helsinki") == datetime(2026, 3, 29, 5, tzinfo=UTC)
