"""Seminars, moved dates, money, and the end of a cycle."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from exchange.approval import PreparationBegan
from exchange.booking import VisitConfirmed, VisitMoved, VisitReleased
from exchange.cancelling import Cancel, CycleCancelled, CycleFinished, SeminarReleased
from exchange.cycle import due
from exchange.defect import ParkDefect
from exchange.essential import essential
from exchange.money import Purse
from exchange.moving import DateMoved, Move, moved, named
from exchange.order import OutOfPlan
from exchange.overtaken import overtaken
from exchange.plan import Budget, Session, Step
from exchange.prompt import Choose, PromptClosed
from exchange.resting import rest
from exchange.seminar import AttendanceRecorded, HoldSeminar, RecordAttendance, SeminarHeld
from exchange.state import Cycle
from tests.builders import (
    ANTTI,
    KRISTINA,
    OLGA,
    after,
    answer,
    approval,
    begun,
    day,
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
    time,
    visits,
    withdraw,
    year,
)
from tests.given import fact, given


def announced(*people: str) -> Cycle:
    return passed(desk(*people), 22)


def there(person: str, present: bool = True, at: float = 30) -> RecordAttendance:
    return RecordAttendance(at=day(at), actor=OLGA, step="intro", person=person, present=present)


def move(step: str, at: float, when: float, **more: Any) -> Move:
    said = {"at": day(at), "actor": OLGA, "step": step, "when": on(when), "reason": "n_snow"}
    return Move.model_validate({**said, **more})


def test_a_seminar_has_been_held_when_it_has_ended() -> None:
    hold = time(HoldSeminar, day(30.3), step="intro")
    cycle = passed(begun(registration(), seminar(), report()), 22)
    given(cycle).when(hold, hold).then(fact(SeminarHeld, step="intro"))


def test_a_final_seminar_is_held_only_when_the_visits_before_it_are_settled() -> None:
    cycle = passed(after(journey(slot("first", 59.5, "helsinki")), answer("helsinki", "confirm")), 61)
    assert cycle.gathering("final").stage == "announced"
    assert passed(cycle, 61.5).gathering("final").stage == "held"


def test_attendance_is_noted_and_may_be_put_right() -> None:
    given(announced("a")).when(there("a"), there("a"), there("a", present=False)).then(
        fact(AttendanceRecorded, person="a", present=True, role="coordinator"),
        fact(AttendanceRecorded, person="a", present=False),
    )


def test_whoever_was_at_one_of_the_seminars_took_part() -> None:
    two = begun(registration(), seminar(), seminar(id="final", announce=on(40), begins=on(45), ends=on(46)), report())
    cycle = passed(after(passed(two, 2), register("a"), register("b")), 45)
    absent = RecordAttendance(at=day(45), actor=OLGA, step="final", person="a", present=False)
    cycle = after(cycle, there("a", at=45), absent, there("b", present=False, at=45))
    assert cycle.participants() == ["a"]


# -- moving ------------------------------------------------------------------------------------------------------------


def test_an_announced_seminar_moves_and_everybody_is_told() -> None:
    cycle = passed(desk("a", "b"), 22)
    outcome = given(cycle).when(move("intro", 23, 33, ends=on(34)))
    outcome.then(fact(DateMoved, field="begins", told=True, role="coordinator", reason="n_snow"))
    outcome.writes(("seminar_changed", ("a", "b")))
    assert outcome.mails()[0].entries[0].sequence == 1
    assert due(outcome.cycle)[-1].at == day(34)


@pytest.mark.parametrize(
    ("at", "when", "hours"),
    [
        (23, 33, 0.7 * 24),  # a tenth of the seven days that are left until the old date
        (23, 26, 0.3 * 24),  # … until the new one
        (5, 60, 24),
        (29.5, 60, 1.2),
    ],
)
def test_word_of_a_moved_date_rests_for_a_day_or_a_tenth_of_the_time_left(at: float, when: float, hours: float) -> None:
    pause = rest(begun(seminar()).plan, day(at), day(30), day(when))
    assert pause == timedelta(hours=hours)


def test_a_year_that_is_drawn_together_has_no_day_to_rest_in() -> None:
    plan = begun(seminar()).plan.model_copy(update={"pace": 1e-4})
    assert rest(plan, day(5), day(30), day(60)) == timedelta(0)


def test_a_letter_about_a_moved_date_rests_and_takes_the_place_of_an_earlier_one() -> None:
    cycle = passed(desk("a", "b"), 22)
    outcome = given(cycle).when(move("intro", 23, 33, ends=on(34)), move("intro", 23.2, 63, ends=on(64)))
    first, second = outcome.mails("seminar_changed")
    assert (first.rest, first.instead) == (timedelta(days=0.7), True)
    assert (second.rest, second.instead) == (timedelta(days=0.98), True)
    assert [mail.entries[0].sequence for mail in (first, second)] == [1, 2]


def test_word_of_a_moved_seminar_does_not_leave_for_whoever_has_withdrawn_nor_after_it() -> None:
    cycle = given(passed(desk("a", "b"), 22)).when(move("intro", 23, 33, ends=on(34))).cycle
    about = {"step": "intro"}
    assert not overtaken(cycle, "seminar_changed", "a", about, day(24))
    assert overtaken(after(cycle, withdraw("a", at=23.1)), "seminar_changed", "a", about, day(24))
    assert overtaken(passed(cycle, 35), "seminar_changed", "a", about, day(35))


def test_word_of_a_moved_visit_does_not_leave_once_the_host_has_said_no() -> None:
    cycle = passed(begun(registration(), visits(slot("first", 40, "helsinki")), seminar(begins=on(60), ends=on(61))), 2)
    cycle = after(cycle, register("a"), answer("helsinki", "confirm"))
    outcome = given(cycle).when(move("visits", 5, 45, slot="first", ends=on(47)))
    assert {(mail.rest, mail.instead) for mail in outcome.mails()} == {(timedelta(days=1), True)}
    about = {"step": "visits", "slot": "first", "host": "helsinki"}
    about["mark"] = outcome.mails("still_coming")[0].mark
    for kind, ref in (("host_changed", "p_helsinki"), ("still_coming", "a")):
        assert not overtaken(outcome.cycle, kind, ref, about, day(6))
        assert overtaken(after(outcome.cycle, answer("helsinki", "decline")), kind, ref, about, day(6))


def test_the_sessions_move_with_their_seminar_by_the_moments_that_were_resolved_for_them() -> None:
    talks = (
        Session(title={"en": "Where we stand"}, begins=on(30), ends=on(30.1), speaker="p_dina"),
        Session(title={"en": "Questions"}, begins=on(30.2), ends=on(30.3)),
    )
    cycle = passed(begun(registration(), seminar(sessions=talks), report()), 2)
    to = {named(on(was)): on(becomes) for was, becomes in ((30, 33), (30.1, 33.1), (30.2, 33.2), (30.3, 33.3))}
    outcome = given(cycle).when(move("intro", 3, 33, ends=on(33.3), sessions=to))
    first, second = outcome.cycle.seminars()[0].sessions
    assert (first.begins, first.ends, second.begins, second.ends) == (on(33), on(33.1), on(33.2), on(33.3))
    assert first.speaker == "p_dina"
    (event,) = (e for e in outcome.events if isinstance(e, DateMoved))
    # the record's plan holds every session, the workflow's only those with a speaker: both move by the same event
    lean = essential(cycle.plan).model_copy(update={"steps": (cycle.plan.steps[0], seminar(sessions=talks[:1]))})
    assert moved(lean, event).step("intro") == outcome.cycle.plan.step("intro").model_copy(
        update={"sessions": (first,)}
    )


def test_a_deadline_moves_and_those_who_have_not_answered_are_told() -> None:
    cycle = after(passed(begun(invitations(), registration(), seminar()), 2), register("p_anna"))
    given(cycle).when(move("registration", 3, 18, field="closes")).then(fact(DateMoved, field="closes")).writes(
        ("deadline_moved", ("p_boris", "p_vera"))
    )


@pytest.mark.parametrize(
    ("step", "field", "when"),
    [
        ("invitations", "prepare", 1.5), ("registration", "opens", 15), ("intro", "announce", 15),
        ("visits", "prepare", 15), ("feedback", "opens", 42), ("feedback", "closes", 76), ("report", "due", 75),
    ],
)  # fmt: skip
def test_what_has_not_begun_moves(step: str, field: str, when: float) -> None:
    steps: list[Step] = [
        invitations(prepare=on(1)), registration(opens=on(2)), seminar(), visits(slot("first", 40, "oslo")),
        feedback(), report(),
    ]  # fmt: skip
    given(begun(*steps)).when(move(step, 0.5, when, field=field)).then(fact(DateMoved, step=step, field=field))


FINAL = seminar(id="final", form="final", announce=on(35), begins=on(60), ends=on(60.3))
THREE = (registration(), seminar(), visits(slot("first", 40, "oslo"), slot("last", 43, "malmo")), FINAL)


def test_what_is_put_off_beyond_the_next_step_goes_after_that_has_moved_and_the_refusal_says_so() -> None:
    last = move("visits", 3, 60, slot="last", ends=on(62))
    refused = given(begun(*THREE)).when(last).refusal
    assert isinstance(refused, OutOfPlan)
    assert "Move final first (`kierros move final begins WHEN`) and visits then" in str(refused)
    given(begun(*THREE)).when(move("final", 3, 64, ends=on(65)), last).then(fact(DateMoved), fact(VisitMoved))


def test_what_is_drawn_forward_before_the_step_in_front_goes_after_that_has_moved_and_the_refusal_says_so() -> None:
    final = move("final", 3, 41, ends=on(42))
    refused = given(begun(*THREE)).when(final).refusal
    assert "Move visits/last first (`kierros move visits begins WHEN --slot last`) and final then" in str(refused)
    drawn = (
        move("visits", 3, 36, slot="first", ends=on(37)),
        move("visits", 3, 38, slot="last", ends=on(39)),
    )
    given(begun(*THREE)).when(*drawn, final).then(fact(VisitMoved), fact(VisitMoved), fact(DateMoved))


def test_steps_that_are_behind_us_hold_up_nothing() -> None:
    cycle = passed(begun(*THREE), 31)
    assert cycle.settled("intro")
    given(cycle).when(move("visits", 31, 32, slot="first", ends=on(34))).then(fact(VisitMoved))


def test_a_stay_that_is_going_on_does_not_hold_up_a_seminar_that_came_too_late() -> None:
    late = begun(seminar(approval=approval()), visits(slot("first", 40, "oslo"), slot("last", 43, "malmo")), FINAL)
    cycle = after(passed(late, 5), answer("oslo", "confirm", at=day(5)))
    given(passed(cycle, 41)).when(move("intro", 41, 42, ends=on(42.5))).then(
        fact(DateMoved), fact(PromptClosed), fact(PreparationBegan)
    )
    refused = given(passed(cycle, 41)).when(move("intro", 41, 44, ends=on(45))).refusal
    assert isinstance(refused, OutOfPlan)
    assert refused.other_slot == "last"


def test_preparation_may_run_ahead_of_the_steps_in_front() -> None:
    given(begun(*THREE)).when(move("final", 3, 25, field="announce")).then(fact(DateMoved))


def test_a_seminar_that_nobody_was_told_of_moves_even_after_its_date() -> None:
    cycle = passed(begun(registration(), seminar(approval=approval())), 31)
    assert [type(e).__name__ for e in given(cycle).when(move("intro", 31, 40, ends=on(41))).events] == [
        "DateMoved", "PromptClosed", "PreparationBegan"
    ]  # fmt: skip


def test_an_end_goes_along_only_with_its_beginning() -> None:
    outcome = given(begun(registration(), seminar())).when(move("intro", 1, 25, field="announce", ends=on(99)))
    assert outcome.cycle.seminars()[0].ends == on(30.3)


def test_a_confirmed_stay_moves_and_host_and_group_are_told() -> None:
    cycle = passed(begun(registration(), visits(slot("first", 40, "helsinki")), seminar(begins=on(60), ends=on(61))), 2)
    cycle = after(cycle, register("a"), answer("helsinki", "confirm"))
    given(cycle).when(move("visits", 5, 45, slot="first", ends=on(47))).then(
        fact(VisitMoved, begins=on(45), ends=on(47), role="coordinator", reason="n_snow")
    ).writes(("host_changed", ("p_helsinki",)), ("still_coming", ("a",)))


def test_a_stay_that_nobody_has_been_asked_for_moves_in_silence() -> None:
    cycle = begun(visits(slot("first", 40, "helsinki")), report())
    given(cycle).when(move("visits", 1, 45, slot="first", ends=on(47))).then(fact(VisitMoved)).writes()


# -- cancelling --------------------------------------------------------------------------------------------------------


def cancel(at: float = 25, actor: str = ANTTI) -> Cancel:
    return Cancel(at=day(at), actor=actor, reason="n_closed")


def midway() -> Cycle:
    """A seminar announced, one stay confirmed, one host asked, a decision waiting, three people in, one waiting."""
    stays = visits(slot("first", 40, "helsinki"), slot("second", 43, "oslo"), slot("third", 46, "malmo", "aarhus"),
                   answer_within=timedelta(days=36))  # fmt: skip
    cycle = passed(begun(invitations(), registration(), seminar(), stays, report(), budget=Budget(cap=5_000_00)), 2)
    cycle = after(cycle, *(register(p) for p in ("p_anna", "p_x", "p_y", "p_z")))
    return passed(after(cycle, answer("helsinki", "confirm"), answer("malmo", "decline")), 22)


def test_a_cancellation_undoes_everything_booked_last_first() -> None:
    given(midway()).when(cancel()).then(
        fact(PromptClosed, option="lapsed", role="director"),
        fact(VisitReleased, slot="second", host="oslo", confirmed=False),
        fact(VisitReleased, slot="first", host="helsinki", confirmed=True),
        fact(SeminarReleased, step="intro"),
        fact(CycleCancelled, actor=ANTTI, role="director", reason="n_closed"),
    )


def test_a_cancellation_releases_every_commitment() -> None:
    before = midway()
    assert before.purse.committed == 1_200_00
    purse = given(before).when(cancel()).cycle.purse
    assert (purse.committed, purse.settled, {e.state for e in purse.entries.values()}) == (0, 0, {"released"})


def test_everyone_who_was_invited_is_told_of_the_cancellation_once() -> None:
    told = given(midway()).when(cancel()).mails("cycle_cancelled")
    assert [(m.mark, m.to, [e.uid.rsplit("/", 1)[-1] for e in m.entries]) for m in told] == [
        ("group", ("p_anna", "p_x", "p_y"), ["intro", "helsinki"]),
        ("invited", ("p_boris", "p_vera", "p_z"), []),
    ]
    assert {e.method for m in told for e in m.entries} == {"CANCEL"}


def test_nothing_is_due_after_a_cancellation() -> None:
    assert due(given(midway()).when(cancel()).cycle) == ()


def test_an_entry_of_a_host_that_left_before_is_not_cancelled_again() -> None:
    cycle = after(journey(slot("first", 40, "helsinki", "oslo"), fallback="automatic"), answer("helsinki", "confirm"))
    cycle = after(cycle, answer("helsinki", "decline", at=day(4)))
    told = given(cycle).when(cancel(at=5)).mails()
    assert [e for m in told if m.kind == "cycle_cancelled" for e in m.entries] == []


# -- the end -----------------------------------------------------------------------------------------------------------


def test_the_cycle_is_finished_when_every_step_is_settled() -> None:
    cycle = passed(begun(seminar()), 22)
    given(cycle).when(time(HoldSeminar, day(30.3), step="intro")).then(fact(SeminarHeld), fact(CycleFinished))


def test_the_cycle_is_not_finished_while_a_decision_waits() -> None:
    cycle = after(passed(begun(seminar()), 22), ParkDefect(at=day(23), actor="p_x", number=1, error="KeyError"))
    held = after(cycle, time(HoldSeminar, day(30.3), step="intro"))
    assert held.phase == "running"
    seen = Choose(at=day(31), actor=KRISTINA, prompt="defect-1", option="seen")
    given(held).when(seen).then(fact(PromptClosed), fact(CycleFinished))


def test_the_cycle_is_not_finished_while_an_offer_stands_open() -> None:
    cycle = passed(begun(registration(capacity=1, closes=on(3), offers_until=on(90), offer_lasts=timedelta(days=5))), 2)
    cycle = after(cycle, register("a"), register("b"), withdraw("a", at=day(2.5)))
    closed = passed(cycle, 3)
    assert closed.phase == "running"
    assert passed(closed, 8).phase == "finished"


def test_a_whole_year_that_nobody_answers_still_comes_to_its_end() -> None:
    steps = [step.model_copy(update={"approval": None}) for step in year().steps if step.kind != "visits"]
    assert passed(begun(*steps), 81).phase == "finished"


# -- money -------------------------------------------------------------------------------------------------------------


def test_a_commitment_is_settled_or_released_once() -> None:
    purse = Purse(cap=500).commit("a", 200).commit("b", 100)
    assert (purse.committed, purse.free) == (300, 200)
    assert purse.settle("a") == purse.settle("a").settle("a").release("a")
    assert purse.release("a") == purse.release("a").release("a").settle("a")
    assert (purse.settle("a").free, purse.release("a").free) == (200, 400)


def test_what_costs_nothing_is_no_commitment() -> None:
    assert not Purse(cap=5).commit("a", 0).entries


def test_a_host_that_is_let_go_gives_its_money_back_and_a_stay_that_was_made_is_paid() -> None:
    stays = visits(slot("first", 40, "helsinki", "oslo", cents=[70, 90]), fallback="automatic")
    cycle = passed(begun(stays, report(), budget=Budget(cap=1000)), 2)
    assert cycle.purse.committed == 70
    cycle = after(cycle, answer("helsinki", "decline"))
    assert cycle.purse.committed == 90
    outcome = given(cycle).when(answer("oslo", "confirm", at=day(5)))
    outcome.then(fact(VisitConfirmed))
    assert (passed(outcome.cycle, 42).purse.committed, passed(outcome.cycle, 42).purse.settled) == (0, 90)


def test_a_host_may_cost_what_the_one_it_replaces_gives_back() -> None:
    stays = visits(slot("first", 40, "helsinki", "oslo", cents=[90, 100]), fallback="automatic")
    cycle = after(passed(begun(stays, budget=Budget(cap=100)), 2), answer("helsinki", "decline"))
    assert (cycle.booking("visits", "first").host, cycle.purse.free) == ("oslo", 0)
