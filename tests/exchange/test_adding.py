"""A paragraph of staff's own in letters that wait for approval: they are made ready anew with it."""

from __future__ import annotations

from typing import Any

from exchange.adding import (
    AddParagraph,
    ApprovedAlready,
    NoLettersToAddTo,
    NothingWasAdded,
    ParagraphAdded,
    ParagraphsTakenBack,
    TooManyParagraphs,
)
from exchange.approval import LettersChanged, PreparationBegan, PromptClosed
from exchange.correspondence import held
from exchange.eyes import NobodyLeftToApprove
from exchange.prompt import NotYourDecision, SecondPersonNeeded
from exchange.state import Cycle
from tests.builders import (
    ANTTI,
    KRISTINA,
    OLGA,
    after,
    approval,
    approve,
    approved,
    begun,
    day,
    invitations,
    passed,
    prepared,
    registration,
    report,
    slot,
    visits,
    waiting_for,
)
from tests.given import Outcome, fact, given, refuses


def added(text: str = "n_ramp", *, actor: str = OLGA, step: str = "invitations") -> AddParagraph:
    return AddParagraph(at=day(1), actor=actor, step=step, text=text)


def waiting(**agreed: Any) -> Cycle:
    return passed(begun(invitations(approval=approval(**agreed)), registration(), report()), 0)


def test_letters_that_wait_are_made_ready_anew_with_it() -> None:
    outcome = given(waiting()).when(added())
    outcome.then(
        fact(PromptClosed, option="lapsed"),
        fact(ParagraphAdded, step="invitations", text="n_ramp", role="coordinator"),
        fact(PreparationBegan, step="invitations", revision=2),
    ).writes(("drop", ()))
    assert [mail.facts for mail in held(outcome.cycle, "invitations")] == [{"added": "n_ramp"}]


def test_what_was_looked_at_before_can_not_be_approved() -> None:
    old = waiting_for(waiting(), "invitations")
    anew = prepared(after(waiting(), added()), day(1))
    stale = approve(waiting_for(anew, "invitations"), day(2)).model_copy(update={"digest": old.digest})
    assert given(anew).when(stale).refusal == LettersChanged("approve-invitations-2")


def test_the_letters_leave_with_what_was_added() -> None:
    anew = prepared(after(waiting(), added(), added("n_bus")), day(1))
    outcome = given(anew).when(approve(waiting_for(anew, "invitations"), day(2)))
    (freed,) = [mail for mail in outcome.mails("invitation") if mail.op == "release"]
    assert freed.facts == {"added": "n_ramp n_bus"}


def test_so_do_requests_to_hosts() -> None:
    plan = (visits(slot("first", 40, "helsinki", "malmo"), approval=approval()), report())
    cycle = prepared(after(passed(begun(*plan), 2), added(step="visits")), day(2))
    outcome = given(cycle).when(approve(waiting_for(cycle, "visits"), day(3)))
    assert [mail.facts for mail in outcome.mails("host_request")] == [{"added": "n_ramp"}]


def test_before_they_are_made_ready_it_is_kept_for_them() -> None:
    early = begun(invitations(approval=approval()), registration())
    given(early).when(added()).then(fact(ParagraphAdded)).leaves(
        lambda cycle: held(passed(cycle, 0), "invitations")[0].facts, {"added": "n_ramp"}
    )


def test_what_was_added_can_be_taken_back() -> None:
    outcome = given(after(waiting(), added())).when(added("", actor=KRISTINA))
    outcome.then(fact(ParagraphsTakenBack), fact(PreparationBegan, revision=3))
    assert held(outcome.cycle, "invitations")[0].facts == {}


def test_whoever_adds_has_had_a_hand_in_it() -> None:
    cycle = prepared(after(waiting(second_person=True, role="director", deputy="coordinator"), added()), day(1))
    passed_on = passed(cycle, 12)
    prompt = waiting_for(passed_on, "invitations")
    assert given(passed_on).when(approve(prompt, day(12), OLGA)).refusal == SecondPersonNeeded(OLGA)
    assert given(passed_on).when(approve(prompt, day(12), ANTTI)).refusal is None


@refuses(NobodyLeftToApprove("invitations", OLGA))
def test_the_last_who_could_approve_adds_nothing() -> Outcome:
    return given(waiting(second_person=True, deputy=None)).when(added())


@refuses(ApprovedAlready("invitations"))
def test_nothing_is_added_to_what_was_approved() -> Outcome:
    return given(approved(waiting(), "invitations", day(1))).when(added())


@refuses(NoLettersToAddTo("registration"))
def test_a_step_without_letters() -> Outcome:
    return given(waiting()).when(added(step="registration"))


@refuses(NothingWasAdded("invitations"))
def test_nothing_to_take_back() -> Outcome:
    return given(waiting()).when(added(""))


@refuses(TooManyParagraphs("invitations", 5))
def test_no_more_than_a_letter_can_bear() -> Outcome:
    return given(waiting()).when(*(added(f"n_{number}") for number in range(6)))


@refuses(NotYourDecision("p_anna", ("coordinator", "director")))
def test_only_staff_add() -> Outcome:
    return given(waiting()).when(added(actor="p_anna"))
