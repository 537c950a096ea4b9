"""Each refusal about seminars, visits, feedback and dates, once, with its facts."""

from __future__ import annotations

from typing import Any

import pytest

from exchange import correspondence  # noqa: F401 - with it every part of the rules is known
from exchange.cancelling import Cancel
from exchange.feedback import (
    DidNotTakePart,
    FeedbackAlreadyGiven,
    FeedbackClosed,
    FeedbackNotOpen,
    GiveFeedback,
)
from exchange.hosts import (
    AlreadyAnswered,
    AskedForThat,
    HostBusy,
    NobodyLeft,
    NotAsked,
    ProposalIncomplete,
    TooLateToPropose,
    WhichSlot,
)
from exchange.moving import AlreadyHappened, Move, MovedIntoPast, NothingToMove, OutOfOrder, ReasonMissing
from exchange.places import ClosedForGood, RegistrationClosed
from exchange.prompt import (
    Choose,
    NotYourDecision,
)
from exchange.seminar import NotExpected, RecordAttendance, SeminarNotBegun
from exchange.state import Cycle
from exchange.visit import ask
from tests.builders import (
    OLGA,
    after,
    answer,
    begun,
    day,
    desk,
    feedback,
    journey,
    on,
    passed,
    register,
    registration,
    report,
    seminar,
    slot,
    visits,
    waiting_for,
)
from tests.given import Outcome, given, refuses

FIRST = slot("first", 40, "helsinki", "malmo", "oslo")


@refuses(SeminarNotBegun("intro", day(30)))
def test_nobody_was_at_a_seminar_that_has_not_begun() -> Outcome:
    return given(passed(desk("a"), 22)).when(RecordAttendance(at=day(29), actor=OLGA, step="intro", person="a"))


@refuses(NotExpected("b", "intro"))
def test_no_attendance_is_noted_of_whoever_has_no_place() -> Outcome:
    cycle = passed(desk("a", "b", capacity=1), 22)
    return given(cycle).when(RecordAttendance(at=day(30), actor=OLGA, step="intro", person="b"))


@refuses(NotAsked("oslo"))
def test_no_host_answers_that_was_not_asked() -> Outcome:
    return given(journey(FIRST)).when(answer("oslo", "confirm"))


@refuses(NotAsked(""))
def test_nobody_answers_for_no_host() -> Outcome:
    return given(journey(FIRST)).when(answer("", "confirm"))


@refuses(WhichSlot("helsinki", ("first", "second")))
def test_a_host_asked_for_two_stays_says_which_it_means() -> Outcome:
    return given(journey(FIRST, slot("second", 43, "helsinki"))).when(answer("helsinki", "confirm"))


@refuses(WhichSlot("helsinki", ("first", "second")))
def test_a_host_that_comes_late_for_two_stays_says_which_it_means() -> Outcome:
    cycle = journey(FIRST, slot("second", 43, "helsinki"))
    cycle = after(cycle, answer("helsinki", "decline", slot="first"), answer("helsinki", "decline", slot="second"))
    return given(cycle).when(answer("helsinki", "confirm"))


@refuses(AlreadyAnswered("helsinki", "first", "confirmed"))
def test_a_host_confirms_once() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "confirm"), answer("helsinki", "confirm"))


@refuses(AlreadyAnswered("helsinki", "first", "open"))
def test_a_host_declines_once() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "decline"), answer("helsinki", "decline"))


@refuses(AlreadyAnswered("helsinki", "first", "given_up"))
def test_a_yes_comes_too_late_for_a_slot_that_was_given_up() -> Outcome:
    return given(passed(after(journey(FIRST), answer("helsinki", "decline")), 40)).when(answer("helsinki", "confirm"))


@refuses(ProposalIncomplete("helsinki"))
def test_a_proposal_ends_after_it_begins() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "propose", begins=on(50), ends=on(50)))


@refuses(ProposalIncomplete("helsinki"))
def test_in_practice_a_proposal_ends_after_it_begins_by_the_clocks() -> Outcome:
    """Instants are drawn together there, each by its own measure."""
    ends = on(49).model_copy(update={"at": on(51).at})
    return given(journey(FIRST)).when(answer("helsinki", "propose", begins=on(50), ends=ends))


@refuses(ProposalIncomplete("helsinki"))
def test_a_proposal_says_when() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "propose"))


@refuses(AskedForThat("helsinki", "first", on(40)))
def test_the_dates_that_were_asked_for_are_no_proposal_of_others() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "propose", begins=on(40), ends=on(42)))


@refuses(TooLateToPropose("helsinki", "first"))
def test_a_host_that_has_declined_proposes_nothing() -> Outcome:
    cycle = after(journey(FIRST), answer("helsinki", "decline"))
    return given(cycle).when(answer("helsinki", "propose", begins=on(50), ends=on(52)))


@refuses(HostBusy("helsinki", "second"))
def test_no_stay_moves_to_where_its_host_stands_elsewhere() -> Outcome:
    cycle = journey(FIRST, slot("second", 43, "helsinki"))
    move = Move(at=day(5), actor=OLGA, step="visits", slot="second", when=on(41), ends=on(43), reason="n_why")
    return given(cycle).when(move)


@refuses(NobodyLeft("first"))
def test_nobody_is_asked_when_every_candidate_has_been() -> Outcome:
    cycle = after(journey(slot("first", 40, "helsinki")), answer("helsinki", "decline"))
    step, stay = cycle.slot_of("visits", "first")
    with pytest.raises(NobodyLeft) as caught:
        ask(cycle, answer("helsinki", "decline"), step, stay)
    return Outcome(cycle, cycle, [], caught.value)


@refuses(FeedbackNotOpen("feedback"))
def test_nobody_is_heard_before_the_survey_opens() -> Outcome:
    return given(begun(feedback(), report())).when(GiveFeedback(at=day(60), actor="a", person="a"))


def surveyed(days: float = 61) -> Cycle:
    cycle = passed(begun(registration(), seminar(), feedback(), report()), 2)
    return passed(after(cycle, register("a")), days)


@refuses(FeedbackClosed("feedback", day(75)))
def test_nobody_is_heard_after_the_survey_has_closed() -> Outcome:
    return given(surveyed()).when(GiveFeedback(at=day(75.01), actor="a", person="a"))


@refuses(DidNotTakePart("b"))
def test_nobody_is_heard_who_did_not_take_part() -> Outcome:
    return given(surveyed()).when(GiveFeedback(at=day(62), actor="b", person="b"))


@refuses(FeedbackAlreadyGiven("a"))
def test_nobody_is_heard_twice() -> Outcome:
    give = GiveFeedback(at=day(62), actor="a", person="a")
    return given(surveyed()).when(give, give)


# -- dates -------------------------------------------------------------------------------------------------------------


def move(cycle: Cycle, step: str, when: float, at: float = 5, **more: Any) -> Outcome:
    said = {"at": day(at), "actor": OLGA, "step": step, "when": on(when), "reason": "n_why"}
    return given(cycle).when(Move.model_validate({**said, **more}))


@refuses(ReasonMissing("registration"))
def test_no_deadline_moves_without_a_reason() -> Outcome:
    return move(desk(), "registration", 15, field="closes", reason="")


@refuses(NotYourDecision("p_anna", ("coordinator",)))
def test_no_deadline_moves_because_somebody_wishes_it() -> Outcome:
    return move(desk(), "registration", 15, field="closes", actor="p_anna")


@refuses(NothingToMove("registration", "begins", ("opens", "closes")))
def test_no_date_moves_that_a_step_has_not() -> Outcome:
    return move(desk(), "registration", 15)


@refuses(ClosedForGood("registration"))
def test_a_registration_that_has_closed_is_not_opened_again() -> Outcome:
    move = Move(at=day(21), actor=OLGA, step="registration", field="closes", when=on(25), reason="n_why")
    return given(passed(desk("a"), 21)).when(move)


def test_whoever_wants_to_open_it_again_reads_how_one_person_gets_more_time() -> None:
    for said in (str(ClosedForGood("registration")), str(RegistrationClosed(day(20)))):
        assert "is not opened again" in said
        assert "kierros extend ADDRESS --until WHEN" in said
        assert "kierros move" not in said


@refuses(AlreadyHappened("registration", "opens"))
def test_what_has_happened_does_not_move() -> Outcome:
    return move(desk(), "registration", 15, field="opens")


@refuses(AlreadyHappened("intro", "begins"))
def test_a_seminar_that_is_going_on_does_not_move() -> Outcome:
    return move(passed(desk(), 30), "intro", 35, at=30.1, ends=on(36))


@refuses(AlreadyHappened("visits", "first"))
def test_a_stay_that_is_going_on_does_not_move() -> Outcome:
    cycle = after(journey(FIRST), answer("helsinki", "confirm"))
    return move(cycle, "visits", 45, at=41, slot="first", ends=on(46))


@refuses(AlreadyHappened("visits", "first"))
def test_nobody_is_asked_for_a_day_that_has_come() -> Outcome:
    cycle = after(journey(FIRST), answer("helsinki", "decline"))
    return given(cycle).when(Choose(at=day(40), actor=OLGA, prompt=waiting_for(cycle, "first").id, option="next"))


@refuses(MovedIntoPast(on(4)))
def test_nothing_moves_into_the_past() -> Outcome:
    return move(desk(), "registration", 4, field="closes")


@refuses(MovedIntoPast(on(2.5)))
def test_no_host_proposes_the_past() -> Outcome:
    return given(journey(FIRST)).when(answer("helsinki", "propose", begins=on(2.5), ends=on(4)))


@refuses(OutOfOrder("intro", "begins", "ends"))
def test_a_seminar_ends_after_it_begins() -> Outcome:
    return move(desk(), "intro", 31)


@refuses(OutOfOrder("visits/first", "begins", "ends"))
def test_a_stay_ends_after_it_begins() -> Outcome:
    return move(journey(FIRST), "visits", 45, slot="first")


@refuses(OutOfOrder("registration", "opens", "closes"))
def test_a_desk_closes_after_it_opens() -> Outcome:
    return move(begun(registration(opens=on(10))), "registration", 8, field="closes")


@refuses(NotYourDecision("p_anna", ("coordinator", "director")))
def test_nobody_cancels_who_is_no_staff() -> Outcome:
    return given(journey(visits(FIRST).slots[0])).when(Cancel(at=day(3), actor="p_anna"))
