"""Approvals and prompts: nothing that needs agreement leaves before the right person has agreed to exactly that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from exchange.approval import (
    PreparationBegan,
    Prepare,
    RecordPrepared,
    Reject,
    StepApproved,
    StepRejected,
)
from exchange.base import PLAN, TIME
from exchange.booking import VisitConfirmed, VisitMoved
from exchange.cancelling import CycleFinished
from exchange.defect import LettersFailed, NoteFailedLetters, ParkDefect, RowParked
from exchange.eyes import NobodyLeftToApprove
from exchange.invitation import InvitationsSent
from exchange.lateness import LateApproval
from exchange.money import BudgetExceeded
from exchange.moving import DateMoved, Move
from exchange.plan import Budget
from exchange.prompt import (
    AlreadyDecided,
    Choose,
    PassPrompt,
    PromptClosed,
    PromptOpened,
    PromptPassed,
    PromptReminded,
    RemindPrompt,
    SecondPersonNeeded,
)
from exchange.reporting import ReportFiled
from exchange.state import Cycle
from tests.builders import (
    ANTTI,
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
    feedback,
    invitations,
    on,
    passed,
    plan,
    prepared,
    register,
    registration,
    report,
    seminar,
    slot,
    time,
    visits,
    waiting_for,
)
from tests.given import fact, given


def asked(**changes: Any) -> Cycle:
    """Invitations that wait for approval since day 0, due on day 4."""
    steps = (invitations(approval=approval(**changes)), registration())
    return passed(begun(*steps), 0)


def done(step: str = "invitations", revision: int = 1, **more: Any) -> RecordPrepared:
    said = {"at": day(0), "actor": PLAN, "step": step, "revision": revision, "digest": f"{step}-{revision}"}
    return RecordPrepared(**{**said, **more})


def reject(actor: str = OLGA) -> Reject:
    return Reject(at=day(1), actor=actor, prompt="approve-invitations-1", reason="n_typo")


def choose(prompt: str, option: str, at: float = 2, actor: str = OLGA) -> Choose:
    return Choose(at=day(at), actor=actor, prompt=prompt, option=option, reason="n_why")


def test_letters_are_made_ready_on_their_date() -> None:
    cycle = begun(invitations(), registration())
    given(cycle).when(time(Prepare, day(0), step="invitations")).then(
        fact(PreparationBegan, step="invitations", revision=1, actor=TIME)
    )


def test_letters_are_not_made_ready_before_their_date_nor_twice() -> None:
    cycle = begun(invitations(prepare=on(1)), registration())
    given(cycle).when(time(Prepare, day(0.9), step="invitations")).nothing()
    prepare = time(Prepare, day(1), step="invitations")
    given(after(cycle, prepare)).when(prepare).nothing()


def test_what_lies_ready_asks_for_approval_and_shows_what_it_is() -> None:
    cycle = after(begun(invitations(approval=approval(second_person=True)), registration()))
    cycle = after(cycle, time(Prepare, day(0), step="invitations"))
    outcome = given(cycle).when(done(letters=24, languages=("en", "ru")))
    outcome.then(fact(PromptOpened, at=day(0)))
    prompt = waiting_for(outcome.cycle, "invitations")
    assert prompt.model_dump(include={"digest", "letters", "languages", "role", "deputy", "due_at", "asked_by"}) == {
        "digest": "invitations-1", "letters": 24, "languages": ("en", "ru"), "role": "coordinator",
        "deputy": "director", "due_at": day(4), "asked_by": KRISTINA,
    }  # fmt: skip


def test_what_was_made_ready_for_an_earlier_revision_changes_nothing() -> None:
    given(asked()).when(done(revision=1), done(revision=2)).nothing()


def test_where_the_plan_asks_for_nobodys_approval_the_letters_leave_at_once() -> None:
    cycle = after(begun(invitations(), registration()), time(Prepare, day(0), step="invitations"))
    given(cycle).when(done()).then(
        fact(StepApproved, actor=PLAN, digest="invitations-1"), fact(InvitationsSent, count=3)
    )


def test_an_approval_names_actor_role_time_revision_and_reason() -> None:
    cycle = asked()
    prompt = waiting_for(cycle, "invitations")
    command = approve(prompt, at=day(1)).model_copy(update={"reason": "n_fine"})
    signed = {"actor": OLGA, "role": "coordinator", "at": day(1), "reason": "n_fine"}
    given(cycle).when(command).then(
        fact(PromptClosed, option="approve", **signed),
        fact(StepApproved, revision=1, digest="invitations-1", **signed),
        fact(InvitationsSent, actor=OLGA),
    )


def test_rights_withdrawn_later_do_not_undo_an_approval() -> None:
    cycle = approved(asked(), "invitations", at=day(1))
    without = cycle.plan.model_copy(update={"roles": {"coordinator": (KRISTINA,)}})
    assert cycle.put(plan=without).approving("invitations").stage == "given"


def test_a_second_answer_is_told_the_first_one_and_whose_it_was() -> None:
    cycle = asked()
    prompt = waiting_for(cycle, "invitations")
    outcome = given(approved(cycle, "invitations", at=day(1))).when(approve(prompt, at=day(2), actor=KRISTINA))
    assert outcome.refusal == AlreadyDecided(prompt.id, "approve", OLGA, day(1))


def test_a_second_person_is_whoever_did_not_start_the_cycle() -> None:
    cycle = asked(second_person=True)
    prompt = waiting_for(cycle, "invitations")
    given(cycle).when(approve(prompt, at=day(1), actor=OLGA)).then(
        fact(PromptClosed), fact(StepApproved), fact(InvitationsSent)
    )


def test_whoever_may_not_be_the_second_person_is_not_asked() -> None:
    ident = "approve-invitations-1"
    first = given(asked(second_person=True)).when(time(RemindPrompt, day(4), prompt=ident))
    first.writes(("decision_reminder", (OLGA,)))
    late = asked(second_person=True, role="director", deputy="coordinator")
    given(after(late, time(RemindPrompt, day(4), prompt=ident))).when(time(PassPrompt, day(8), prompt=ident)).writes(
        ("decision_waiting", (OLGA,))
    )


def test_where_nobody_who_was_asked_first_may_decide_they_hear_of_it_and_a_deputy_who_may_not_does_not() -> None:
    ident = "approve-invitations-1"
    cycle = after(asked(second_person=True), reject(), choose("revise-invitations-1", "again"))
    given(cycle).when(done(revision=2)).writes(("decision_waiting", (KRISTINA, OLGA)))
    late = after(
        asked(second_person=True, role="director", deputy="coordinator"), time(RemindPrompt, day(4), prompt=ident)
    )
    late = late.with_approving("invitations", late.approving("invitations").model_copy(update={"hands": (OLGA,)}))
    given(late).when(time(PassPrompt, day(8), prompt=ident)).then(fact(PromptPassed)).writes()


def test_whoever_asked_again_after_a_rejection_cannot_also_approve() -> None:
    cycle = prepared(after(asked(second_person=True), reject(), choose("revise-invitations-1", "again")), day(2))
    prompt = waiting_for(cycle, "invitations")
    assert given(cycle).when(approve(prompt, at=day(3), actor=OLGA)).refusal == SecondPersonNeeded(OLGA)
    assert given(cycle).when(approve(prompt, at=day(3), actor=KRISTINA)).refusal == SecondPersonNeeded(KRISTINA)
    given(passed(cycle, 10)).when(approve(prompt, at=day(11), actor=ANTTI)).then(
        fact(PromptClosed), fact(StepApproved, revision=2, role="director"), fact(InvitationsSent)
    )


def test_the_last_who_could_approve_leaves_the_change_to_somebody_who_could_not_anyway() -> None:
    cycle = after(asked(second_person=True, deputy=None), reject())
    assert given(cycle).when(choose("revise-invitations-1", "again")).refusal == NobodyLeftToApprove(
        "invitations", OLGA
    )
    again = prepared(after(cycle, choose("revise-invitations-1", "again", actor=KRISTINA)), day(2))
    given(again).when(approve(waiting_for(again, "invitations"), at=day(3), actor=OLGA)).then(
        fact(PromptClosed), fact(StepApproved, revision=2), fact(InvitationsSent)
    )


def test_a_rejection_throws_the_letters_away_and_asks_what_next() -> None:
    given(asked()).when(reject()).then(
        fact(PromptClosed, option="reject"), fact(StepRejected, revision=1, reason="n_typo"), fact(PromptOpened)
    ).writes(("drop", ()), ("decision_waiting", (KRISTINA, OLGA)))


def test_a_rejected_step_is_made_ready_again_under_the_next_revision() -> None:
    cycle = after(asked(), reject())
    given(cycle).when(choose("revise-invitations-1", "again"), done(revision=2)).then(
        fact(PromptClosed, option="again"), fact(PreparationBegan, revision=2, actor=OLGA), fact(PromptOpened)
    )


def test_a_prompt_is_reminded_once_and_then_passes_to_the_deputy() -> None:
    cycle = asked()
    remind = time(RemindPrompt, day(4), prompt="approve-invitations-1")
    onward = time(PassPrompt, day(8), prompt="approve-invitations-1")
    given(cycle).when(onward, remind, remind, onward, onward).then(
        fact(PromptReminded, at=day(4)), fact(PromptPassed, at=day(8), role="director")
    )


def test_the_deputy_decides_only_once_the_decision_has_passed_to_her() -> None:
    cycle = asked()
    prompt = waiting_for(cycle, "invitations")
    assert given(cycle).when(approve(prompt, at=day(7), actor=ANTTI)).refusal is not None
    given(passed(cycle, 8)).when(approve(prompt, at=day(9), actor=ANTTI)).then(
        fact(PromptClosed, role="director"), fact(StepApproved, role="director"), fact(InvitationsSent)
    )


def test_the_first_role_may_still_decide_what_has_passed_to_the_deputy() -> None:
    cycle = passed(asked(), 8)
    given(cycle).when(approve(waiting_for(cycle, "invitations"), at=day(9), actor=OLGA)).then(
        fact(PromptClosed, role="coordinator"), fact(StepApproved), fact(InvitationsSent)
    )


def test_an_unanswered_prompt_never_fails_the_cycle() -> None:
    cycle = passed(asked(), 400)
    assert (cycle.phase, len(cycle.prompts)) == ("running", 1)


def test_a_programme_is_made_ready_only_when_its_group_is_known() -> None:
    cycle = begun(registration(closes=on(25)), seminar())
    given(passed(cycle, 24)).when(time(Prepare, day(24), step="intro")).nothing()
    assert passed(cycle, 25).gathering("intro").stage == "announced"


def test_hosts_are_asked_for_months_ahead_whatever_comes_before() -> None:
    cycle = begun(registration(), seminar(), visits(prepare=on(0)))
    given(cycle).when(time(Prepare, day(0), step="visits")).then(fact(PreparationBegan, step="visits"))


def test_the_report_waits_for_all_that_came_before_it() -> None:
    cycle = begun(seminar(), report(due=on(10)))
    given(cycle).when(time(Prepare, day(10), step="report")).nothing()
    assert passed(cycle, 31).phase == "finished"


def test_the_report_is_filed_as_it_was_approved() -> None:
    cycle = passed(begun(report(approval=approval())), 80)
    given(cycle).when(approve(waiting_for(cycle, "report"), at=day(81))).then(
        fact(PromptClosed), fact(StepApproved), fact(ReportFiled, digest="report-1", revision=1), fact(CycleFinished)
    )


def test_an_approval_shows_the_money_it_commits() -> None:
    cycle = passed(begun(visits(slot("a", 40, "oslo", cents=[70_00]), slot("b", 43, "malmo"), approval=approval())), 2)
    assert waiting_for(cycle, "visits").cents == 170_00


def test_a_step_that_needs_nobodys_approval_asks_staff_when_the_money_does_not_reach() -> None:
    cycle = passed(begun(seminar(), budget=Budget(cap=500_00)), 22)
    prompt = waiting_for(cycle, "intro")
    assert (prompt.role, prompt.cents, cycle.purse.committed) == ("coordinator", 1_000_00, 0)
    assert given(cycle).when(approve(prompt, at=day(23))).refusal == BudgetExceeded(500_00, 500_00, 1_000_00)


def test_money_that_a_coming_seminar_needs_is_not_given_to_a_host() -> None:
    stays = visits(slot("a", 25, "oslo", "malmo", cents=[300_00, 100_00]), approval=approval())
    cycle = passed(begun(stays, seminar(approval=approval()), budget=Budget(cap=1_200_00)), 2)
    assert given(cycle).when(approve(waiting_for(cycle, "visits"), at=day(3))).refusal == BudgetExceeded(
        1_200_00, 200_00, 300_00
    )


def test_a_date_that_waiting_letters_name_has_them_made_anew_when_it_moves() -> None:
    cycle = passed(begun(registration(), seminar(approval=approval(second_person=True))), 22)
    move = Move(at=day(23), actor=OLGA, step="intro", field="begins", when=on(32), ends=on(33), reason="n_snow")
    outcome = given(cycle).when(move)
    outcome.then(fact(DateMoved, told=False), fact(PromptClosed, option="lapsed"), fact(PreparationBegan, revision=2))
    again = prepared(outcome.cycle, day(23))
    prompt = waiting_for(again, "intro")
    assert given(again).when(approve(prompt, at=day(24), actor=OLGA)).refusal == SecondPersonNeeded(OLGA)
    assert given(again).when(approve(prompt, at=day(24), actor=KRISTINA)).refusal == SecondPersonNeeded(KRISTINA)


def test_invitations_that_wait_are_made_anew_when_any_date_moves_that_they_may_name() -> None:
    move = Move(at=day(1), actor=OLGA, step="registration", field="closes", when=on(25), reason="n_more_time")
    outcome = given(asked()).when(move)
    outcome.then(fact(DateMoved), fact(PromptClosed, option="lapsed"), fact(PreparationBegan, revision=2))
    assert outcome.mails()[-1].model_dump(include={"op", "batch"}) == {"op": "drop", "batch": "invitations/1"}


def test_invitations_that_wait_stay_as_they_are_when_a_date_moves_of_which_they_say_nothing() -> None:
    cycle = passed(begun(invitations(approval=approval()), registration(), feedback(), report(approval=approval())), 1)
    for step, field, to in (("feedback", "closes", 78), ("report", "due", 85)):
        move = Move(at=day(1), actor=OLGA, step=step, field=field, when=on(to), reason="n_more_time")
        outcome = given(cycle).when(move).then(fact(DateMoved))
        assert outcome.cycle.approving("invitations") == cycle.approving("invitations")


def test_invitations_that_wait_are_made_anew_when_a_hosts_own_date_is_taken() -> None:
    steps = (invitations(approval=approval(second_person=True)), registration(), visits())
    cycle = after(passed(begun(*steps), 2), answer("helsinki", "propose", begins=on(50), ends=on(52)))
    outcome = given(cycle).when(choose(waiting_for(cycle, "first").id, "accept"))
    outcome.then(
        fact(PromptClosed), fact(VisitMoved), fact(VisitConfirmed), fact(PromptClosed, option="lapsed"),
        fact(PreparationBegan, step="invitations", revision=2),
    )  # fmt: skip
    again = prepared(outcome.cycle, day(3))
    refused = given(again).when(approve(waiting_for(again, "invitations"), at=day(4))).refusal
    assert refused == SecondPersonNeeded(OLGA)


def test_invitations_that_come_too_late_wait_until_the_registration_closes_later() -> None:
    cycle = passed(asked(), 25)
    assert cycle.desk("registration").stage == "open"
    late = given(cycle).when(approve(waiting_for(cycle, "invitations"), at=day(25)))
    assert isinstance(late.refusal, LateApproval)
    assert "`kierros move registration closes WHEN`" in str(late.refusal)
    move = Move(at=day(25), actor=OLGA, step="registration", field="closes", when=on(40), reason="n_late")
    again = prepared(after(cycle, move), day(25))
    given(again).when(approve(waiting_for(again, "invitations"), at=day(26))).then(
        fact(PromptClosed), fact(StepApproved, revision=2), fact(InvitationsSent, count=3)
    )


def test_what_needs_nobodys_approval_asks_staff_when_its_day_has_gone_by() -> None:
    cycle = prepared(after(begun(seminar()), time(Prepare, day(31), step="intro")), day(31))
    prompt = waiting_for(cycle, "intro")
    assert (prompt.role, cycle.gathering("intro").stage) == ("coordinator", "idle")
    assert given(cycle).when(approve(prompt, at=day(32))).refusal == LateApproval("intro", "intro", "begins", day(30))
    given(cycle).when(Reject(at=day(32), actor=OLGA, prompt=prompt.id)).then(
        fact(PromptClosed, option="reject"), fact(StepRejected), fact(PromptOpened)
    )


def test_a_row_that_cannot_be_read_is_parked_and_staff_are_asked_once() -> None:
    park = ParkDefect(at=day(3), actor="p_x", cause="i7", number=7, error="ValidationError")
    outcome = given(desk()).when(park, park)
    outcome.then(fact(RowParked, number=7, error="ValidationError"), fact(PromptOpened))
    assert outcome.cycle.prompts["defect-7"].options == ("seen",)
    given(outcome.cycle).when(choose("defect-7", "seen", at=4), park).then(fact(PromptClosed, role="coordinator"))


def test_what_time_asks_and_a_rule_cannot_decide_is_parked_each_time() -> None:
    park = ParkDefect(at=day(3), actor=TIME, number=0, error="KeyError")
    given(desk()).when(park, park).then(
        fact(RowParked), fact(PromptOpened), fact(RowParked), fact(PromptOpened)
    ).leaves(lambda cycle: cycle.prompts.keys(), ["defect-time-1", "defect-time-2"])


def test_letters_that_failed_are_asked_about_once_while_the_question_waits() -> None:
    failed = NoteFailedLetters(at=day(3), actor="post", count=2, batch="b1")
    given(desk()).when(failed, failed, choose("letters-1", "again", at=4), failed).then(
        fact(LettersFailed, count=2),
        fact(PromptOpened),
        fact(LettersFailed),
        fact(PromptClosed, option="again"),
        fact(LettersFailed),
        fact(PromptOpened),
    ).leaves(lambda cycle: cycle.prompts.keys(), ["letters-3"])


def test_the_decision_about_letters_counts_those_that_fail_while_it_waits() -> None:
    failed = NoteFailedLetters(at=day(3), actor="post", count=2, batch="b1")
    one = NoteFailedLetters(at=day(4), actor="post", count=1, batch="b2")
    outcome = given(desk()).when(failed, one)
    assert outcome.cycle.prompts["letters-1"].subject == "3"
    again = given(outcome.cycle).when(choose("letters-1", "again", at=5), one)
    assert [prompt.subject for prompt in again.cycle.prompts.values()] == ["1"]


def test_decisions_have_days_to_wait_in_the_plans_own_pace() -> None:
    cycle = passed(begun(*plan(registration(), seminar()).steps, pace=0.001), 2)
    park = ParkDefect(at=day(3), actor="p_x", number=1, error="KeyError")
    assert given(cycle).when(park).cycle.prompts["defect-1"].within == timedelta(days=3) * 0.001


def test_a_person_who_registers_before_her_invitation_leaves_is_not_invited_any_more() -> None:
    cycle = after(passed(asked(), 2), register("p_anna"))
    prompt = waiting_for(cycle, "invitations")
    outcome = given(cycle).when(approve(prompt, at=day(3)))
    outcome.then(fact(PromptClosed), fact(StepApproved), fact(InvitationsSent, count=2))
    assert outcome.mails("invitation")[0].to == ("p_boris", "p_vera")
