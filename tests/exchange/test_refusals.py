"""Each refusal, once, with its facts; and none that nobody ever hears."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from exchange import correspondence  # noqa: F401 - with it every part of the rules is known
from exchange.approval import LettersChanged, Reject
from exchange.base import Refusal
from exchange.booking import LapseSlot, RemindHost
from exchange.cancelling import Cancel, CycleOver
from exchange.feedback import (
    DidNotTakePart,
    FeedbackAlreadyGiven,
    FeedbackClosed,
    FeedbackNotOpen,
    GiveFeedback,
    RemindSurvey,
)
from exchange.hosts import (
    AlreadyAnswered,
    HostBusy,
    NobodyLeft,
    NotAsked,
    ProposalIncomplete,
    TooLateToPropose,
    WhichSlot,
)
from exchange.invitation import (
    AlreadyTakesPart,
    DeclineInvitation,
    NothingToRemind,
    NotInvited,
    RemindedJustNow,
    RemindInvited,
)
from exchange.lateness import LateApproval
from exchange.money import BudgetExceeded
from exchange.moving import AlreadyHappened, Move, MovedIntoPast, NothingToMove, OutOfOrder, ReasonMissing
from exchange.places import (
    AlreadyRegistered,
    BelowConfirmed,
    NoOffer,
    NotRegistered,
    PickNotWaiting,
    RegistrationClosed,
    RegistrationNotOpen,
    TooManyFromOneLibrary,
    TooManyPicked,
)
from exchange.plan import Budget
from exchange.planned import UnknownSlot, UnknownStep
from exchange.prompt import (
    AlreadyDecided,
    Choose,
    NoSuchOption,
    NothingWaits,
    NotYourDecision,
    SecondPersonNeeded,
)
from exchange.registration import SetCapacity
from exchange.seminar import NotExpected, RecordAttendance, SeminarNotBegun
from exchange.state import Cycle
from exchange.visit import ask
from tests.builders import (
    ANTTI,
    KRISTINA,
    OLGA,
    accept,
    after,
    answer,
    approval,
    approve,
    approved,
    begun,
    day,
    decline,
    desk,
    feedback,
    invitations,
    journey,
    on,
    passed,
    register,
    registration,
    report,
    seminar,
    slot,
    visits,
    waiting_for,
    withdraw,
)
from tests.given import REFUSED, Outcome, given, refuses

FIRST = slot("first", 40, "helsinki", "malmo", "oslo")


def subclasses(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from subclasses(sub)


def test_no_refusal_is_left_that_no_test_hears() -> None:
    known = {kind for kind in subclasses(Refusal) if kind.__module__.startswith("exchange.")}
    assert {kind.__name__ for kind in known - REFUSED} == set()


def test_a_refusal_passes_through_a_context_manager_and_takes_notes() -> None:
    @contextmanager
    def place() -> Iterator[None]:
        yield

    with pytest.raises(NotRegistered) as caught, place():
        raise NotRegistered("a")
    caught.value.add_note("seen at the desk")
    assert (caught.value, hash(caught.value)) == (NotRegistered("a"), hash(NotRegistered("a")))


def invited(**changes: Any) -> Cycle:
    return passed(begun(invitations(**changes), registration(), seminar()), 2)


def asked(**changes: Any) -> Cycle:
    return passed(begun(invitations(approval=approval(**changes)), registration()), 0)


# -- decisions ---------------------------------------------------------------------------------------------------------


@refuses(LateApproval("invitations", "registration", "closes", day(20)))
def test_nobody_is_invited_to_a_registration_that_has_closed() -> Outcome:
    cycle = passed(asked(), 21)
    return given(cycle).when(approve(waiting_for(cycle, "invitations"), at=day(20)))


@refuses(LateApproval("intro", "intro", "begins", day(30)))
def test_no_seminar_is_announced_that_has_begun() -> Outcome:
    cycle = passed(begun(seminar(approval=approval())), 30)
    return given(cycle).when(approve(waiting_for(cycle, "intro"), at=day(30)))


@refuses(LateApproval("visits", "visits", "begins", day(40), "first"))
def test_no_host_is_asked_for_a_stay_that_has_begun() -> Outcome:
    cycle = passed(begun(visits(slot("later", 50, "oslo"), FIRST, approval=approval())), 41)
    return given(cycle).when(approve(waiting_for(cycle, "visits"), at=day(41)))


@refuses(NothingWaits("approve-nothing-1"))
def test_nobody_decides_what_does_not_wait() -> Outcome:
    return given(asked()).when(Reject(at=day(1), actor=OLGA, prompt="approve-nothing-1"))


@refuses(AlreadyDecided("approve-invitations-1", "approve", OLGA, day(1)))
def test_nobody_decides_twice() -> Outcome:
    cycle = asked()
    return given(approved(cycle, "invitations", at=day(1))).when(
        approve(waiting_for(cycle, "invitations"), at=day(2), actor=KRISTINA)
    )


@refuses(NotYourDecision("p_anna", ("coordinator",)))
def test_nobody_decides_who_does_not_hold_the_role() -> Outcome:
    return given(asked()).when(approve(waiting_for(asked(), "invitations"), at=day(1), actor="p_anna"))


@refuses(NotYourDecision(KRISTINA, ("time",)))
def test_nobody_makes_the_clock_strike() -> Outcome:
    return given(journey(FIRST)).when(LapseSlot(at=day(41), actor=KRISTINA, step="visits", slot="first"))


@refuses(SecondPersonNeeded(KRISTINA))
def test_whoever_started_the_cycle_does_not_approve_alone() -> Outcome:
    cycle = asked(second_person=True)
    return given(cycle).when(approve(waiting_for(cycle, "invitations"), at=day(1), actor=KRISTINA))


@refuses(LettersChanged("approve-invitations-1"))
def test_nobody_approves_other_letters_than_she_saw() -> Outcome:
    prompt = waiting_for(asked(), "invitations").model_copy(update={"digest": "another"})
    return given(asked()).when(approve(prompt, at=day(1)))


@refuses(NoSuchOption("approve-invitations-1", "again", ("approve", "reject")))
def test_a_prompt_takes_only_its_own_options() -> Outcome:
    return given(asked()).when(Choose(at=day(1), actor=OLGA, prompt="approve-invitations-1", option="again"))


@refuses(NoSuchOption("host-visits-first-1", "approve", ("next", "give_up")))
def test_a_choice_is_not_approved() -> Outcome:
    cycle = after(journey(FIRST), answer("helsinki", "decline"))
    return given(cycle).when(approve(waiting_for(cycle, "first"), at=day(4)))


@refuses(BudgetExceeded(cap=900_00, free=900_00, asked=1_000_00))
def test_nobody_approves_what_the_money_does_not_reach() -> Outcome:
    cycle = passed(begun(seminar(approval=approval()), budget=Budget(cap=900_00)), 22)
    return given(cycle).when(approve(waiting_for(cycle, "intro"), at=day(23)))


@refuses(CycleOver("cancelled", day(3)))
def test_nothing_changes_in_a_cycle_that_is_over() -> Outcome:
    cancel = Cancel(at=day(3), actor=KRISTINA)
    return given(desk()).when(cancel, cancel)


@refuses(UnknownStep("travel", ("registration", "intro")))
def test_nobody_acts_on_a_step_that_is_not_there() -> Outcome:
    return given(desk()).when(Move(at=day(3), actor=OLGA, step="travel", when=on(9), reason="n_why"))


@refuses(UnknownStep("intro", ("registration",)))
def test_nobody_registers_at_a_seminar() -> Outcome:
    return given(desk()).when(register("a", step="intro"))


@refuses(UnknownSlot("visits", "tenth", ("first",)))
def test_nobody_reminds_the_host_of_a_slot_that_is_not_there() -> Outcome:
    return given(journey(FIRST)).when(RemindHost(at=day(3), actor=OLGA, step="visits", slot="tenth"))


# -- invitations and places --------------------------------------------------------------------------------------------


@refuses(NotInvited("p_guest"))
def test_nobody_declines_who_was_not_invited() -> Outcome:
    return given(invited()).when(DeclineInvitation(at=day(3), actor="p_guest", person="p_guest"))


@refuses(AlreadyTakesPart("p_anna"))
def test_nobody_declines_who_is_registered() -> Outcome:
    cycle = after(invited(), register("p_anna"))
    return given(cycle).when(DeclineInvitation(at=day(3), actor="p_anna", person="p_anna"))


@refuses(NothingToRemind("invitations"))
def test_nobody_is_reminded_when_everybody_has_answered() -> Outcome:
    cycle = after(invited(), register("p_anna"), register("p_boris"), register("p_vera"))
    return given(cycle).when(RemindInvited(at=day(3), actor=OLGA, step="invitations"))


@refuses(NothingToRemind("feedback"))
def test_nobody_is_asked_again_for_what_nobody_was_asked_for() -> Outcome:
    cycle = begun(feedback(), report())
    return given(cycle).when(RemindSurvey(at=day(3), actor=OLGA, step="feedback"))


@refuses(NothingToRemind("visits/first"))
def test_no_host_is_reminded_that_has_answered() -> Outcome:
    cycle = after(journey(FIRST), answer("helsinki", "confirm"))
    return given(cycle).when(RemindHost(at=day(4), actor=OLGA, step="visits", slot="first"))


@refuses(RemindedJustNow("invitations", day(3)))
def test_nobody_is_reminded_twice_within_a_day() -> Outcome:
    remind = RemindInvited(at=day(3), actor=OLGA, step="invitations")
    return given(invited()).when(remind, remind.model_copy(update={"at": day(3.9)}))


@refuses(NotYourDecision("p_anna", ("coordinator", "director")))
def test_nobody_reminds_who_is_no_staff() -> Outcome:
    return given(invited()).when(RemindInvited(at=day(3), actor="p_anna", step="invitations"))


@refuses(RegistrationNotOpen(day(1)))
def test_nobody_registers_before_the_desk_opens() -> Outcome:
    return given(begun(registration())).when(register("a", at=day(0.9)))


@refuses(RegistrationClosed(day(20)))
def test_nobody_registers_after_the_deadline() -> Outcome:
    return given(desk()).when(register("a", at=day(20.01)))


@refuses(RegistrationClosed(day(20)))
def test_nobody_registers_at_a_desk_that_has_closed() -> Outcome:
    return given(passed(desk(), 20)).when(register("a", at=day(20)))


@refuses(AlreadyRegistered("a", "waiting"))
def test_nobody_registers_twice() -> Outcome:
    return given(desk("b", "a", capacity=1)).when(register("a", at=day(4)))


@refuses(NotRegistered("a"))
def test_nobody_withdraws_twice() -> Outcome:
    return given(desk("a")).when(withdraw("a"), withdraw("a"))


@refuses(NoOffer("b", "waiting"))
def test_nobody_accepts_what_was_not_offered() -> Outcome:
    return given(desk("a", "b", capacity=1)).when(accept("b"))


@refuses(NoOffer("a", "confirmed"))
def test_nobody_declines_a_place_as_if_it_were_an_offer() -> Outcome:
    return given(desk("a")).when(decline("a"))


@refuses(NoOffer("b", "expired"))
def test_nobody_accepts_an_offer_that_has_ended_though_its_end_was_not_decided_yet() -> Outcome:
    return given(desk("a", "b", capacity=1)).when(withdraw("a"), accept("b", at=day(6.01)))


@refuses(BelowConfirmed(capacity=2, taken=3))
def test_no_capacity_puts_people_out() -> Outcome:
    cycle = after(desk("a", "b", "c", "d", capacity=3), withdraw("a"))
    return given(cycle).when(SetCapacity(at=day(4), actor=OLGA, step="registration", capacity=2))


@refuses(BelowConfirmed(capacity=0, taken=0))
def test_no_group_is_empty_on_purpose() -> Outcome:
    return given(desk()).when(SetCapacity(at=day(4), actor=OLGA, step="registration", capacity=0))


@refuses(NotYourDecision(ANTTI, ("coordinator",)))
def test_nobody_but_a_coordinator_changes_the_capacity() -> Outcome:
    return given(desk()).when(SetCapacity(at=day(4), actor=ANTTI, step="registration", capacity=5))


def picking(*picks: str, **changes: Any) -> Outcome:
    cycle = passed(begun(registration(places="selected", capacity=2, **changes), seminar()), 2)
    people = (register("a", home="gusev"), register("b", home="gusev"), register("c", home="oslo"), register("d"))
    cycle = passed(after(cycle, *people, withdraw("d")), 20)
    return given(cycle).when(Choose(at=day(21), actor=OLGA, prompt="select-registration", option="select", picks=picks))


@refuses(PickNotWaiting("d"))
def test_nobody_is_selected_who_has_withdrawn() -> Outcome:
    return picking("a", "d")


@refuses(TooManyPicked(picked=3, capacity=2))
def test_no_more_are_selected_than_there_are_places() -> Outcome:
    return picking("a", "b", "c")


@refuses(TooManyFromOneLibrary("gusev", picked=2, limit=1))
def test_no_more_are_selected_from_one_library_than_the_plan_lets_in() -> Outcome:
    return picking("a", "b", per_library=1)


# -- seminars, visits, feedback ----------------------------------------------------------------------------------------


@refuses(SeminarNotBegun("intro", day(30)))
def test_nobody_was_at_a_seminar_that_has_not_begun() -> Outcome:
    return given(passed(desk("a"), 22)).when(RecordAttendance(at=day(29), actor=OLGA, step="intro", person="a"))


@refuses(NotExpected("b", "intro"))
def test_no_attendance_is_noted_of_whoever_has_no_place() -> Outcome:
    cycle = passed(desk("a", "b", capacity=1), 22)
    return given(cycle).when(RecordAttendance(at=day(30), actor=OLGA, step="intro", person="b"))


@refuses(NotAsked("oslo"))
def test_no_host_answers_that_was_not_asked() -> Outcome:
    return given(journey(FIRST)).when(answer("oslo", "confirm"))


@refuses(NotAsked(""))
def test_nobody_answers_for_no_host() -> Outcome:
    return given(journey(FIRST)).when(answer("", "confirm"))


@refuses(WhichSlot("helsinki", ("first", "second")))
def test_a_host_asked_for_two_stays_says_which_it_means() -> Outcome:
    return given(journey(FIRST, slot("second", 43, "helsinki"))).when(answer("helsinki", "confirm"))


@refuses(WhichSlot("helsinki", ("first", "second")))
def test_a_host_that_comes_late_for_two_stays_says_which_it_means() -> Outcome:
    cycle = journey(FIRST, slot("second", 43, "helsinki"))
    cycle = after(cycle, answer("helsinki", "decline", slot="first"), answer("helsinki", "decline", slot="second"))
    return given(cycle).when(answer("helsinki", "confirm"))


@refuses(AlreadyAnswered("helsinki", "first", "confirmed"))
def test_a_host_confirms_once() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "confirm"), answer("helsinki", "confirm"))


@refuses(AlreadyAnswered("helsinki", "first", "open"))
def test_a_host_declines_once() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "decline"), answer("helsinki", "decline"))


@refuses(AlreadyAnswered("helsinki", "first", "given_up"))
def test_a_yes_comes_too_late_for_a_slot_that_was_given_up() -> Outcome:
    return given(passed(after(journey(FIRST), answer("helsinki", "decline")), 40)).when(answer("helsinki", "confirm"))


@refuses(ProposalIncomplete("helsinki"))
def test_a_proposal_ends_after_it_begins() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "propose", begins=on(50), ends=on(50)))


@refuses(ProposalIncomplete("helsinki"))
def test_a_proposal_says_when() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "propose"))


@refuses(TooLateToPropose("helsinki", "first"))
def test_a_host_that_has_declined_proposes_nothing() -> Outcome:
    cycle = after(journey(FIRST), answer("helsinki", "decline"))
    return given(cycle).when(answer("helsinki", "propose", begins=on(50), ends=on(52)))


@refuses(HostBusy("helsinki", "second"))
def test_no_stay_moves_to_where_its_host_stands_elsewhere() -> Outcome:
    cycle = journey(FIRST, slot("second", 43, "helsinki"))
    move = Move(at=day(5), actor=OLGA, step="visits", slot="second", when=on(41), ends=on(43), reason="n_why")
    return given(cycle).when(move)


@refuses(NobodyLeft("first"))
def test_nobody_is_asked_when_every_candidate_has_been() -> Outcome:
    cycle = after(journey(slot("first", 40, "helsinki")), answer("helsinki", "decline"))
    step, stay = cycle.slot_of("visits", "first")
    with pytest.raises(NobodyLeft) as caught:
        ask(cycle, answer("helsinki", "decline"), step, stay)
    return Outcome(cycle, cycle, [], caught.value)


@refuses(FeedbackNotOpen("feedback"))
def test_nobody_is_heard_before_the_survey_opens() -> Outcome:
    return given(begun(feedback(), report())).when(GiveFeedback(at=day(60), actor="a", person="a"))


def surveyed(days: float = 61) -> Cycle:
    cycle = passed(begun(registration(), seminar(), feedback(), report()), 2)
    return passed(after(cycle, register("a")), days)


@refuses(FeedbackClosed("feedback", day(75)))
def test_nobody_is_heard_after_the_survey_has_closed() -> Outcome:
    return given(surveyed()).when(GiveFeedback(at=day(75.01), actor="a", person="a"))


@refuses(DidNotTakePart("b"))
def test_nobody_is_heard_who_did_not_take_part() -> Outcome:
    return given(surveyed()).when(GiveFeedback(at=day(62), actor="b", person="b"))


@refuses(FeedbackAlreadyGiven("a"))
def test_nobody_is_heard_twice() -> Outcome:
    give = GiveFeedback(at=day(62), actor="a", person="a")
    return given(surveyed()).when(give, give)


# -- dates -------------------------------------------------------------------------------------------------------------


def move(cycle: Cycle, step: str, when: float, at: float = 5, **more: Any) -> Outcome:
    said = {"at": day(at), "actor": OLGA, "step": step, "when": on(when), "reason": "n_why"}
    return given(cycle).when(Move.model_validate({**said, **more}))


@refuses(ReasonMissing("registration"))
def test_no_deadline_moves_without_a_reason() -> Outcome:
    return move(desk(), "registration", 15, field="closes", reason="")


@refuses(NotYourDecision("p_anna", ("coordinator",)))
def test_no_deadline_moves_because_somebody_wishes_it() -> Outcome:
    return move(desk(), "registration", 15, field="closes", actor="p_anna")


@refuses(NothingToMove("registration", "begins", ("opens", "closes")))
def test_no_date_moves_that_a_step_has_not() -> Outcome:
    return move(desk(), "registration", 15)


@refuses(AlreadyHappened("registration", "opens"))
def test_what_has_happened_does_not_move() -> Outcome:
    return move(desk(), "registration", 15, field="opens")


@refuses(AlreadyHappened("intro", "begins"))
def test_a_seminar_that_is_going_on_does_not_move() -> Outcome:
    return move(passed(desk(), 30), "intro", 35, at=30.1, ends=on(36))


@refuses(AlreadyHappened("visits", "first"))
def test_a_stay_that_is_going_on_does_not_move() -> Outcome:
    cycle = after(journey(FIRST), answer("helsinki", "confirm"))
    return move(cycle, "visits", 45, at=41, slot="first", ends=on(46))


@refuses(AlreadyHappened("visits", "first"))
def test_nobody_is_asked_for_a_day_that_has_come() -> Outcome:
    cycle = after(journey(FIRST), answer("helsinki", "decline"))
    return given(cycle).when(Choose(at=day(40), actor=OLGA, prompt=waiting_for(cycle, "first").id, option="next"))


@refuses(MovedIntoPast(on(4)))
def test_nothing_moves_into_the_past() -> Outcome:
    return move(desk(), "registration", 4, field="closes")


@refuses(MovedIntoPast(on(2.5)))
def test_no_host_proposes_the_past() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "propose", begins=on(2.5), ends=on(4)))


@refuses(OutOfOrder("intro", "begins", "ends"))
def test_a_seminar_ends_after_it_begins() -> Outcome:
    return move(desk(), "intro", 31)


@refuses(OutOfOrder("visits/first", "begins", "ends"))
def test_a_stay_ends_after_it_begins() -> Outcome:
    return move(journey(FIRST), "visits", 45, slot="first")


@refuses(OutOfOrder("registration", "opens", "closes"))
def test_a_desk_closes_after_it_opens() -> Outcome:
    return move(begun(registration(opens=on(10))), "registration", 8, field="closes")


@refuses(NotYourDecision("p_anna", ("coordinator", "director")))
def test_nobody_cancels_who_is_no_staff() -> Outcome:
    return given(journey(visits(FIRST).slots[0])).when(Cancel(at=day(3), actor="p_anna"))
