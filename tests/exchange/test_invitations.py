"""Invitations and feedback: people are asked once, reminded while they have not answered, and never after."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.feedback import (
    CloseSurvey,
    FeedbackGiven,
    GiveFeedback,
    OpenSurvey,
    RemindSurvey,
    SurveyClosed,
    SurveyOpened,
    SurveyReminded,
)
from exchange.invitation import DeclineInvitation, InvitationDeclined, InvitedReminded, RemindInvited, unanswered
from exchange.moving import Move
from exchange.seminar import RecordAttendance
from exchange.state import Cycle
from tests.builders import (
    OLGA,
    after,
    begun,
    day,
    feedback,
    invitations,
    on,
    passed,
    register,
    registration,
    report,
    seminar,
    time,
    withdraw,
)
from tests.given import fact, given


def invited(days: float = 2, **changes: Any) -> Cycle:
    """Anna, Boris and Vera have been invited; the desk is open until day 20."""
    return passed(begun(invitations(**changes), registration(), seminar()), days)


def no_thanks(person: str) -> DeclineInvitation:
    return DeclineInvitation(at=day(3), actor=person, person=person)


def remind(at: float, number: int = 1) -> Any:
    return time(RemindInvited, day(at), step="invitations", number=number)


def remind_now(at: float) -> RemindInvited:
    return RemindInvited(at=day(at), actor=OLGA, step="invitations")


def surveyed(days: float = 61, **changes: Any) -> Cycle:
    """Anna, Boris and Vera have been at the seminar, and are asked what they thought of it."""
    cycle = passed(begun(registration(), seminar(), feedback(**changes), report()), 2)
    return passed(after(cycle, register("p_anna"), register("p_boris"), register("p_vera")), days)


def thinks(person: str, at: float = 62) -> GiveFeedback:
    return GiveFeedback(at=day(at), actor=person, person=person)


def ask_again(at: float, number: int = 1) -> Any:
    return time(RemindSurvey, day(at), step="feedback", number=number)


def test_only_those_who_have_not_answered_are_reminded() -> None:
    cycle = after(invited(), register("p_anna"), no_thanks("p_boris"))
    given(cycle).when(remind(8)).then(fact(InvitedReminded, number=1, count=1)).writes(
        ("invitation_reminder", ("p_vera",))
    )


def test_whoever_registered_and_withdrew_has_answered() -> None:
    cycle = after(invited(), register("p_anna"), withdraw("p_anna"))
    assert unanswered(cycle, cycle.invitations()[0]) == ["p_boris", "p_vera"]


def test_a_guest_who_was_not_invited_makes_nobody_else_answer() -> None:
    cycle = after(invited(), register("p_guest"))
    assert len(unanswered(cycle, cycle.invitations()[0])) == 3


def test_an_invited_person_may_decline_and_say_it_twice() -> None:
    given(invited()).when(no_thanks("p_anna"), no_thanks("p_anna")).then(fact(InvitationDeclined, person="p_anna"))


def test_whoever_declined_may_still_register() -> None:
    given(after(invited(), no_thanks("p_anna"))).when(register("p_anna", at=day(4))).leaves(
        lambda cycle: cycle.group(), ["p_anna"]
    )


def test_whoever_withdrew_may_decline_for_good() -> None:
    cycle = after(invited(), register("p_anna"), withdraw("p_anna"))
    given(cycle).when(no_thanks("p_anna")).then(fact(InvitationDeclined))


def test_each_of_the_plans_reminders_goes_once_and_in_order() -> None:
    given(invited()).when(remind(12, 2), remind(8), remind(8), remind(12, 2), remind(16, 3)).then(
        fact(InvitedReminded, number=1, count=3), fact(InvitedReminded, number=2, count=3)
    )


def test_after_an_absence_one_reminder_goes_and_no_burst() -> None:
    given(invited()).when(remind(13), remind(13, 2)).then(
        fact(InvitedReminded, number=1, count=0), fact(InvitedReminded, number=2, count=3)
    ).writes(("invitation_reminder", ("p_anna", "p_boris", "p_vera")))


def test_a_reminder_follows_what_it_reminds_of() -> None:
    cycle = invited(days=9, prepare=on(8.5))
    given(cycle).when(remind(9)).nothing()
    assert cycle.guests("invitations").reminded == 1
    assert cycle.guests("invitations").last_reminder is None


@pytest.mark.parametrize("at", [20, 25])
def test_nobody_is_reminded_at_the_deadline_or_after_it(at: float) -> None:
    given(invited(remind=(on(19),))).when(remind(at)).then(fact(InvitedReminded, count=0)).writes()


def test_a_reminder_keeps_to_the_deadline_as_it_has_been_moved() -> None:
    move = Move(at=day(3), actor=OLGA, step="registration", field="closes", when=on(7), reason="n_bus")
    given(after(invited(), move)).when(remind(8)).then(fact(InvitedReminded, count=0))


def test_staff_may_remind_besides_and_it_does_not_count_as_one_of_the_plans() -> None:
    given(invited()).when(remind_now(3), remind(8)).then(
        fact(InvitedReminded, number=0, count=3, role="coordinator"), fact(InvitedReminded, number=1)
    )


def test_a_day_after_their_last_reminder_staff_may_remind_again() -> None:
    given(invited()).when(remind_now(3), remind_now(4)).then(fact(InvitedReminded), fact(InvitedReminded))


# -- feedback ----------------------------------------------------------------------------------------------------------


def test_feedback_opens_in_the_plans_order() -> None:
    cycle = passed(begun(seminar(begins=on(62), ends=on(63)), feedback(), report()), 61)
    given(cycle).when(time(OpenSurvey, day(61), step="feedback")).nothing()
    assert passed(cycle, 63).survey("feedback").stage == "open"


def test_feedback_that_opens_late_stays_open_as_long_as_it_was_meant_to() -> None:
    cycle = passed(begun(seminar(begins=on(62), ends=on(63)), feedback(), report()), 62)
    held = passed(cycle, 63)
    assert (held.survey("feedback").opened_at, held.survey("feedback").until) == (day(61), day(75))
    late = time(OpenSurvey, day(70), step="feedback")
    cycle = passed(begun(feedback(), report()), 1)
    given(cycle).when(late).then(fact(SurveyOpened, until=day(84)))


def test_those_who_took_part_are_asked() -> None:
    cycle = after(surveyed(60), withdraw("p_vera", at=day(60)))
    given(cycle).when(time(OpenSurvey, day(61), step="feedback")).then(fact(SurveyOpened, asked=2)).writes(
        ("survey", ("p_anna", "p_boris"))
    )


def test_whoever_was_noted_absent_from_all_is_not_asked() -> None:
    absent = RecordAttendance(at=day(31), actor=OLGA, step="intro", person="p_anna", present=False)
    cycle = after(surveyed(31), absent)
    given(cycle).when(time(OpenSurvey, day(61), step="feedback")).writes(("survey", ("p_boris", "p_vera")))


def test_one_answer_counts_and_the_silent_are_reminded() -> None:
    cycle = after(surveyed(), thinks("p_anna"))
    given(cycle).when(thinks("p_boris"), ask_again(65)).then(
        fact(FeedbackGiven, person="p_boris"), fact(SurveyReminded, number=1, count=1)
    ).writes(("survey_reminder", ("p_vera",)))


def test_an_answer_at_the_very_end_of_the_survey_counts() -> None:
    given(surveyed()).when(thinks("p_anna", at=75)).then(fact(FeedbackGiven))


def test_nobody_is_asked_again_when_everybody_has_answered() -> None:
    cycle = after(surveyed(), thinks("p_anna"), thinks("p_boris"), thinks("p_vera"))
    given(cycle).when(ask_again(65)).then(fact(SurveyReminded, count=0)).writes()


def test_nobody_is_asked_again_once_the_survey_should_have_closed() -> None:
    given(surveyed(remind=(on(74),))).when(ask_again(75)).then(fact(SurveyReminded, count=0)).writes()


def test_after_an_absence_one_reminder_of_the_survey_goes() -> None:
    given(surveyed()).when(ask_again(71), ask_again(71, 2)).then(
        fact(SurveyReminded, count=0), fact(SurveyReminded, count=3)
    )


def test_staff_may_ask_again_besides() -> None:
    again = RemindSurvey(at=day(62), actor=OLGA, step="feedback", number=9)
    given(surveyed()).when(again, ask_again(65)).then(
        fact(SurveyReminded, number=0, count=3, role="coordinator"), fact(SurveyReminded, number=1)
    )


def test_the_survey_closes_and_says_how_many_answered() -> None:
    cycle = after(surveyed(), thinks("p_anna"))
    given(cycle).when(time(CloseSurvey, day(75), step="feedback")).then(fact(SurveyClosed, asked=3, given=1))


def test_the_survey_closes_later_when_its_close_is_moved() -> None:
    move = Move(at=day(62), actor=OLGA, step="feedback", field="closes", when=on(77), reason="n_holidays")
    cycle = after(surveyed(), move)
    given(cycle).when(time(CloseSurvey, day(75), step="feedback")).nothing()
    given(cycle).when(time(CloseSurvey, day(77), step="feedback")).then(fact(SurveyClosed))
