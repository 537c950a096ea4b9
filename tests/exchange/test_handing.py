"""Handing over: roles pass with what waits for them, at once or on a day; what was done stays done."""

from __future__ import annotations

from typing import Any

from exchange.approval import LettersChanged, PreparationBegan, PromptClosed
from exchange.cycle import due
from exchange.handing import (
    FourEyesLost,
    HandOver,
    HandoverArranged,
    HandoverCalledOff,
    HandoverToOneself,
    HandoverUnexplained,
    NoHandoverArranged,
    NotAllowedTheRole,
    NothingToHandOver,
    PassRoles,
    RolesHandedOver,
    TakenOnOnesOwnWord,
)
from exchange.overtaken import overtaken
from exchange.prompt import NotYourDecision, SecondPersonNeeded
from exchange.roles import deputies, left_without
from exchange.state import Cycle
from exchange.suspending import Suspend
from tests.builders import (
    ANTTI,
    KRISTINA,
    OLGA,
    after,
    approval,
    approve,
    begun,
    day,
    invitations,
    passed,
    prepared,
    registration,
    seminar,
    time,
    waiting_for,
    year,
)
from tests.given import Outcome, fact, given, refuses

MARIA = "s_maria"


def handed(source: str = KRISTINA, to: str = MARIA, *, actor: str = OLGA, **more: Any) -> HandOver:
    said: dict[str, Any] = {"at": day(1), "reason": "n_leave", **more}
    return HandOver(actor=actor, source=source, to=to, **said)


def waiting(**agreed: Any) -> Cycle:
    """Invitations wait for their approval since day 0, by default the coordinators'."""
    return passed(begun(invitations(approval=approval(**agreed)), registration(), seminar(approval=approval())), 0)


def test_every_role_passes_at_once() -> None:
    both = begun(*year().steps, roles={"coordinator": (OLGA, ANTTI), "director": (ANTTI,)})
    given(both).when(handed(ANTTI)).then(
        fact(RolesHandedOver, source=ANTTI, to=MARIA, roles=("coordinator", "director"), role="coordinator")
    ).leaves(lambda cycle: cycle.plan.roles, {"coordinator": (OLGA, MARIA), "director": (MARIA,)})


def test_one_role_may_pass_alone_and_the_others_stay() -> None:
    cycle = after(waiting(), handed(KRISTINA, ANTTI))
    roles = {role: ANTTI in held for role, held in cycle.plan.roles.items()}
    assert roles == {"coordinator": True, "director": True}
    cycle = after(cycle, handed(ANTTI, MARIA, only=("director",), at=day(1.1)))
    assert cycle.plan.roles == {"coordinator": (ANTTI, OLGA), "director": (MARIA,)}


def test_on_its_day_no_other_role_passes_than_the_one_that_was_meant() -> None:
    later = handed(ANTTI, MARIA, only=("director",), not_before=day(3))
    cycle = after(waiting(), later, handed(ANTTI, OLGA, actor=KRISTINA, only=("director",), at=day(1.1)))
    assert cycle.plan.roles["director"] == (OLGA,)
    cycle = after(waiting(), handed(ANTTI, KRISTINA), handed(KRISTINA, MARIA, only=("director",), not_before=day(3)))
    assert passed(cycle, 3).plan.roles == {"coordinator": (KRISTINA, OLGA), "director": (MARIA,)}


def test_a_role_that_somebody_does_not_hold_does_not_pass_from_her() -> None:
    assert given(waiting()).when(handed(only=("director",))).refusal == NothingToHandOver(KRISTINA)


def test_it_is_known_where_nobody_is_left_who_stands_in() -> None:
    cycle = waiting(role="coordinator", deputy="director")
    assert left_without(cycle.plan, after(cycle, handed(KRISTINA, MARIA)).plan) == {}
    alone = after(cycle, handed(ANTTI, OLGA, actor=KRISTINA)).plan
    assert left_without(cycle.plan, alone) == {"director": (ANTTI,)}
    assert left_without(alone, alone) == {}, "there was none before"
    again = after(cycle, handed(ANTTI, OLGA, actor=KRISTINA), handed(OLGA, MARIA, only=("director",), at=day(1.1)))
    assert deputies(again.plan) == {"director": {MARIA}}


def test_who_holds_the_role_already_holds_it_once() -> None:
    given(begun(*year().steps)).when(handed(KRISTINA, OLGA, actor=KRISTINA)).leaves(
        lambda cycle: cycle.plan.roles["coordinator"], (OLGA,)
    )


def test_the_rights_of_who_hands_over_end_and_the_decision_passes() -> None:
    cycle = waiting(role="director", deputy=None)
    prompt = waiting_for(cycle, "invitations")
    given(cycle).when(handed(ANTTI)).then(fact(RolesHandedOver)).writes(("decision_waiting", (MARIA,)))
    after_it = after(cycle, handed(ANTTI))
    assert given(after_it).when(approve(prompt, day(2), ANTTI)).refusal == NotYourDecision(ANTTI, ("director",))
    assert given(after_it).when(approve(prompt, day(2), MARIA)).refusal is None


def test_who_could_decide_already_is_not_told_again() -> None:
    given(waiting(role="director", deputy=None)).when(handed(OLGA, ANTTI)).writes()


def test_letters_in_the_name_of_who_goes_are_made_ready_anew() -> None:
    given(waiting()).when(handed(KRISTINA)).then(
        fact(PromptClosed, option="lapsed", prompt="approve-invitations-1"),
        fact(RolesHandedOver),
        fact(PreparationBegan, step="invitations", revision=2),
    ).writes(("drop", ()))
    asked = prepared(after(waiting(), handed(KRISTINA)), day(1))
    assert waiting_for(asked, "invitations").revision == 2


def test_of_letters_made_anew_the_old_approval_is_void() -> None:
    before = waiting_for(waiting(), "invitations")
    asked = prepared(after(waiting(), handed(KRISTINA)), day(1))
    stale = approve(waiting_for(asked, "invitations"), day(2), MARIA).model_copy(update={"digest": before.digest})
    assert given(asked).when(stale).refusal == LettersChanged("approve-invitations-2")


def test_letters_in_another_name_stay_as_they_are() -> None:
    given(waiting()).when(handed(OLGA, actor=KRISTINA)).then(fact(RolesHandedOver))


def test_the_handover_itself_is_no_hand_in_the_letters() -> None:
    asked = prepared(after(waiting(second_person=True), handed(KRISTINA, actor=OLGA)), day(1))
    prompt = waiting_for(asked, "invitations")
    assert given(asked).when(approve(prompt, day(2), OLGA)).refusal is None


def test_four_eyes_remember_who_has_handed_over() -> None:
    asked = prepared(after(waiting(second_person=True), handed(KRISTINA), handed(ANTTI, KRISTINA)), day(1))
    late = passed(asked, 20)
    prompt = waiting_for(late, "invitations")
    assert given(late).when(approve(prompt, day(20), KRISTINA)).refusal == SecondPersonNeeded(KRISTINA)


def test_on_a_later_day_time_does_it() -> None:
    given(begun(*year().steps)).when(handed(not_before=day(5))).then(
        fact(HandoverArranged, on=day(5), to=MARIA)
    ).leaves(lambda cycle: cycle.plan.roles["coordinator"], (KRISTINA, OLGA))
    arranged = after(waiting(), handed(not_before=day(2)))
    assert [entry.at for entry in due(arranged) if isinstance(entry.command, PassRoles)] == [day(2)]
    done = passed(arranged, 2)
    assert done.plan.roles["coordinator"] == (MARIA, OLGA)
    assert done.handovers == ()


def test_on_a_day_that_is_past_it_passes_at_once() -> None:
    given(begun(*year().steps)).when(handed(not_before=day(0))).then(fact(RolesHandedOver))


def test_the_day_may_be_changed_and_the_last_word_counts() -> None:
    arranged = after(begun(*year().steps), handed(not_before=day(5)), handed(to=ANTTI, not_before=day(7)))
    assert [(entry.to, entry.on) for entry in arranged.handovers] == [(ANTTI, day(7))]


def test_what_was_arranged_can_be_called_off() -> None:
    arranged = after(begun(*year().steps), handed(not_before=day(5)))
    off = given(arranged).when(handed(to="")).then(fact(HandoverCalledOff, source=KRISTINA))
    assert off.cycle.handovers == ()
    assert given(off.cycle).when(time(PassRoles, day(5), source=KRISTINA)).nothing()


def test_who_handed_over_earlier_has_nothing_left_to_pass_on_the_day() -> None:
    early = after(begun(*year().steps), handed(not_before=day(5)), handed(to=ANTTI))
    assert early.handovers == ()


def test_a_reminder_of_a_decision_goes_to_nobody_who_has_handed_over() -> None:
    cycle = waiting(role="director", deputy=None)
    about = {"prompt": "approve-invitations-1"}

    def lost(cycle: Cycle, ref: str) -> bool:
        return overtaken(cycle, "decision_reminder", ref, about, day(2))

    assert not lost(cycle, ANTTI)
    assert lost(after(cycle, handed(ANTTI)), ANTTI)
    assert not lost(after(cycle, handed(ANTTI)), MARIA)


def test_also_while_the_cycle_stands_still() -> None:
    still = after(waiting(), handed(not_before=day(2)), Suspend(at=day(1), actor=OLGA, reason="n_war"))
    assert [type(entry.command) for entry in due(still)] == [PassRoles]
    assert after(still, due(still)[0].command).plan.roles["coordinator"] == (MARIA, OLGA)
    given(still).when(handed(to=ANTTI)).leaves(lambda cycle: cycle.plan.roles["coordinator"], (ANTTI, OLGA))


def test_who_has_left_is_followed_on_ones_own_word() -> None:
    given(begun(*year().steps)).when(handed(KRISTINA, ANTTI, actor=ANTTI, left=True)).then(fact(RolesHandedOver))


@refuses(TakenOnOnesOwnWord(ANTTI, KRISTINA))
def test_nobody_takes_anothers_rights() -> Outcome:
    return given(begun(*year().steps)).when(handed(KRISTINA, ANTTI, actor=ANTTI))


@refuses(NotYourDecision(MARIA, ("coordinator", "director")))
def test_only_staff_of_the_cycle_hand_over() -> Outcome:
    return given(begun(*year().steps)).when(handed(KRISTINA, MARIA, actor=MARIA))


@refuses(NotAllowedTheRole(MARIA, ("coordinator",), ("director",)))
def test_a_handover_to_somebody_without_the_rights() -> Outcome:
    return given(begun(*year().steps)).when(handed(may=("director",)))


@refuses(NothingToHandOver("s_nobody"))
def test_a_handover_of_nothing() -> Outcome:
    return given(begun(*year().steps)).when(handed("s_nobody"))


@refuses(HandoverToOneself(KRISTINA))
def test_a_handover_to_oneself() -> Outcome:
    return given(begun(*year().steps)).when(handed(KRISTINA, KRISTINA))


@refuses(HandoverUnexplained(KRISTINA))
def test_a_handover_has_a_reason() -> Outcome:
    return given(begun(*year().steps)).when(handed(reason=""))


@refuses(NoHandoverArranged(KRISTINA))
def test_nothing_to_call_off() -> Outcome:
    return given(begun(*year().steps)).when(handed(to=""))


@refuses(FourEyesLost("invitations", KRISTINA))
def test_a_handover_leaves_a_second_pair_of_eyes() -> Outcome:
    return given(begun(invitations(approval=approval(deputy=None, second_person=True)), registration())).when(
        handed(OLGA, KRISTINA, actor=ANTTI)
    )


def test_one_person_alone_is_no_four_eyes() -> None:
    alone = begun(invitations(approval=approval(deputy=None, second_person=True)), registration())
    assert given(alone).when(handed(KRISTINA, OLGA, actor=ANTTI)).refusal == FourEyesLost("invitations", OLGA)


def test_nobody_is_left_with_both_roles_of_four_eyes() -> None:
    """Also where one role alone approves: who asked holds another, and would be asked for her own letters."""
    alone = begun(
        invitations(approval=approval(role="director", deputy=None, second_person=True)),
        registration(),
        roles={"coordinator": (KRISTINA,), "director": (ANTTI,)},
    )
    lost = given(alone).when(handed(ANTTI, KRISTINA, actor=ANTTI)).refusal
    assert lost == FourEyesLost("invitations", KRISTINA)
    assert "kierros staff add" in str(lost)
    assert given(alone).when(handed(KRISTINA, ANTTI, actor=KRISTINA)).refusal == FourEyesLost("invitations", ANTTI)
    given(alone).when(handed(ANTTI, MARIA, actor=ANTTI)).then(fact(RolesHandedOver))


def test_two_handovers_to_one_person_do_not_lose_four_eyes_on_their_days() -> None:
    cycle = begun(
        invitations(approval=approval(second_person=True)),
        registration(),
        roles={"coordinator": (KRISTINA,), "director": (ANTTI,)},
    )
    arranged = after(cycle, handed(KRISTINA, MARIA, actor=ANTTI, not_before=day(5)))
    wish = handed(ANTTI, MARIA, actor=KRISTINA, not_before=day(3))
    assert given(arranged).when(wish).refusal == FourEyesLost("invitations", MARIA)
    given(arranged).when(handed(ANTTI, OLGA, actor=KRISTINA, not_before=day(3))).then(fact(HandoverArranged))


def test_also_when_all_is_approved_somebody_is_left_to_approve_a_letter_in_ones_own_words() -> None:
    cycle = passed(
        begun(
            invitations(approval=approval(role="director", deputy="coordinator", second_person=True)),
            registration(),
            roles={"coordinator": (KRISTINA,), "director": (ANTTI,)},
        ),
        0,
    )
    agreed = after(cycle, approve(waiting_for(cycle, "invitations"), day(1), ANTTI))
    lost = given(agreed).when(handed(KRISTINA, ANTTI, actor=KRISTINA)).refusal
    assert lost == FourEyesLost("letters in your own words", ANTTI)
    given(agreed).when(handed(KRISTINA, MARIA, actor=KRISTINA)).then(fact(RolesHandedOver))
