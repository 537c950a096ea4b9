"""Somebody else speaks in the place of one who cannot come."""

from __future__ import annotations

from typing import Any

from exchange.approval import PreparationBegan
from exchange.cycle import decide, evolve
from exchange.essential import essential
from exchange.eyes import NobodyLeftToApprove
from exchange.overtaken import overtaken
from exchange.plan import Approval
from exchange.prompt import NotYourDecision, PromptClosed
from exchange.replacing import (
    NoSuchSpeaker,
    ReplaceSpeaker,
    SeminarOver,
    SpeakerReplaced,
    SpeaksHerself,
    WhyReplace,
    replaced,
)
from exchange.resting import rest
from exchange.state import Cycle
from tests.builders import ANTTI, OLGA, after, begun, day, on, passed, register, registration, report, seminar, session
from tests.given import Outcome, fact, given, refuses


def meeting(*speakers: str, **changes: Any) -> Cycle:
    sessions = tuple(session(speaker) for speaker in speakers or ("p_dina",))
    return begun(registration(), seminar(sessions=sessions, **changes), report())


def announced(*speakers: str) -> Cycle:
    return passed(after(passed(meeting(*speakers), 2), register("a"), register("b")), 23)


def instead(at: float, person: str = "p_dina", by: str = "p_eva", **changes: Any) -> ReplaceSpeaker:
    said = {"at": day(at), "actor": OLGA, "step": "intro", "person": person, "by": by, "reason": "n_ill"}
    return ReplaceSpeaker.model_validate({**said, **changes})


def test_the_sessions_get_the_new_speaker_and_keep_their_times() -> None:
    outcome = given(passed(meeting("p_dina", "p_karl"), 2)).when(instead(3))
    outcome.then(fact(SpeakerReplaced, person="p_dina", by="p_eva", role="coordinator", told=False)).writes()
    assert [s.speaker for s in outcome.cycle.seminars()[0].sessions] == ["p_eva", "p_karl"]
    assert {(s.begins, s.ends) for s in outcome.cycle.seminars()[0].sessions} == {(on(30), on(30.1))}


def test_whoever_knows_the_programme_is_told_and_entries_follow() -> None:
    outcome = given(announced("p_dina", "p_karl")).when(instead(24))
    released, comes, changed = outcome.mails()
    assert (released.kind, released.to) == ("speaker_released", ("p_dina",))
    assert (comes.kind, comes.to) == ("seminar_speaker", ("p_eva",))
    assert (changed.kind, changed.to) == ("programme_changed", ("a", "b", "p_karl"))
    assert [(e.method, e.sequence) for e in (*released.entries, *comes.entries)] == [("CANCEL", 1), ("REQUEST", 2)]
    assert (changed.entries, changed.instead) == ((), True)
    assert changed.rest == rest(outcome.cycle.plan, day(24), day(30)) > rest(outcome.cycle.plan, day(30), day(30))


def test_who_comes_back_has_a_higher_entry_and_a_participant_keeps_hers() -> None:
    back = given(announced()).when(instead(24), instead(25, person="p_eva", by="p_dina"))
    assert [e.sequence for mail in back.mails() for e in mail.entries] == [1, 2, 3, 4]
    stays = given(announced("a")).when(instead(24, person="a"))
    assert [(m.kind, m.to, len(m.entries)) for m in stays.mails()] == [
        ("speaker_released", ("a",), 0), ("seminar_speaker", ("p_eva",), 1), ("programme_changed", ("b",), 0),
    ]  # fmt: skip


def test_a_session_that_is_over_stays_with_whoever_held_it() -> None:
    late = session("p_dina", begins=on(30.2), ends=on(30.3))
    cycle = passed(after(passed(begun(registration(), seminar(sessions=(session("p_dina"), late)), report()), 2)), 30)
    outcome = given(cycle).when(instead(30.15))
    assert [s.speaker for s in outcome.cycle.seminars()[0].sessions] == ["p_dina", "p_eva"]
    # she has spoken, so nobody tells her that she has not
    assert [m.kind for m in outcome.mails()] == ["seminar_speaker", "programme_changed"]


def test_letters_that_wait_for_approval_are_made_ready_anew() -> None:
    agreed = Approval(role="coordinator", deputy="director", second_person=True)
    cycle = passed(after(passed(meeting(approval=agreed), 2), register("a")), 23)
    outcome = given(cycle).when(instead(24))
    outcome.then(
        fact(SpeakerReplaced, told=False), fact(PromptClosed, prompt="approve-intro-1", option="lapsed"),
        fact(PreparationBegan, step="intro", revision=2),
    )  # fmt: skip
    assert OLGA in outcome.cycle.approving("intro").hands


def test_the_record_s_whole_plan_and_the_workflow_s_agree() -> None:
    whole = announced("p_dina").plan
    (event, *_) = decide(announced("p_dina"), instead(24))
    assert isinstance(event, SpeakerReplaced)
    assert essential(replaced(whole, event)) == replaced(essential(whole), event)


def test_word_of_it_that_still_rests_is_dropped_for_whoever_has_left() -> None:
    cycle = announced()
    for event in decide(cycle, instead(24)):
        cycle = evolve(cycle, event)
    about = {"step": "intro"}
    assert not overtaken(cycle, "programme_changed", "a", about, day(24.5))
    assert overtaken(cycle, "programme_changed", "somebody", about, day(24.5))


@refuses(WhyReplace("p_dina"))
def test_replacing_needs_a_reason() -> Outcome:
    return given(announced()).when(instead(24, reason=""))


@refuses(NoSuchSpeaker("a", "intro", ("p_dina",)))
def test_only_who_speaks_is_replaced() -> Outcome:
    return given(announced()).when(instead(24, person="a"))


@refuses(SpeaksHerself("p_dina"))
def test_nobody_replaces_herself() -> Outcome:
    return given(announced()).when(instead(24, by="p_dina"))


@refuses(SeminarOver("intro", "held"))
def test_nobody_takes_over_when_it_has_been_held() -> Outcome:
    return given(passed(announced(), 31)).when(instead(32))


@refuses(NotYourDecision("p_anna", ("coordinator",)))
def test_only_the_coordinator_replaces_a_speaker() -> Outcome:
    return given(announced()).when(instead(24, actor="p_anna"))


@refuses(NobodyLeftToApprove("intro", OLGA))
def test_the_last_who_could_approve_does_not_replace() -> Outcome:
    agreed = Approval(role="coordinator", second_person=True)
    cycle = meeting(approval=agreed)
    plan = cycle.plan.model_copy(update={"starter": ANTTI, "roles": {**cycle.plan.roles, "coordinator": (OLGA,)}})
    return given(passed(cycle.put(plan=plan), 2)).when(instead(3))
