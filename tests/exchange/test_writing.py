"""Letters in staff's own words: to whom they go, who approves them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.agreeing import NothingToCopy
from exchange.approval import PreparationBegan, Prepare, Reject, StepApproved, StepRejected
from exchange.cancelling import CycleFinished
from exchange.correspondence import held
from exchange.groups import GROUPS, EmptyGroup, NobodyLeftToRead, UnknownGroup, Word, readers
from exchange.handing import FourEyesLost, HandOver, RolesHandedOver
from exchange.prompt import NotYourDecision, PromptClosed, SecondPersonNeeded
from exchange.registration import DelegatesSelected
from exchange.seminar import RecordAttendance
from exchange.state import Cycle
from exchange.suspending import CycleStandsStill, Suspend
from exchange.writing import (
    LetterEmpty,
    LetterWritten,
    NobodyElseToApprove,
    NobodyNamed,
    NotAPerson,
    TooManyLettersWait,
    TooManyNamed,
    Write,
)
from tests.builders import (
    ANTTI,
    KRISTINA,
    OLGA,
    accept,
    after,
    answer,
    approval,
    approve,
    begun,
    day,
    decline,
    desk,
    facts,
    invitations,
    passed,
    prepared,
    register,
    registration,
    report,
    seminar,
    session,
    slot,
    time,
    visits,
    waiting_for,
    withdraw,
)
from tests.given import Outcome, fact, given, refuses


def written(*groups: str, actor: str = OLGA, at: float = 4, **more: Any) -> Write:
    return Write(at=day(at), actor=actor, groups=groups, **{"subject": "n_subject", "text": "n_text", **more})


def there(capacity: int = 2, **agreed: Any) -> Cycle:
    """On day 3: two have a place, one waits; the invitations' letters are approved as the plan says."""
    asked = approval(**agreed) if agreed else None
    steps = (invitations(), registration(capacity=capacity), seminar(approval=asked, sessions=(session("p_speaker"),)))
    return after(passed(begun(*steps), 3), *(register(person) for person in ("p_anna", "p_boris", "p_olli")))


def waits(cycle: Cycle, *commands: Write) -> Cycle:
    """The state when the letters lie ready."""
    return prepared(after(cycle, *commands), day(4))


def agreed(cycle: Cycle, at: float = 5, actor: str = OLGA, **more: Any) -> Any:
    return approve(waiting_for(cycle, "word_1"), day(at), actor).model_copy(update=more)


# -- to whom -----------------------------------------------------------------------------------------------------------


def test_a_letter_is_made_ready_for_its_group_and_waits_for_approval() -> None:
    outcome = given(there()).when(written("confirmed", "waiting"))
    outcome.then(
        fact(LetterWritten, word="word_1", groups=("confirmed", "waiting"), role="coordinator"),
        fact(PreparationBegan, step="word_1", revision=1),
    ).writes()
    (mail,) = held(outcome.cycle, "word_1")
    assert (mail.op, mail.kind, mail.batch) == ("hold", "word", "word_1/1")
    assert mail.to == ("p_anna", "p_boris", "p_olli")
    assert mail.facts == {"subject": "n_subject", "text": "n_text", "by": OLGA}


def test_it_leaves_when_it_is_approved_and_is_done_with() -> None:
    cycle = waits(there(), written("confirmed"))
    outcome = given(cycle).when(agreed(cycle))
    outcome.then(fact(PromptClosed, option="approve"), fact(StepApproved, step="word_1", digest="word_1-1"))
    outcome.writes(("word", ("p_anna", "p_boris")), ("drop", ()))
    assert [mail.op for mail in outcome.mails()] == ["release", "drop"]
    outcome.leaves(lambda state: (state.words, state.approving("word_1").stage, state.written), ({}, "none", 1))


def test_who_is_in_the_group_is_seen_when_it_is_approved() -> None:
    cycle = after(waits(there(capacity=3), written("confirmed")), withdraw("p_boris", at=day(4.5)))
    cycle = after(cycle, register("p_vera", at=day(4.6)))
    given(cycle).when(agreed(cycle)).writes(("word", ("p_anna", "p_olli", "p_vera")), ("drop", ()))


def test_people_may_be_named_beside_groups_and_nobody_gets_it_twice() -> None:
    cycle = waits(there(), written("waiting", "waiting", people=("p_vera", "p_olli")))
    given(cycle).when(agreed(cycle)).writes(("word", ("p_olli", "p_vera")), ("drop", ()))


def test_letters_are_numbered_and_wait_beside_each_other() -> None:
    cycle = waits(there(), written("confirmed"), written("waiting", actor=KRISTINA))
    assert [(word.id, word.by) for word in cycle.words.values()] == [("word_1", OLGA), ("word_2", KRISTINA)]
    again = after(cycle, agreed(cycle), written("waiting", at=6))
    assert list(again.words) == ["word_2", "word_3"]


def in_group(cycle: Cycle, name: str) -> tuple[str, ...]:
    return readers(cycle, Word(id="", groups=(name,)))


STAYS = visits(slot("first", 40, "helsinki", "malmo"), slot("second", 43, "oslo"))


def whole(**changes: Any) -> Cycle:
    """A cycle in which on day 3 somebody is in almost every group."""
    steps = (invitations(), registration(capacity=2), seminar(sessions=(session("p_speaker"),)), STAYS, report())
    cycle = passed(begun(*steps, **changes), 3)
    people = (register(person) for person in ("p_anna", "p_guest", "p_olli"))
    return after(cycle, *people, answer("helsinki", "confirm"))


@pytest.mark.parametrize(
    ("group", "people"),
    [
        ("invited", ("p_anna", "p_boris", "p_vera")),
        ("unanswered", ("p_boris", "p_vera")),
        ("declined", ()),
        ("confirmed", ("p_anna", "p_guest")),
        ("waiting", ("p_olli",)),
        ("participants", ("p_anna", "p_guest")),
        ("speakers", ("p_speaker",)),
        ("hosts", ("p_helsinki",)),
        ("asked", ("p_oslo",)),
        ("everybody", ("p_anna", "p_boris", "p_vera", "p_guest", "p_olli", "p_helsinki", "p_oslo")),
        ("contacts", ()),
        ("staff", (KRISTINA, OLGA, ANTTI)),
    ],
)
def test_who_is_in_a_group(group: str, people: tuple[str, ...]) -> None:
    assert in_group(whole(), group) == people


def test_somebody_who_declined_and_came_after_all_has_not_declined() -> None:
    from exchange.invitation import DeclineInvitation

    cycle = after(whole(), DeclineInvitation(at=day(3), actor="p_vera", person="p_vera"))
    assert in_group(cycle, "declined") == ("p_vera",)
    assert in_group(after(cycle, register("p_vera", at=day(3))), "declined") == ()


def test_a_place_on_offer_and_one_that_was_given_back() -> None:
    cycle = after(whole(), withdraw("p_anna"))
    assert (in_group(cycle, "offered"), in_group(cycle, "withdrawn")) == (("p_olli",), ("p_anna",))
    assert in_group(after(cycle, accept("p_olli")), "confirmed") == ("p_guest", "p_olli")


def test_who_was_invited_and_gave_her_place_back_counts_on_the_cycle_no_more() -> None:
    cycle = after(whole(), withdraw("p_anna"))
    assert "p_anna" not in in_group(cycle, "everybody")
    assert "p_anna" in in_group(after(cycle, register("p_anna", at=day(3))), "everybody")


def test_who_said_no_to_a_place_on_offer_has_declined_and_counts_on_the_cycle_no_more() -> None:
    cycle = after(whole(), register("p_boris", at=day(3)), withdraw("p_anna"), decline("p_olli"))
    groups = {name for name in GROUPS if "p_olli" in in_group(cycle, name)}
    assert groups == {"declined"}
    assert in_group(cycle, "offered") == ("p_boris",)
    cycle = after(cycle, decline("p_boris"))
    groups = {name for name in GROUPS if "p_boris" in in_group(cycle, name)}
    assert groups == {"invited", "declined"}


def test_who_let_an_offer_run_out_is_in_a_group_of_her_own_until_she_is_in_again() -> None:
    cycle = passed(after(whole(), withdraw("p_anna")), 11)
    groups = {name for name in GROUPS if "p_olli" in in_group(cycle, name)}
    assert groups == {"expired"}
    assert in_group(after(cycle, register("p_olli", at=day(11))), "expired") == ()


def test_applications_are_open_until_staff_have_chosen() -> None:
    cycle = desk("a", "b", capacity=1, places="selected")
    assert in_group(cycle, "applied") == ("a", "b")
    chosen = DelegatesSelected(at=day(21), actor=OLGA, step="registration", people=("b",))
    assert in_group(facts(cycle, chosen), "applied") == ()


def test_who_was_absent_has_not_taken_part() -> None:
    cycle = passed(after(passed(begun(registration(), seminar(), report()), 2), register("a"), register("b")), 31)
    absent = RecordAttendance(at=day(31), actor=OLGA, step="intro", person="a", present=False)
    assert in_group(after(cycle, absent), "participants") == ("b",)


def test_the_contacts_are_those_who_choose_whom_they_send() -> None:
    assert in_group(begun(registration(), contacts={"gusev": "p_c", "aarhus": "p_b"}), "contacts") == ("p_b", "p_c")


def test_who_answers_for_a_host_alone_is_no_contact_of_a_home_library() -> None:
    cycle = begun(registration(), STAYS, contacts={"gusev": "p_c", "helsinki": "p_h"})
    assert in_group(cycle, "contacts") == ("p_c",)
    cycle = begun(registration(), STAYS, contacts={"gusev": "p_c", "helsinki": "p_h"}, homes={"a": "helsinki"})
    assert in_group(cycle, "contacts") == ("p_c", "p_h")


# -- who approves ------------------------------------------------------------------------------------------------------


def asks(cycle: Cycle) -> tuple[str, bool]:
    word = after(cycle, written("staff")).words["word_1"]
    return word.approval.role, word.approval.second_person


def test_where_the_plan_wants_a_second_person_for_any_letters_it_wants_one_here() -> None:
    strict = visits(approval=approval(role="director", deputy="coordinator", second_person=True))
    assert asks(begun(invitations(approval=approval()), registration(), strict)) == ("director", True)
    assert asks(begun(invitations(approval=approval(role="director")), registration())) == ("director", False)
    assert asks(begun(invitations(), registration())) == ("coordinator", False)


def test_who_wrote_it_cannot_be_its_second_person_and_who_started_the_cycle_can() -> None:
    cycle = waits(there(second_person=True), written("confirmed"))
    assert given(cycle).when(agreed(cycle)).refusal == SecondPersonNeeded(OLGA)
    assert given(cycle).when(agreed(cycle, actor=KRISTINA)).refusal is None


def test_without_a_second_person_who_wrote_it_may_approve_it() -> None:
    cycle = waits(there(second_person=False), written("confirmed"))
    assert given(cycle).when(agreed(cycle)).refusal is None


def test_a_rejected_letter_is_dropped_and_nothing_is_asked_again() -> None:
    cycle = waits(there(), written("confirmed"))
    no = Reject(at=day(5), actor=KRISTINA, prompt="approve-word_1-1", reason="n_no")
    outcome = given(cycle).when(no)
    outcome.then(fact(PromptClosed, option="reject"), fact(StepRejected, step="word_1")).writes(("drop", ()))
    assert (outcome.cycle.words, dict(outcome.cycle.prompts.items())) == ({}, {})


def test_who_wrote_it_may_take_it_back_whatever_her_role() -> None:
    cycle = waits(there(role="director", deputy="coordinator", second_person=True), written("confirmed"))
    no = Reject(at=day(5), actor=OLGA, prompt="approve-word_1-1")
    given(cycle).when(no).then(fact(PromptClosed), fact(StepRejected, role="coordinator"))
    assert given(cycle).when(no.model_copy(update={"actor": KRISTINA})).refusal == NotYourDecision(
        KRISTINA, ("director",)
    )


def test_the_end_waits_for_a_letter_that_is_being_made_ready() -> None:
    cycle = passed(begun(report(approval=approval())), 80)
    busy = after(cycle, written("staff", at=81))
    outcome = given(busy).when(approve(waiting_for(busy, "report"), day(82)))
    assert CycleFinished not in [type(event) for event in outcome.events]
    ready = prepared(outcome.cycle, day(82))
    last = given(ready).when(agreed(ready, at=83))
    assert type(last.events[-1]) is CycleFinished


def test_a_handover_makes_it_ready_anew_with_the_new_name() -> None:
    cycle = waits(there(), written("confirmed"))
    over = HandOver(at=day(5), actor=KRISTINA, source=KRISTINA, to="s_new", reason="n_leave")
    outcome = given(cycle).when(over)
    outcome.then(
        fact(PromptClosed, option="lapsed"), fact(RolesHandedOver), fact(PreparationBegan, step="word_1", revision=2)
    )
    anew = prepared(outcome.cycle, day(5))
    freed = given(anew).when(agreed(anew, at=6)).mails("word")
    assert [(mail.op, mail.batch) for mail in freed] == [("release", "word_1/2")]


# -- copies ------------------------------------------------------------------------------------------------------------


def test_who_approves_may_have_a_copy_and_so_may_who_wrote_it() -> None:
    cycle = waits(there(), written("confirmed", copy_to_me=True))
    outcome = given(cycle).when(agreed(cycle, actor=KRISTINA, copy_to_me=True))
    outcome.writes(("copy", (OLGA, KRISTINA)), ("word", ("p_anna", "p_boris")), ("drop", ()))
    assert [(mail.op, mail.batch) for mail in outcome.mails("copy")] == [("copy", "word_1/1")]


def test_no_copy_for_who_has_handed_over_since() -> None:
    cycle = waits(there(), written("confirmed", copy_to_me=True))
    cycle = after(cycle, HandOver(at=day(5), actor=OLGA, source=OLGA, to="s_new", reason="n_leave"))
    assert given(cycle).when(agreed(cycle, at=6, actor=KRISTINA)).mails("copy") == []


def test_after_a_handover_it_is_still_hers_who_wrote_it_and_not_of_who_started_the_cycle() -> None:
    cycle = waits(there(second_person=True), written("confirmed"))
    over = HandOver(at=day(5), actor=KRISTINA, source=KRISTINA, to="s_new", reason="n_leave")
    cycle = prepared(after(cycle, over), day(5))
    assert waiting_for(cycle, "word_1").asked_by == OLGA
    assert given(cycle).when(agreed(cycle, at=6, actor=OLGA)).refusal == SecondPersonNeeded(OLGA)
    assert given(cycle).when(agreed(cycle, at=6, actor="s_new")).refusal is None


def test_one_copy_for_who_wrote_it_and_approves_it() -> None:
    cycle = waits(there(), written("confirmed", copy_to_me=True))
    outcome = given(cycle).when(agreed(cycle, copy_to_me=True))
    assert [mail.to for mail in outcome.mails("copy")] == [(OLGA,)]


def test_a_copy_of_any_letters_that_are_approved() -> None:
    cycle = passed(begun(invitations(approval=approval()), registration()), 0)
    yes = approve(waiting_for(cycle, "invitations"), day(1)).model_copy(update={"copy_to_me": True})
    given(cycle).when(yes).writes(("copy", (OLGA,)), ("invitation", ("p_anna", "p_boris", "p_vera")), ("drop", ()))


@refuses(NothingToCopy("report"))
def test_a_report_has_no_letters_to_copy() -> Outcome:
    cycle = passed(begun(report(approval=approval())), 79)
    cycle = after(cycle, time(Prepare, day(80), step="report"))
    from exchange.approval import RecordPrepared

    done = RecordPrepared(at=day(80), actor="plan", step="report", revision=1, digest="report-1")
    cycle = after(cycle, done)
    yes = approve(waiting_for(cycle, "report"), day(81)).model_copy(update={"copy_to_me": True})
    return given(cycle).when(yes)


# -- what is refused ---------------------------------------------------------------------------------------------------


@refuses(EmptyGroup("waiting"))
def test_a_group_with_nobody_in_it() -> Outcome:
    return given(there(capacity=5)).when(written("confirmed", "waiting"))


def test_an_empty_group_is_refused_by_what_it_means() -> None:
    outcome = given(there(capacity=5)).when(written("waiting"))
    assert str(outcome.refusal).startswith("Nobody waits, so there is nobody to write to under 'waiting'.")
    assert all(group.nobody and group.meaning for group in GROUPS.values())


@refuses(UnknownGroup("strangers", tuple(GROUPS)))
def test_a_group_that_there_is_not() -> Outcome:
    return given(there()).when(written("strangers"))


@refuses(NobodyNamed())
def test_a_letter_to_nobody() -> Outcome:
    return given(there()).when(written())


@refuses(NotAPerson("Anna Berg"))
def test_a_name_never_comes_into_the_history() -> Outcome:
    return given(there()).when(written(people=("Anna Berg",)))


@refuses(TooManyNamed(51, 50))
def test_so_many_are_a_group() -> Outcome:
    return given(there()).when(written(people=tuple(f"p_{number}" for number in range(51))))


@refuses(LetterEmpty())
def test_words_come_by_reference_alone() -> Outcome:
    return given(there()).when(written("confirmed", text="Bring your passport"))


@refuses(TooManyLettersWait(10))
def test_no_more_than_somebody_can_look_through() -> Outcome:
    return given(there()).when(*(written("confirmed") for _ in range(11)))


@refuses(NobodyLeftToRead("word_1"))
def test_a_group_that_has_emptied_since() -> Outcome:
    cycle = waits(there(), written("waiting"))
    cycle = after(cycle, withdraw("p_olli", at=day(4.5)))
    return given(cycle).when(agreed(cycle))


@refuses(NobodyElseToApprove(ANTTI))
def test_the_only_one_who_could_approve_writes_nothing() -> Outcome:
    return given(there(role="director", deputy=None, second_person=True)).when(written("confirmed", actor=ANTTI))


def of_the_only_director() -> Cycle:
    """A second person is wanted, and the only one whom the plan lets approve has started the cycle."""
    cycle = there(role="director", deputy=None, second_person=True)
    return cycle.put(plan=cycle.plan.model_copy(update={"starter": ANTTI}))


@refuses(NobodyElseToApprove(ANTTI))
def test_not_even_where_she_has_started_the_cycle() -> Outcome:
    return given(of_the_only_director()).when(written("confirmed", actor=ANTTI))


def test_what_somebody_else_writes_the_starter_may_approve() -> None:
    cycle = waits(of_the_only_director(), written("confirmed", actor=OLGA))
    assert given(cycle).when(agreed(cycle, actor=ANTTI)).refusal is None


def test_who_must_not_write_reads_who_could() -> None:
    assert str(NobodyElseToApprove(ANTTI)).endswith(
        "nobody would be left who could approve it. Let somebody else write it (--as NAME)."
    )


@refuses(FourEyesLost("word_1", OLGA))
def test_nobody_takes_over_who_would_have_to_approve_her_own_letter() -> Outcome:
    cycle = there(role="director", deputy=None, second_person=True)
    # the seminar's programme is approved by then, so that only the letter is left
    cycle = after(passed(cycle, 22), written("staff", at=22))
    cycle = prepared(cycle, day(22))
    cycle = after(cycle, approve(waiting_for(cycle, "intro"), day(23), ANTTI))
    return given(cycle).when(HandOver(at=day(24), actor=ANTTI, source=ANTTI, to=OLGA, reason="n_leave"))


@refuses(NotYourDecision("p_anna", ("coordinator", "director")))
def test_only_staff_write() -> Outcome:
    return given(there()).when(written("confirmed", actor="p_anna"))


@refuses(CycleStandsStill(since=day(4)))
def test_nothing_is_written_while_all_stands_still() -> Outcome:
    still = after(there(), Suspend(at=day(4), actor=OLGA, reason="n_flood"))
    return given(still).when(written("confirmed"))


def test_its_state_is_carried_and_is_left_out_where_there_is_none() -> None:
    cycle = waits(there(), written("confirmed"))
    assert Cycle.model_validate_json(cycle.model_dump_json()) == cycle
    assert {"words", "written"}.isdisjoint(begun(registration()).model_dump())


def test_no_step_of_a_plan_is_called_like_a_letter() -> None:
    from exchange.groups import PREFIX
    from plans.words import ID

    assert not ID.fullmatch(f"{PREFIX}1")
