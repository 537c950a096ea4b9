"""Each refusal of a decision, once, with its facts."""

from __future__ import annotations

from typing import Any

from exchange import correspondence  # noqa: F401 - with it every part of the rules is known
from exchange.approval import LettersChanged, Reject
from exchange.booking import LapseSlot, RemindHost
from exchange.cancelling import Cancel, CycleOver
from exchange.eyes import NobodyLeftToApprove
from exchange.lateness import LateAgain, LateApproval
from exchange.money import BudgetExceeded
from exchange.moving import Move
from exchange.plan import Budget
from exchange.planned import UnknownSlot, UnknownStep
from exchange.prompt import (
    AlreadyDecided,
    Choose,
    NoLongerNeeded,
    NoSuchOption,
    NothingWaits,
    NotYourDecision,
    SecondPersonNeeded,
)
from exchange.state import Cycle
from tests.builders import (
    KRISTINA,
    OLGA,
    after,
    answer,
    approval,
    approve,
    approved,
    begun,
    day,
    desk,
    invitations,
    journey,
    on,
    passed,
    register,
    registration,
    seminar,
    slot,
    visits,
    waiting_for,
)
from tests.given import Outcome, given, refuses

FIRST = slot("first", 40, "helsinki", "malmo", "oslo")


def asked(**changes: Any) -> Cycle:
    return passed(begun(invitations(approval=approval(**changes)), registration()), 0)


@refuses(LateApproval("invitations", "registration", "closes", day(20)))
def test_nobody_is_invited_to_a_registration_that_has_closed() -> Outcome:
    cycle = passed(asked(), 21)
    return given(cycle).when(approve(waiting_for(cycle, "invitations"), at=day(20)))


@refuses(LateApproval("intro", "intro", "begins", day(30)))
def test_no_seminar_is_announced_that_has_begun() -> Outcome:
    cycle = passed(begun(seminar(approval=approval())), 30)
    return given(cycle).when(approve(waiting_for(cycle, "intro"), at=day(30)))


@refuses(LateAgain("intro", "intro", "begins", day(30)))
def test_what_was_rejected_is_not_made_ready_again_for_a_day_that_is_past() -> Outcome:
    cycle = passed(begun(seminar(approval=approval())), 29)
    cycle = after(cycle, Reject(at=day(29), actor=OLGA, prompt=waiting_for(cycle, "intro").id))
    return given(cycle).when(Choose(at=day(30), actor=OLGA, prompt="revise-intro-1", option="again"))


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


def wished(*days: int) -> Cycle:
    """Helsinki has confirmed, and wishes for one other time after the other."""
    cycle = after(journey(FIRST), answer("helsinki", "confirm"))
    spans = [{"begins": on(day), "ends": on(day + 2)} for day in days]
    return after(cycle, *(answer("helsinki", "propose", **span) for span in spans))


@refuses(NoLongerNeeded("wish-visits-first-1", "wish-visits-first-2"))
def test_nobody_decides_about_a_wish_in_whose_place_another_came() -> Outcome:
    return given(wished(44, 46)).when(Choose(at=day(5), actor=OLGA, prompt="wish-visits-first-1", option="move"))


@refuses(NoLongerNeeded("wish-visits-first-1"))
def test_nobody_decides_about_a_wish_that_was_taken_back() -> Outcome:
    back = after(wished(44), answer("helsinki", "confirm"))
    return given(back).when(Choose(at=day(5), actor=OLGA, prompt="wish-visits-first-1", option="move"))


@refuses(NotYourDecision("p_anna", ("coordinator",)))
def test_nobody_decides_who_does_not_hold_the_role() -> Outcome:
    return given(asked()).when(approve(waiting_for(asked(), "invitations"), at=day(1), actor="p_anna"))


@refuses(NotYourDecision(KRISTINA, ("time",)))
def test_nobody_makes_the_clock_strike() -> Outcome:
    return given(journey(FIRST)).when(LapseSlot(at=day(41), actor=KRISTINA, step="visits", slot="first"))


@refuses(NobodyLeftToApprove("invitations", OLGA))
def test_nobody_changes_what_nobody_could_approve_then() -> Outcome:
    again = Choose(at=day(2), actor=OLGA, prompt="revise-invitations-1", option="again")
    reject = Reject(at=day(1), actor=OLGA, prompt="approve-invitations-1")
    return given(asked(second_person=True, deputy=None)).when(reject, again)


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
