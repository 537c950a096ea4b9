"""Refusals of amendments, above all of those that touch the past; gathered by :mod:`test_refusals`."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.amended import Change
from exchange.amending import Amend, DatesPast, NothingToAmend, PlanBroken
from exchange.begun import PlacedBeforeBegun, StepBegun
from exchange.cycle import begin
from exchange.eyes import NobodyLeftToApprove
from exchange.moving import MovedIntoPast, OutOfOrder, ReasonMissing
from exchange.order import OutOfPlan
from exchange.plan import CyclePlan, Step
from exchange.prompt import NotYourDecision
from exchange.state import Cycle
from tests.builders import (
    ANTTI,
    OLGA,
    approval,
    approved,
    begun,
    day,
    feedback,
    on,
    passed,
    registration,
    seminar,
    session,
    slot,
    visits,
    year,
)
from tests.exchange.test_amending import amend, amending
from tests.given import Outcome, given, refuses


def running(days: float = 3) -> Cycle:
    """The year on day 3: invitations are sent, the desk is open, the hosts are asked."""
    cycle = passed(begin(year()), days)
    return approved(approved(cycle, "invitations", day(days)), "visits", day(days))


def changing(cycle: Cycle, step: str, at: float = 5, **fields: Any) -> Outcome:
    wished = cycle.plan.step(step).model_copy(update=fields)
    steps = tuple(wished if s.id == step else s for s in cycle.plan.steps)
    return amending(cycle, cycle.plan.model_copy(update={"steps": steps}), at)


def ordered(cycle: Cycle, *order: str, at: float = 5) -> Outcome:
    return given(cycle).when(Amend(at=day(at), actor=OLGA, reason="n_why", order=order))


def with_step(plan: CyclePlan, place: int, step: Step) -> CyclePlan:
    return plan.model_copy(update={"steps": (*plan.steps[:place], step, *plan.steps[place:])})


@refuses(NothingToAmend("cycle-kaliningrad-2012-staff"))
def test_a_plan_that_stands_so_already_is_not_amended() -> Outcome:
    return amending(running(), running().plan)


@refuses(ReasonMissing("cycle-kaliningrad-2012-staff"))
def test_an_amendment_has_a_reason() -> Outcome:
    cycle = running()
    wish = cycle.plan.model_copy(update={"steps": cycle.plan.steps[:-1]})
    return given(cycle).when(amend(cycle, wish, reason=""))


@refuses(NotYourDecision(ANTTI, ("coordinator",)))
def test_only_the_coordinator_amends() -> Outcome:
    cycle = running()
    return given(cycle).when(amend(cycle, cycle.plan.model_copy(update={"steps": cycle.plan.steps[:-1]}), actor=ANTTI))


@refuses(StepBegun("registration", "closes"))
def test_the_deadline_of_an_open_desk_is_moved_and_not_amended() -> Outcome:
    return changing(running(), "registration", closes=on(21))


@refuses(StepBegun("registration", "capacity"))
def test_places_of_an_open_desk_have_their_own_command() -> Outcome:
    return changing(running(), "registration", capacity=9)


@refuses(StepBegun("invitations", "people"))
def test_invitations_that_were_sent_are_not_sent_to_others() -> Outcome:
    return changing(running(), "invitations", people=("p_anna", "p_boris", "p_vera", "p_new"))


@refuses(StepBegun("visits", "slots"))
def test_stays_whose_hosts_were_asked_stay() -> Outcome:
    cycle = running()
    return changing(cycle, "visits", slots=cycle.plan.step("visits").slots[:1])  # type: ignore[union-attr]


@refuses(StepBegun("visits", "slots/first/candidates"))
def test_hosts_that_were_asked_stay() -> Outcome:
    cycle = running()
    first, *others = cycle.plan.step("visits").slots  # type: ignore[union-attr]
    without = first.model_copy(update={"candidates": first.candidates[1:]})
    return changing(cycle, "visits", slots=(without, *others))


@refuses(StepBegun("final", "approval"))
def test_nobody_is_amended_out_of_an_approval() -> Outcome:
    return changing(running(), "final", approval=None)


@refuses(StepBegun("invitations", "prepare"))
def test_letters_that_lie_ready_are_not_made_ready_on_another_day() -> Outcome:
    return changing(passed(begin(year()), 3), "invitations", prepare=on(9))


@refuses(StepBegun("invitations", "remind"))
def test_a_reminder_that_has_gone_stays() -> Outcome:
    return changing(passed(running(), 9), "invitations", at=10, remind=(on(11), on(12)))


@refuses(StepBegun("registration"))
def test_a_step_that_has_begun_is_not_taken_out() -> Outcome:
    cycle = passed(begun(registration(), seminar()), 2)
    return amending(cycle, cycle.plan.model_copy(update={"steps": cycle.plan.steps[1:]}))


@refuses(StepBegun("intro"))
def test_a_step_whose_letters_lie_ready_is_not_taken_out() -> Outcome:
    cycle = passed(begun(registration(), seminar(approval=approval())), 23)
    return amending(cycle, cycle.plan.model_copy(update={"steps": cycle.plan.steps[:1]}), 24)


@refuses(PlacedBeforeBegun("workshop", "registration"))
def test_nothing_is_put_in_front_of_what_has_begun() -> Outcome:
    cycle = passed(begun(registration(), seminar()), 2)
    early = seminar(id="workshop", announce=on(6), begins=on(7), ends=on(7.3))
    return amending(cycle, with_step(cycle.plan, 0, early))


@refuses(PlanBroken("invitations", "it invites to registration, which is no registration of the plan"))
def test_invitations_keep_the_desk_they_invite_to() -> Outcome:
    cycle = begin(year())
    order = [s.id for s in cycle.plan.steps if s.id != "registration"]
    return ordered(cycle, *order, at=0)


@refuses(PlanBroken("feedback", "a step keeps its kind (feedback); give the new one an id of its own"))
def test_a_step_keeps_its_kind() -> Outcome:
    cycle = running()
    other = seminar(id="feedback", announce=on(62), begins=on(63), ends=on(64))
    change = Change(step=other, fields=("kind",))
    return given(cycle).when(Amend(at=day(5), actor=OLGA, changes=(change,), reason="n_why"))


@refuses(PlanBroken("cycle-kaliningrad-2012-staff", "its order names a step twice, or one that it does not have"))
def test_an_order_names_each_step_once() -> Outcome:
    return ordered(running(), "invitations", "invitations")


@refuses(PlanBroken("visits", "nowhere is no organisation of the plan"))
def test_a_host_is_an_organisation_of_the_plan() -> Outcome:
    cycle = begun(registration(), visits(prepare=on(9)))
    return changing(cycle, "visits", slots=(slot("first", 40, "nowhere"),))


@refuses(PlanBroken("visits", "two of its stays have the same id"))
def test_stays_have_ids_of_their_own() -> Outcome:
    cycle = begun(registration(), visits(prepare=on(9)))
    return changing(cycle, "visits", slots=(slot("first", 40, "oslo"), slot("first", 43, "malmo")))


@refuses(PlanBroken("registration", "it needs at least one place"))
def test_a_desk_keeps_a_place() -> Outcome:
    return changing(begun(registration(opens=on(9)), seminar()), "registration", capacity=0)


@refuses(MovedIntoPast(on(4)))
def test_nothing_new_lies_in_the_past() -> Outcome:
    return changing(running(), "feedback", opens=on(4))


@refuses(DatesPast((f"feedback opens {on(4).local}", f"feedback closes {on(5).local}")))
def test_all_that_would_lie_in_the_past_is_named_at_once() -> Outcome:
    outcome = changing(running(), "feedback", opens=on(4), closes=on(5))
    assert "opens of feedback" in str(outcome.refusal)
    assert "closes of feedback" in str(outcome.refusal)
    return outcome


@refuses(OutOfOrder("feedback", "opens", "closes"))
def test_dates_within_a_step_keep_their_order() -> Outcome:
    return changing(running(), "feedback", closes=on(60.5))


@refuses(OutOfPlan("more", "begins", on(35), "visits", "ends", on(48), "third"))
def test_a_new_step_keeps_its_turn() -> Outcome:
    cycle = running()
    early = visits(slot("early", 35, "aarhus"), id="more", prepare=on(7))
    return amending(cycle, with_step(cycle.plan, 4, early))


@refuses(NobodyLeftToApprove("visits", OLGA))
def test_somebody_is_left_who_may_approve() -> Outcome:
    four = approval(second_person=True, deputy=None)
    cycle = passed(begun(visits(approval=four), feedback()), 3)
    return changing(cycle, "visits", slots=(slot("first", 41, "oslo"),))


@pytest.mark.parametrize(
    ("step", "field", "words"),
    [
        ("registration", "closes", "`kierros move registration closes WHEN`"),
        ("registration", "capacity", "`kierros capacity registration NUMBER`"),
        ("invitations", "people", "`kierros register`"),
        ("visits", "slots/first/candidates", "add a step of visits"),
        ("visits", "slots/first/begins", "`kierros move visits begins WHEN --slot first`"),
    ],
)
def test_a_refused_amendment_names_what_changes_it_instead(step: str, field: str, words: str) -> None:
    assert words in str(StepBegun(step, field))


def test_a_sessions_speaker_may_change_until_the_programme_is_out() -> None:
    cycle = running()
    assert changing(cycle, "intro", sessions=(session("p_other"),)).refusal is None
