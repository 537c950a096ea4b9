"""Suspending and resuming: all stands still, answers wait, dates that have passed want new ones, no reminders burst."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from exchange.approval import PreparationBegan
from exchange.base import Command
from exchange.booking import HostReminded
from exchange.cancelling import Cancel, CycleCancelled, CycleOver, SeminarReleased
from exchange.cycle import due
from exchange.defect import ParkDefect, RowParked
from exchange.feedback import GiveFeedback, SurveyReminded
from exchange.invitation import InvitedReminded
from exchange.moving import DateMoved, Move, VisitMoved
from exchange.nominating import NominationAsked
from exchange.prompt import NotYourDecision, PromptOpened
from exchange.registration import OfferAccepted, PlaceOffered, SetCapacity
from exchange.spending import MoneySpent, Spend
from exchange.state import Cycle
from exchange.suspending import (
    CycleResumed,
    CycleStandsStill,
    CycleSuspended,
    DatesPassed,
    NotSuspended,
    Resume,
    Suspend,
    WhySuspend,
)
from tests.builders import (
    ANTTI,
    OLGA,
    accept,
    after,
    answer,
    approval,
    approve,
    begun,
    day,
    desk,
    facts,
    feedback,
    invitations,
    journey,
    on,
    passed,
    register,
    registration,
    seminar,
    session,
    waiting_for,
    withdraw,
)
from tests.given import Outcome, fact, given, refuses


def suspend(at: float, **more: Any) -> Suspend:
    return Suspend(**{"at": day(at), "actor": OLGA, "reason": "n_flood", **more})


def resume(at: float, **more: Any) -> Resume:
    return Resume(**{"at": day(at), "actor": OLGA, **more})


def move(step: str, field: str, to: float, at: float, **more: Any) -> Move:
    said = {"at": day(at), "actor": OLGA, "step": step, "field": field, "when": on(to), "reason": "n_flood"}
    return Move.model_validate({**said, **more})


def stands(cycle: Cycle, since: float) -> Cycle:
    return after(cycle, suspend(since))


def invited() -> Cycle:
    """Three people were invited on day 0; reminders on days 8 and 12; the desk closes on day 20."""
    return passed(begun(invitations(), registration(), seminar()), 3)


# -- standing still ----------------------------------------------------------------------------------------------------


def test_a_suspended_cycle_asks_nobody_for_anything() -> None:
    cycle = stands(invited(), 3)
    assert (cycle.phase, due(cycle)) == ("suspended", ())
    assert cycle.standstill is not None
    assert (cycle.standstill.since, cycle.standstill.by, cycle.standstill.reason) == (day(3), OLGA, "n_flood")


def test_the_director_may_suspend_too() -> None:
    given(invited()).when(suspend(3, actor=ANTTI)).then(fact(CycleSuspended, role="director", told=False))


@refuses(NotYourDecision("p_anna", ("coordinator", "director")))
def test_nobody_else_suspends() -> Outcome:
    return given(invited()).when(suspend(3, actor="p_anna"))


@refuses(WhySuspend())
def test_nobody_suspends_without_saying_why() -> Outcome:
    return given(invited()).when(suspend(3, reason=""))


@refuses(CycleStandsStill(day(3)))
def test_nobody_suspends_twice() -> Outcome:
    return given(invited()).when(suspend(3), suspend(4))


@pytest.mark.parametrize(
    "command",
    [
        register("p_anna", at=day(5)),
        SetCapacity(at=day(5), actor=OLGA, step="registration", capacity=5),
        GiveFeedback(at=day(5), actor="p_anna", person="p_anna"),
    ],
)
def test_nothing_else_is_decided_meanwhile(command: Command) -> None:
    outcome = given(stands(invited(), 3)).when(command)
    assert outcome.refusal == CycleStandsStill(day(3))


def test_no_approval_is_given_meanwhile() -> None:
    cycle = stands(passed(begun(invitations(approval=approval()), registration()), 0), 1)
    assert given(cycle).when(approve(waiting_for(cycle, "invitations"), at=day(2))).refusal == CycleStandsStill(day(1))


def test_it_can_be_cancelled_while_it_stands_still() -> None:
    cycle = stands(passed(begun(registration(), seminar()), 23), 24)
    cancel = Cancel(at=day(25), actor=ANTTI, reason="n_war")
    outcome = given(cycle).when(cancel).then(fact(SeminarReleased), fact(CycleCancelled))
    assert (outcome.cycle.phase, outcome.cycle.standstill) == ("cancelled", None)


@refuses(CycleOver("cancelled", day(4)))
def test_what_is_cancelled_is_not_resumed() -> Outcome:
    return given(stands(invited(), 3)).when(Cancel(at=day(4), actor=ANTTI, reason="n_war"), resume(5))


def test_what_breaks_meanwhile_is_still_put_before_staff() -> None:
    broken = ParkDefect(at=day(5), actor="time", number=0, error="CancelPressedInTemporal")
    given(stands(invited(), 3)).when(broken).then(fact(RowParked), fact(PromptOpened))


def test_what_was_paid_meanwhile_is_recorded() -> None:
    paid = Spend(at=day(5), actor=OLGA, step="registration", original=1200, currency="EUR", on=day(5).date())
    given(stands(invited(), 3)).when(paid).then(fact(MoneySpent, step="registration"))


def test_letters_made_anew_for_a_moved_date_wait_until_it_goes_on() -> None:
    cycle = stands(passed(begun(invitations(approval=approval()), registration()), 0), 1)
    outcome = given(cycle).when(move("registration", "closes", 30, at=2))
    assert [type(event) for event in outcome.events][-1] is PreparationBegan
    assert outcome.cycle.approving("invitations").stage == "preparing"


def test_no_place_is_offered_while_it_stands_still() -> None:
    cycle = after(desk("p_anna", capacity=1, offers_until=None), register("p_boris"))
    outcome = given(stands(cycle, 3)).when(move("registration", "closes", 25, at=4))
    outcome.then(fact(DateMoved))


# -- telling -----------------------------------------------------------------------------------------------------------


def test_nobody_is_told_unless_staff_say_so() -> None:
    given(invited()).when(suspend(3), resume(4)).writes()


def test_everybody_who_counts_on_it_is_told_where_staff_say_so_and_told_again_when_it_goes_on() -> None:
    cycle = passed(begun(registration(), seminar(sessions=(session("p_speaker"),))), 2)
    cycle = passed(after(cycle, register("p_anna"), register("p_boris"), withdraw("p_boris")), 23)
    people = ("p_anna", "p_speaker")
    outcome = given(cycle).when(suspend(24, tell=True), resume(25))
    outcome.writes(("cycle_suspended", people), ("cycle_resumed", people))


def test_who_was_invited_and_has_withdrawn_is_not_told() -> None:
    cycle = after(invited(), register("p_anna"), withdraw("p_anna"))
    given(cycle).when(suspend(3, tell=True)).writes(("cycle_suspended", ("p_boris", "p_vera")))


def test_hosts_that_were_asked_are_told_too() -> None:
    given(journey()).when(suspend(3, tell=True)).writes(("cycle_suspended", ("p_helsinki",)))


# -- going on ----------------------------------------------------------------------------------------------------------


@refuses(NotSuspended("running"))
def test_nothing_is_resumed_that_runs() -> Outcome:
    return given(invited()).when(resume(3))


@refuses(DatesPassed(("registration closes WHEN",)))
def test_a_deadline_that_passed_wants_a_new_date() -> Outcome:
    return given(stands(invited(), 3)).when(resume(21))


def test_with_a_new_date_it_goes_on() -> None:
    outcome = given(stands(invited(), 3)).when(move("registration", "closes", 30, at=21), resume(21))
    assert outcome.refusal is None
    assert (outcome.cycle.phase, outcome.cycle.standstill) == ("running", None)


@refuses(DatesPassed(("intro begins WHEN",)))
def test_a_seminar_whose_day_passed_wants_a_new_one() -> Outcome:
    return given(stands(passed(begun(registration(), seminar()), 23), 24)).when(resume(31))


def test_an_announced_seminar_whose_day_passed_can_be_moved() -> None:
    cycle = stands(passed(begun(registration(), seminar()), 23), 24)
    to = move("intro", "begins", 40, at=31, ends=on(40.3))
    given(cycle).when(to, resume(31)).then(fact(DateMoved, told=True), fact(CycleResumed, since=day(24)))


@refuses(DatesPassed(("visits begins WHEN --slot first",)))
def test_a_stay_whose_day_passed_wants_a_new_one() -> Outcome:
    return given(stands(after(journey(), answer("helsinki", "confirm")), 5)).when(resume(41))


def test_a_confirmed_stay_whose_day_passed_can_be_moved() -> None:
    cycle = stands(after(journey(), answer("helsinki", "confirm")), 5)
    to = move("visits", "begins", 50, at=41, slot="first", ends=on(52))
    given(cycle).when(to, resume(41)).then(fact(VisitMoved), fact(CycleResumed))


def test_what_had_begun_before_is_simply_held_late() -> None:
    cycle = stands(passed(begun(registration(), seminar()), 30.1), 30.2)
    outcome = given(cycle).when(resume(35)).then(fact(CycleResumed))
    assert due(outcome.cycle)[0].at == day(30.3)


def test_what_can_be_decided_late_stops_nobody() -> None:
    """A preparation whose hour has come needs no new date."""
    cycle = stands(passed(begun(registration(), seminar()), 21), 21.5)
    outcome = given(cycle).when(resume(25)).then(fact(CycleResumed))
    assert due(outcome.cycle)[0].at == day(22)


def test_reminders_whose_hour_passed_are_noted_and_not_sent() -> None:
    cycle = stands(invited(), 3)
    outcome = given(cycle).when(resume(13))
    outcome.then(
        fact(CycleResumed), fact(InvitedReminded, number=1, count=0), fact(InvitedReminded, number=2, count=0)
    ).writes()
    assert "RemindInvited" not in {type(entry.command).__name__ for entry in due(outcome.cycle)}


def test_a_reminder_whose_hour_is_still_to_come_goes() -> None:
    outcome = given(stands(invited(), 3)).when(resume(9)).then(fact(CycleResumed), fact(InvitedReminded, number=1))
    assert next((e.at, type(e.command).__name__) for e in due(outcome.cycle)) == (day(12), "RemindInvited")


def test_the_reminder_of_a_host_is_missed_too_and_its_time_to_answer_is_longer() -> None:
    cycle = stands(journey(), 3)
    outcome = given(cycle).when(resume(20)).then(fact(CycleResumed), fact(HostReminded, missed=True)).writes()
    stay = outcome.cycle.booking("visits", "first")
    assert stay.until == day(2 + 14 + 17)
    given(outcome.cycle).when(answer("helsinki", "confirm", at=day(18)))


def test_a_survey_stays_open_longer_and_its_missed_reminder_is_noted() -> None:
    cycle = passed(after(passed(begun(registration(), seminar(), feedback()), 2), register("p_anna")), 62)
    outcome = given(stands(cycle, 62)).when(resume(67)).then(fact(CycleResumed), fact(SurveyReminded, count=0))
    assert outcome.cycle.survey("feedback").until == day(80)


@pytest.mark.parametrize(("to", "moved_at", "until"), [(90, 65, 92), (90, 61.5, 95)])
def test_a_survey_whose_end_staff_moved_is_longer_by_what_came_after_that(to: int, moved_at: float, until: int) -> None:
    """Whoever set the end during the standstill knew of the days before; one set before it is longer by all of it."""
    cycle = passed(after(passed(begun(registration(), seminar(), feedback()), 2), register("p_anna")), 61.2)
    end, halt = move("feedback", "closes", to, at=moved_at), suspend(62)
    told = sorted((end, halt), key=lambda command: command.at)
    outcome = given(cycle).when(*told, resume(67))
    assert outcome.cycle.survey("feedback").until == day(until)


def test_no_host_has_time_to_answer_beyond_the_beginning_of_the_stay() -> None:
    outcome = given(stands(journey(), 3)).when(resume(39))
    assert outcome.cycle.booking("visits", "first").until == day(40)


def test_where_the_stay_has_moved_a_host_has_until_its_new_beginning() -> None:
    to = move("visits", "begins", 45, at=38, slot="first", ends=on(47))
    outcome = given(stands(journey(), 3)).when(to, resume(39))
    assert outcome.cycle.booking("visits", "first").until == day(45)


def offered() -> Cycle:
    """Boris was offered Anna's place on day 3, for three days."""
    return after(desk("p_anna", capacity=1), register("p_boris"), withdraw("p_anna"))


def test_an_offer_lasts_longer_by_the_standstill() -> None:
    outcome = given(stands(offered(), 4)).when(resume(11))
    assert outcome.cycle.desk("registration").offers == (("p_boris", day(3 + 3 + 7)),)
    given(outcome.cycle).when(accept("p_boris", at=day(8))).then(fact(OfferAccepted))


def test_no_offer_outlasts_the_moment_after_which_nothing_is_offered() -> None:
    cycle = after(desk("p_anna", capacity=1, offers_until=on(9)), register("p_boris"), withdraw("p_anna"))
    outcome = given(stands(cycle, 4)).when(resume(11))
    assert outcome.cycle.desk("registration").offers == (("p_boris", day(9)),)


def test_a_place_that_may_be_offered_again_is_offered_when_it_goes_on() -> None:
    cycle = after(desk("p_anna", capacity=1, closes=on(29)), register("p_boris"))
    late = after(cycle, withdraw("p_anna", at=day(30.1)))
    assert not late.desk("registration").offers
    still = stands(late, 30.2)
    moved = after(still, move("intro", "begins", 50, at=31, ends=on(50.3)))
    given(moved).when(resume(32)).then(fact(CycleResumed), fact(PlaceOffered, person="p_boris"))


def test_a_decision_is_due_later_by_the_standstill() -> None:
    cycle = stands(passed(begun(invitations(approval=approval()), registration()), 0), 1)
    outcome = given(cycle).when(resume(15))
    prompt = waiting_for(outcome.cycle, "invitations")
    assert prompt.due_at == day(4) + timedelta(days=14)


def test_a_decision_opened_meanwhile_has_its_whole_time() -> None:
    broken = ParkDefect(at=day(5), actor="time", number=0, error="CancelPressedInTemporal")
    outcome = given(stands(invited(), 3)).when(broken, resume(7))
    assert waiting_for(outcome.cycle, "defect-time-1").due_at == day(7) + timedelta(days=3)


def test_it_can_be_suspended_again() -> None:
    cycle = given(invited()).when(suspend(3), resume(4), suspend(5), resume(6)).cycle
    assert cycle.phase == "running"


def test_a_library_that_is_to_choose_has_longer_too() -> None:
    cycle = desk("p_anna", "p_boris", places="nominated", per_library=1, capacity=2)
    about = {"step": "registration", "home": "gusev", "limit": 1, "until": day(27)}
    cycle = facts(cycle, NominationAsked.model_validate({"at": day(20), "actor": "time", **about}))
    outcome = given(stands(cycle, 21)).when(move("registration", "closes", 29, at=24), resume(24.5))
    assert outcome.cycle.desk("registration").nominations["gusev"].until == day(27 + 3.5)
