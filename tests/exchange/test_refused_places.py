"""Each refusal of an invitation or a place, once, with its facts."""

from __future__ import annotations

from typing import Any

from exchange import correspondence  # noqa: F401 - with it every part of the rules is known
from exchange.booking import RemindHost
from exchange.feedback import (
    RemindSurvey,
)
from exchange.invitation import (
    AlreadyTakesPart,
    DeclineInvitation,
    NothingToRemind,
    NotInvited,
    RemindedJustNow,
    RemindInvited,
)
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
from exchange.prompt import (
    Choose,
    NotYourDecision,
)
from exchange.registration import SetCapacity
from exchange.state import Cycle
from tests.builders import (
    ANTTI,
    OLGA,
    accept,
    after,
    answer,
    begun,
    day,
    decline,
    desk,
    feedback,
    invitations,
    journey,
    passed,
    register,
    registration,
    report,
    seminar,
    slot,
    withdraw,
)
from tests.given import Outcome, given, refuses

FIRST = slot("first", 40, "helsinki", "malmo", "oslo")


def invited(**changes: Any) -> Cycle:
    return passed(begun(invitations(**changes), registration(), seminar()), 2)


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
