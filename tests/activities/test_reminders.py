"""Reminders are looked at once more before they leave."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from activities.wording import Wording
from exchange.base import Event
from exchange.booking import HostAsked, VisitConfirmed
from exchange.cycle import begin, fold
from exchange.feedback import FeedbackGiven, SurveyOpened
from exchange.invitation import InvitationDeclined, InvitationsSent
from exchange.mail import LetterKind, Mail
from exchange.overtaken import overtaken
from exchange.plan import CyclePlan, QuietWeeks, When
from exchange.record import Record
from exchange.registration import DelegateRegistered
from exchange.state import Cycle
from letters.facts import Sender
from letters.hours import CAN_WAIT, may_leave, next_morning
from plans import Staffer, read_people, read_plan, split_plan
from store.models import Person
from store.store import open_store
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


@pytest.mark.parametrize("answer", [InvitationDeclined, DelegateRegistered])
def test_an_invitation_that_has_waited_does_not_follow_the_answer(cycle: Cycle, answer: type[Event]) -> None:
    """She has heard of it from a colleague while it waited out quiet weeks."""
    person, desk = invited(cycle, 0), cycle.invitations()[0].registration
    step = desk if answer is DelegateRegistered else "invitations"
    after = fold(cycle, [answer.model_validate({**SAID, "step": step, "person": person})])
    moved = {"step": desk}
    for kind, about in (("invitation", {"step": "invitations"}), ("deadline_moved", moved)):
        assert not overtaken(cycle, kind, person, about, NOW)
        assert overtaken(after, kind, person, about, NOW)
        assert not overtaken(after, kind, invited(cycle, 1), about, NOW)
        assert overtaken(cycle, kind, person, about, NOW + timedelta(days=10)), "the desk has closed"


def test_a_survey_that_has_waited_does_not_follow_the_answer_or_the_end(cycle: Cycle) -> None:
    opened = fold(cycle, [SurveyOpened(**SAID, step="feedback", asked=2, until=NOW + timedelta(days=9))])
    given = fold(opened, [FeedbackGiven(**SAID, step="feedback", person="p_a")])
    assert overtaken(given, "survey", "p_a", {"step": "feedback"}, NOW)
    assert not overtaken(given, "survey", "p_b", {"step": "feedback"}, NOW)
    assert overtaken(given, "survey", "p_b", {"step": "feedback"}, NOW + timedelta(days=10))


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


# -- quiet weeks -------------------------------------------------------------------------------------------------------

JULY = QuietWeeks(first=date(2030, 7, 1), last=date(2030, 7, 31))
AUGUST = datetime(2030, 8, 1, 5, tzinfo=UTC)  # eight in Helsinki


@pytest.mark.parametrize("kind", sorted(CAN_WAIT))
def test_what_can_wait_leaves_on_the_morning_after_the_quiet_weeks(kind: str) -> None:
    for moment in (datetime(2030, 7, 1, 6, tzinfo=UTC), datetime(2030, 7, 31, 20, 30, tzinfo=UTC)):
        assert may_leave(moment, "Europe/Helsinki", kind, [JULY]) == AUGUST
    assert may_leave(AUGUST, "Europe/Helsinki", kind, [JULY]) is None


@pytest.mark.parametrize("kind", sorted(set(get_args(LetterKind)) - CAN_WAIT))
def test_what_cannot_wait_leaves_in_quiet_weeks(kind: str) -> None:
    assert may_leave(datetime(2030, 7, 10, 2, tzinfo=UTC), "Europe/Helsinki", kind, [JULY]) is None


def test_the_date_is_that_of_the_reader() -> None:
    late = datetime(2030, 6, 30, 21, 30, tzinfo=UTC)  # the first of July in Helsinki, still June in Copenhagen
    assert may_leave(late, "Europe/Helsinki", "survey", [JULY]) == AUGUST
    assert may_leave(late, "Europe/Copenhagen", "survey", [JULY]) is None


def test_a_night_that_ends_in_quiet_weeks_and_weeks_that_follow_each_other_are_waited_out() -> None:
    more = QuietWeeks(first=date(2030, 8, 1), last=date(2030, 8, 4))
    evening = datetime(2030, 6, 30, 18, tzinfo=UTC)
    later = datetime(2030, 8, 5, 5, tzinfo=UTC)
    assert may_leave(evening, "Europe/Helsinki", "survey_reminder", [more, JULY]) == later


def quiet_until(
    plan: CyclePlan, tmp_path: Path, kind: str, step: str, now: datetime, **changes: Any
) -> datetime | None:
    """What the post office is told of a letter to somebody in Helsinki."""
    store = open_store(f"sqlite:///{tmp_path / 'kierros.db'}")
    mine = plan.model_copy(
        update={"quiet_weeks": (QuietWeeks(first=date(2012, 2, 6), last=date(2012, 2, 12)),), **changes}
    )
    reader = Person(ref="p_reader", name="Aino", address="aino@a.example", zone="Europe/Helsinki")
    store.start_cycle(mine, [reader], [], NOW)
    order = Mail(kind=kind, to=("p_reader",), step=step)  # type: ignore[arg-type]  # parametrised by kind
    store.keep(Record(cycle=mine.id, after=0, mails=(order,)), NOW)
    (row,) = store.letters(mine.id)
    found = Wording(store, Sender(name="L", address="l@l.example")).quiet_until(row, now)
    store.close()
    return found


IN_QUIET = datetime(2012, 2, 8, 10, tzinfo=UTC)


def test_the_plans_quiet_weeks_hold_for_its_letters(plan: CyclePlan, tmp_path: Path) -> None:
    found = quiet_until(plan, tmp_path, "invitation", "invitations", IN_QUIET)
    assert found == datetime(2012, 2, 13, 6, tzinfo=UTC)


def test_a_year_that_is_drawn_together_has_no_quiet_weeks(plan: CyclePlan, tmp_path: Path) -> None:
    assert quiet_until(plan, tmp_path, "invitation", "invitations", IN_QUIET, pace=1e-5) is None


def test_an_invitation_does_not_wait_until_its_registration_is_over(plan: CyclePlan, tmp_path: Path) -> None:
    closes = When(local="2012-02-12T23:59", zone="Europe/Helsinki", at=datetime(2012, 2, 12, 21, 59, tzinfo=UTC))
    steps = tuple(s.model_copy(update={"closes": closes}) if s.kind == "registration" else s for s in plan.steps)
    assert quiet_until(plan, tmp_path, "invitation", "invitations", IN_QUIET, steps=steps) is None
