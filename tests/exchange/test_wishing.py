"""A host that has confirmed wishes to move its visit: the date stands until staff decide, who see whom it touches."""

from __future__ import annotations

from datetime import date
from typing import Any

from exchange.approval import Approve, PreparationBegan
from exchange.booking import HostAsked, VisitDeclined, VisitMoved
from exchange.clashes import affected, clashes
from exchange.hosts import AlreadyAnswered, HostBusy, ProposalIncomplete, TwoPlacesAtOnce
from exchange.moving import AlreadyHappened, Move, MovedIntoPast
from exchange.order import OutOfPlan
from exchange.plan import QuietWeeks, Slot
from exchange.prompt import Choose, NotYourDecision, PromptClosed, PromptOpened
from exchange.state import Cycle
from exchange.wishing import DateKept, MoveWished, ThatIsItsDate, WishedAlready
from tests.builders import (
    ANTTI,
    OLGA,
    after,
    answer,
    approval,
    begun,
    day,
    invitations,
    on,
    passed,
    register,
    registration,
    seminar,
    session,
    slot,
    visits,
    waiting_for,
)
from tests.given import Outcome, fact, given, refuses

FIRST = slot("first", 40, "helsinki", "malmo")


def booked(*slots: Slot, **changes: Any) -> Cycle:
    """Helsinki has confirmed the first stay; Anna and Boris have a place; a seminar is held on day 70."""
    final = seminar(id="final", form="final", announce=on(60), begins=on(70), ends=on(70.3), **changes)
    cycle = passed(begun(registration(), visits(*(slots or (FIRST,))), final), 2)
    return after(cycle, register("p_anna"), register("p_boris"), answer("helsinki", "confirm", slot="first"))


def wish(begins: float = 45, at: float = 5, lasts: float = 2) -> Any:
    return answer(
        "helsinki", "propose", at=day(at), slot="first", begins=on(begins), ends=on(begins + lasts), reason="n_floor"
    )


def wished(*slots: Slot) -> Cycle:
    return after(booked(*slots), wish())


def settle(cycle: Cycle, option: str, at: float = 6, actor: str = OLGA, reason: str = "") -> Outcome:
    prompt = waiting_for(cycle, "first").id
    return given(cycle).when(Choose(at=day(at), actor=actor, prompt=prompt, option=option, reason=reason))


def stay(cycle: Cycle) -> Any:
    return cycle.booking("visits", "first")


# -- the wish ----------------------------------------------------------------------------------------------------------


def test_a_wish_opens_a_decision_and_the_visit_stays_where_it_is() -> None:
    outcome = given(booked()).when(wish())
    outcome.then(fact(MoveWished, begins=on(45), ends=on(47), reason="n_floor"), fact(PromptOpened))
    prompt = waiting_for(outcome.cycle, "first")
    assert (prompt.id, prompt.about, prompt.options) == ("wish-visits-first-1", "wish", ("move", "keep_date", "next"))
    assert (prompt.begins, prompt.ends, prompt.role) == (on(45), on(47), "coordinator")
    assert stay(outcome.cycle).stage == "confirmed"
    assert outcome.cycle.slot_of("visits", "first")[1].begins == on(40)
    outcome.writes(("decision_waiting", ("s_kristina", OLGA)))


def test_where_every_candidate_was_tried_no_other_host_is_offered() -> None:
    cycle = after(booked(slot("first", 40, "helsinki")), wish())
    assert waiting_for(cycle, "first").options == ("move", "keep_date")


def test_a_second_wish_takes_the_place_of_the_first() -> None:
    outcome = given(wished()).when(wish(50, at=6))
    outcome.then(fact(PromptClosed, option="lapsed"), fact(MoveWished, begins=on(50)), fact(PromptOpened))
    assert len(outcome.cycle.prompts) == 1


def test_a_host_takes_its_wish_back_by_confirming_once_more() -> None:
    outcome = given(wished()).when(answer("helsinki", "confirm", at=day(6)))
    outcome.then(fact(PromptClosed, option="lapsed"), fact(DateKept, role="")).writes()
    assert stay(outcome.cycle).wish is None


def test_a_host_that_wishes_and_then_says_no_leaves_one_decision() -> None:
    outcome = given(wished()).when(answer("helsinki", "decline", at=day(6)))
    outcome.then(fact(PromptClosed, option="lapsed"), fact(VisitDeclined, after_yes=True), fact(PromptOpened))
    assert waiting_for(outcome.cycle, "first").options == ("next", "give_up")


@refuses(AlreadyAnswered("helsinki", "first", "confirmed"))
def test_a_host_without_a_wish_does_not_confirm_twice() -> Outcome:
    return given(booked()).when(answer("helsinki", "confirm", at=day(6)))


@refuses(MovedIntoPast(on(4)))
def test_no_host_wishes_for_the_past() -> Outcome:
    return given(booked()).when(wish(4))


@refuses(ProposalIncomplete("helsinki"))
def test_a_wish_needs_a_beginning_and_an_end() -> Outcome:
    return given(booked()).when(wish(45, lasts=-1))


@refuses(ThatIsItsDate("helsinki", "first", on(40)))
def test_a_wish_for_the_time_as_it_is_asks_nobody() -> Outcome:
    return given(booked()).when(wish(40))


@refuses(WishedAlready("helsinki", "first", on(47)))
def test_the_same_wish_twice_opens_no_second_decision() -> Outcome:
    return given(after(booked(), wish(47))).when(wish(47))


@refuses(AlreadyHappened("visits", "first"))
def test_a_stay_that_has_begun_does_not_move_at_its_hosts_wish() -> Outcome:
    return given(booked()).when(wish(45, at=41))


# -- what staff decide -------------------------------------------------------------------------------------------------


def test_staff_agree_and_the_group_is_asked_whether_it_can_still_come() -> None:
    outcome = settle(wished(), "move")
    outcome.then(
        fact(PromptClosed, option="move"),
        fact(VisitMoved, begins=on(45), ends=on(47), role="coordinator", reason="n_floor"),
    ).writes(("host_changed", ("p_helsinki",)), ("still_coming", ("p_anna", "p_boris")))
    assert (stay(outcome.cycle).stage, stay(outcome.cycle).wish, stay(outcome.cycle).why) == ("confirmed", None, "")
    assert not outcome.cycle.prompts


def test_a_reason_of_the_staff_comes_before_that_of_the_host() -> None:
    settle(wished(), "move", reason="n_why").then(fact(PromptClosed), fact(VisitMoved, reason="n_why"))


def test_letters_that_wait_for_agreement_and_name_the_date_are_made_ready_anew() -> None:
    asks = invitations("p_vera", prepare=on(5), approval=approval())
    final = seminar(id="final", form="final", announce=on(60), begins=on(70), ends=on(70.3))
    cycle = passed(begun(asks, registration(), visits(FIRST), final), 2)
    cycle = after(passed(after(cycle, answer("helsinki", "confirm")), 5), wish(at=5.5))
    settle(cycle, "move").then(
        fact(PromptClosed, option="move"), fact(VisitMoved), fact(PromptClosed, option="lapsed"),
        fact(PreparationBegan, step="invitations", revision=2),
    )  # fmt: skip


def test_staff_keep_the_date_and_the_host_is_told_and_may_still_say_no() -> None:
    outcome = settle(wished(), "keep_date", reason="n_why")
    outcome.then(fact(PromptClosed, option="keep_date"), fact(DateKept, role="coordinator", reason="n_why"))
    outcome.writes(("host_date_kept", ("p_helsinki",)))
    assert stay(outcome.cycle).wish is None
    given(outcome.cycle).when(answer("helsinki", "decline", at=day(8))).then(fact(VisitDeclined), fact(PromptOpened))


def test_staff_ask_another_host_and_the_first_one_and_the_group_hear_that_it_is_off() -> None:
    outcome = settle(wished(), "next")
    outcome.then(fact(PromptClosed, option="next"), fact(HostAsked, host="malmo"))
    assert [mail.kind for mail in outcome.mails()] == ["host_released", "visit_cancelled", "host_request"]
    assert (stay(outcome.cycle).stage, stay(outcome.cycle).wish) == ("asked", None)


def test_staff_move_the_visit_themselves_and_the_wish_is_answered_by_it() -> None:
    to = Move(at=day(6), actor=OLGA, step="visits", slot="first", when=on(46), ends=on(48), reason="n_why")
    outcome = given(wished()).when(to)
    outcome.then(fact(VisitMoved, begins=on(46)), fact(PromptClosed, option="lapsed"))
    assert stay(outcome.cycle).wish is None


def test_while_nobody_decides_the_visit_is_held_on_its_day() -> None:
    cycle = passed(wished(), 45)
    assert stay(cycle).stage == "visited"
    assert not [p for p in cycle.prompts.values() if p.about == "wish"]


def test_a_decision_about_a_wish_is_reminded_and_passes_to_the_deputy() -> None:
    cycle = passed(begun(registration(), visits(FIRST, approval=approval()), seminar(id="final", announce=on(60),
                   begins=on(70), ends=on(70.3))), 2)  # fmt: skip
    asked = waiting_for(cycle, "visits")
    cycle = after(cycle, Approve(at=day(2), actor=OLGA, prompt=asked.id, digest=asked.digest))
    cycle = passed(after(cycle, answer("helsinki", "confirm"), wish()), 16)
    prompt = waiting_for(cycle, "first")
    assert (prompt.reminded, prompt.passed, prompt.deputy) == (True, True, "director")
    settle(cycle, "keep_date", at=16, actor=ANTTI).then(fact(PromptClosed), fact(DateKept, role="director"))


@refuses(MovedIntoPast(on(45)))
def test_staff_do_not_agree_to_a_time_that_has_passed_meanwhile() -> Outcome:
    cycle = after(booked(slot("first", 50, "helsinki")), wish())
    return settle(cycle, "move", at=46)


@refuses(AlreadyHappened("visits", "first"))
def test_a_visit_that_goes_on_does_not_move_any_more() -> Outcome:
    return settle(wished(), "move", at=41)


@refuses(HostBusy("helsinki", "first"))
def test_one_host_is_not_visited_twice_at_once_by_its_own_wish() -> Outcome:
    return settle(after(booked(FIRST, slot("second", 46, "helsinki")), wish()), "move")


ELSEWHERE = slot("second", 46, "oslo")


@refuses(TwoPlacesAtOnce("visits/first", ("visits/second",)))
def test_no_wish_has_the_group_in_two_places_at_once() -> Outcome:
    return settle(wished(FIRST, ELSEWHERE), "move")


@refuses(TwoPlacesAtOnce("visits/first", ("visits/second",)))
def test_no_proposal_has_the_group_in_two_places_at_once() -> Outcome:
    cycle = passed(begun(visits(FIRST, ELSEWHERE)), 2)
    return settle(after(cycle, wish()), "accept")


def into_the_other_stay(**more: Any) -> Move:
    return Move(at=day(5), actor=OLGA, step="visits", slot="first", when=on(46), ends=on(48), reason="n_why", **more)


@refuses(TwoPlacesAtOnce("visits/first", ("visits/second",)))
def test_staff_do_not_move_the_group_into_two_places_at_once_by_mistake() -> Outcome:
    return given(booked(FIRST, ELSEWHERE)).when(into_the_other_stay())


@refuses(TwoPlacesAtOnce("visits/first", ("visits/second",)))
def test_nor_where_the_host_has_not_answered_yet() -> Outcome:
    return given(passed(begun(visits(FIRST, ELSEWHERE)), 2)).when(into_the_other_stay())


def test_staff_move_it_there_where_it_is_known_and_meant() -> None:
    given(booked(FIRST, ELSEWHERE)).when(into_the_other_stay(anyway=True)).then(fact(VisitMoved, begins=on(46)))


def test_a_stay_for_which_no_host_is_asked_yet_moves_freely() -> None:
    given(passed(begun(visits(FIRST, ELSEWHERE, approval=approval())), 2)).when(into_the_other_stay()).leaves(
        lambda cycle: cycle.slot_of("visits", "first")[1].begins, on(46)
    )


def test_what_is_known_and_meant_is_done() -> None:
    cycle = wished(FIRST, ELSEWHERE)
    prompt = waiting_for(cycle, "first").id
    done = given(cycle).when(Choose(at=day(6), actor=OLGA, prompt=prompt, option="move", anyway=True))
    assert done.refusal is None
    assert done.cycle.slot_of("visits", "first")[1].begins == on(45)


def test_a_stay_without_a_host_is_no_place_to_be() -> None:
    cycle = after(wished(FIRST, ELSEWHERE), answer("oslo", "decline", at=day(5), slot="second"))
    assert settle(cycle, "move", at=7).refusal is None


@refuses(OutOfPlan("visits", "ends", on(72), "final", "begins", on(70), goes_first=True))
def test_no_wish_breaks_the_order_of_the_plan() -> Outcome:
    return settle(after(booked(), wish(70)), "move")


@refuses(NotYourDecision("p_helsinki", ("coordinator",)))
def test_the_host_does_not_decide_by_itself() -> Outcome:
    return settle(wished(), "move", actor="p_helsinki")


# -- who is affected and what clashes ----------------------------------------------------------------------------------


def seen(cycle: Cycle, begins: float, ends: float, at: float = 6) -> list[Any]:
    found = clashes(cycle, *cycle.slot_of("visits", "first"), on(begins), on(ends), day(at))
    return [(c.kind, c.step, c.slot or c.person or type(c.refusal).__name__) for c in found]


def test_nothing_stands_against_a_time_that_is_free() -> None:
    assert clashes(booked(), *booked().slot_of("visits", "first"), on(45), on(47), day(6)) == []


def test_what_forbids_the_move_comes_first() -> None:
    cycle = booked(FIRST, slot("second", 50, "helsinki"))
    assert seen(cycle, 50, 52) == [("forbidden", "", "HostBusy"), ("stay", "visits", "second")]
    assert seen(cycle, 5, 7)[0] == ("forbidden", "", "MovedIntoPast")
    found = clashes(cycle, *cycle.slot_of("visits", "first"), on(50), on(52), day(6))
    assert [c.forbids for c in found] == [True, False]


def test_a_seminar_at_the_same_time_breaks_the_order_and_is_named() -> None:
    assert seen(booked(), 69, 71) == [("forbidden", "", "OutOfPlan"), ("seminar", "final", "NoneType")]


def test_the_duties_of_those_who_take_part_are_named() -> None:
    talk = session("p_anna", begins=on(70), ends=on(70.1))
    cycle = booked(FIRST, slot("second", 50, "boris"), sessions=(talk,))
    assert ("speaks", "final", "p_anna") in seen(cycle, 69, 71)
    receives = clashes(cycle, *cycle.slot_of("visits", "first"), on(50), on(52), day(6))
    assert [(c.kind, c.person) for c in receives] == [("stay", ""), ("receives", "p_boris")]


def test_quiet_weeks_are_named_by_the_days_of_the_place() -> None:
    cycle = booked()
    weeks = QuietWeeks(first=date(2012, 2, 24), last=date(2012, 3, 4))
    cycle = cycle.put(plan=cycle.plan.model_copy(update={"quiet_weeks": (weeks,)}))
    assert [c.first for c in clashes(cycle, *cycle.slot_of("visits", "first"), on(45), on(47), day(6))] == [
        "2012-02-24"
    ]
    assert clashes(cycle, *cycle.slot_of("visits", "first"), on(56), on(57), day(6)) == []


def test_those_affected_are_the_group_the_other_hosts_and_who_speaks_then() -> None:
    talk = session("p_dina", begins=on(70), ends=on(70.1))
    cycle = booked(FIRST, slot("second", 50, "oslo"), sessions=(talk,))
    found = affected(cycle, *cycle.slot_of("visits", "first"), on(69), on(71))
    assert (found.delegates, found.hosts, found.speakers) == (("p_anna", "p_boris"), ("oslo",), ("p_dina",))
    assert affected(cycle, *cycle.slot_of("visits", "first"), on(45), on(47)).speakers == ()
