"""For each event the letters that follow: to whom, of which kind, with which calendar entries."""

from __future__ import annotations

from typing import Any

import pytest

from exchange import correspondence
from exchange.approval import PreparationBegan, Prepare, Reject
from exchange.booking import HoldVisit, RemindHost, VisitReleased
from exchange.cancelling import CycleFinished
from exchange.correspondence import Mail, booked, drafts_report, held, letters
from exchange.cycle import EVENTS, fold
from exchange.feedback import SurveyReminded
from exchange.invitation import InvitationsSent, InvitedReminded
from exchange.prompt import Choose, PassPrompt, RemindPrompt
from exchange.registration import ExpireOffer
from exchange.state import Cycle
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
    journey,
    on,
    passed,
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
from tests.exchange.world import kinds_with_letters
from tests.given import given

SILENT = {
    "AttendanceRecorded",
    "CapacityChanged",
    "DelegatesNominated",
    "DelegateCannotCome",
    "DelegateStillComes",
    "DeskClosed",
    "DeskOpened",
    "FeedbackGiven",
    "HandoverArranged",
    "HandoverCalledOff",
    "HostFeedbackGiven",
    "HostSaidYesLate",
    "InvitationDeclined",
    "LetterWritten",
    "LettersFailed",
    "MoneySpent",
    "MoveWished",
    "NoteTaken",
    "PlanAmended",
    "OfferingContinued",
    "ParagraphAdded",
    "ParagraphsTakenBack",
    "PersonErased",
    "ReportFiled",
    "RowParked",
    "SeminarHeld",
    "SeminarReleased",
    "ShareChanged",
    "SurveyClosed",
    "VisitProposed",
}
"""Events of which nobody is written: somebody else hears by the event beside them, or there is nothing to say."""


@pytest.mark.timeout(300)
def test_every_event_has_its_letters_or_is_known_to_have_none() -> None:
    known = {kind.__name__ for kind in EVENTS}
    assert kinds_with_letters(known - SILENT) == known - SILENT


def entries(mails: list[Mail]) -> list[tuple[str, int]]:
    return [(entry.method, entry.sequence) for mail in mails for entry in mail.entries]


def with_group(*people: str, approve_seminar: bool = False) -> Cycle:
    """People registered, the seminar's programme approved or made ready, one stay confirmed by Helsinki."""
    agreed = approval() if approve_seminar else None
    stays = visits(slot("first", 40, "helsinki", "oslo"), fallback="automatic")
    programme = seminar(approval=agreed, sessions=(session("p_speaker"), session("p_speaker"), session()))
    cycle = passed(begun(invitations(), registration(), programme, stays, report(approval=approval())), 2)
    return after(cycle, *(register(person) for person in people), answer("helsinki", "confirm"))


# -- held and released -------------------------------------------------------------------------------------------------


def test_an_invitation_is_held_for_each_who_has_not_answered() -> None:
    cycle = after(begun(invitations(), registration(opens=on(0))), register("p_anna", at=day(0)))
    cycle = after(cycle, time(Prepare, day(0), step="invitations"))
    assert held(cycle, "invitations") == [
        Mail(op="hold", kind="invitation", to=("p_boris", "p_vera"), step="invitations", batch="invitations/1")
    ]


def test_a_programme_is_held_for_the_group_and_the_speakers() -> None:
    cycle = passed(with_group("a", "b", approve_seminar=True), 22)
    assert [(m.op, m.kind, m.to, m.batch) for m in held(cycle, "intro")] == [
        ("hold", "seminar_programme", ("a", "b"), "intro/1"),
        ("hold", "seminar_speaker", ("p_speaker",), "intro/1"),
    ]


def test_a_request_is_held_for_every_candidate_of_every_slot() -> None:
    cycle = begun(visits(slot("first", 40, "helsinki", "oslo"), slot("second", 43, "malmo")))
    cycle = after(cycle, time(Prepare, day(2), step="visits"))
    assert [(m.kind, m.slot, m.host, m.to, m.batch) for m in held(cycle, "visits")] == [
        ("host_request", "first", "helsinki", ("p_helsinki",), "visits/1"),
        ("host_request", "first", "oslo", ("p_oslo",), "visits/1"),
        ("host_request", "second", "malmo", ("p_malmo",), "visits/1"),
    ]


def test_a_report_holds_no_letters_but_is_drawn_up() -> None:
    cycle = begun(report(), seminar())
    assert (held(cycle, "report"), drafts_report(cycle, "report"), drafts_report(cycle, "intro")) == ([], True, False)


def test_an_approval_releases_the_held_invitations_and_drops_the_rest() -> None:
    cycle = passed(begun(invitations(approval=approval()), registration()), 0)
    outcome = given(cycle).when(approve(waiting_for(cycle, "invitations"), at=day(1)))
    assert outcome.mails() == [
        Mail(op="release", kind="invitation", to=("p_anna", "p_boris", "p_vera"), step="invitations",
             batch="invitations/1"),
        Mail(op="drop", batch="invitations/1"),
    ]  # fmt: skip


def test_a_programme_is_released_to_the_group_as_it_is_then() -> None:
    cycle = after(passed(with_group("a", "b", approve_seminar=True), 22), withdraw("a", at=day(23)))
    outcome = given(cycle).when(approve(waiting_for(cycle, "intro"), at=day(24)))
    outcome.writes(("seminar_programme", ("b",)), ("seminar_speaker", ("p_speaker",)), ("drop", ()))
    assert [m.op for m in outcome.mails()] == ["release", "release", "drop"]


def test_a_request_is_released_when_its_host_is_asked() -> None:
    cycle = passed(begun(visits(slot("first", 40, "helsinki", "oslo"), approval=approval())), 2)
    outcome = given(cycle).when(approve(waiting_for(cycle, "visits"), at=day(3)))
    assert outcome.mails() == [
        Mail(op="release", kind="host_request", to=("p_helsinki",), step="visits", slot="first", host="helsinki",
             batch="visits/1")
    ]  # fmt: skip


def test_letters_made_anew_throw_the_earlier_away() -> None:
    began = [PreparationBegan(at=day(0), actor="time", step="invitations", revision=n) for n in (1, 2)]
    before = begun(invitations(), registration())
    assert letters(before, began[0], facts(before, began[0])) == []
    assert letters(before, began[1], facts(before, began[1])) == [Mail(op="drop", batch="invitations/1")]


# -- people ------------------------------------------------------------------------------------------------------------


def test_a_place_is_confirmed_with_all_that_the_group_was_told() -> None:
    cycle = passed(with_group("a", "b"), 19)
    outcome = given(cycle).when(register("c", at=day(19)))
    outcome.writes(("place_confirmed", ("c",)), ("visit_booked", ("c",)))
    assert entries(outcome.mails()) == [("REQUEST", 0)]


def test_whoever_takes_an_offered_place_gets_the_programme_too() -> None:
    cycle = after(with_group("a", "b", "c", "d"), withdraw("a", at=day(20)))
    given(passed(cycle, 22)).when(accept("d", at=day(22))).writes(
        ("place_confirmed", ("d",)), ("seminar_programme", ("d",)), ("visit_booked", ("d",))
    )


def test_a_waiting_person_reads_her_position() -> None:
    outcome = given(desk("a", "b", capacity=1)).when(register("c"))
    outcome.writes(("place_waiting", ("c",)))
    assert outcome.mails()[0].facts == {"position": "2"}


def test_an_application_is_acknowledged() -> None:
    given(desk(places="selected")).when(register("a")).writes(("application_received", ("a",)))


def test_the_selected_and_those_who_wait_both_hear_of_it() -> None:
    cycle = passed(desk("a", "b", "c", capacity=1, places="selected"), 21)
    outcome = given(cycle).when(
        Choose(at=day(21), actor=OLGA, prompt="select-registration", option="select", picks=("b",))
    )
    outcome.writes(("place_confirmed", ("b",)), ("place_waiting", ("a",)), ("place_waiting", ("c",)))
    assert [m.facts.get("position") for m in outcome.mails()] == [None, "1", "2"]


def test_where_nobody_is_selected_nobody_is_confirmed() -> None:
    cycle = passed(desk("a", capacity=1, places="selected", offers_until=on(3)), 21)
    given(cycle).when(Choose(at=day(21), actor=OLGA, prompt="select-registration", option="select")).writes(
        ("place_waiting", ("a",))
    )


def test_an_offer_says_until_when() -> None:
    outcome = given(desk("a", "b", capacity=1)).when(withdraw("a", at=day(5)))
    outcome.writes(("place_withdrawn", ("a",)), ("place_offered", ("b",)))
    assert outcome.mails("place_offered")[0].facts == {"until": "2012-01-17T09:00:00+00:00"}


def test_an_offer_that_expired_or_was_declined_is_acknowledged() -> None:
    cycle = after(desk("a", "b", capacity=1), withdraw("a"))
    given(cycle).when(time(ExpireOffer, day(6), step="registration", person="b")).writes(("offer_expired", ("b",)))
    given(cycle).when(decline("b")).writes(("place_withdrawn", ("b",)))


def test_whoever_gives_her_place_up_has_her_entries_cancelled_and_nobody_else() -> None:
    cycle = passed(with_group("a", "b", "c", "d"), 22)
    outcome = given(cycle).when(withdraw("a", at=day(23)), withdraw("d", at=day(23)))
    outcome.writes(("place_withdrawn", ("a",)), ("place_offered", ("d",)), ("place_withdrawn", ("d",)))
    assert [entries([mail]) for mail in outcome.mails("place_withdrawn")] == [[("CANCEL", 1), ("CANCEL", 1)], []]


def test_whoever_comes_back_gets_entries_that_count_higher_than_their_cancellation() -> None:
    cycle = after(with_group("a"), withdraw("a"))
    assert entries(given(cycle).when(register("a", at=day(4))).mails()) == [("REQUEST", 2)]


def test_two_letters_of_a_kind_to_one_person_are_told_apart() -> None:
    cycle = desk("a")
    outcome = given(cycle).when(withdraw("a"), register("a", at=day(4)), withdraw("a", at=day(5)))
    marks = [mail.mark for mail in outcome.mails("place_withdrawn")]
    assert len(set(marks)) == len(marks) == 2


# -- hosts -------------------------------------------------------------------------------------------------------------


def test_a_confirmation_goes_to_host_and_group_with_one_and_the_same_entry() -> None:
    cycle = passed(begun(registration(), seminar(), visits(slot("first", 40, "helsinki"))), 2)
    outcome = given(after(cycle, register("a"))).when(answer("helsinki", "confirm"))
    outcome.writes(("host_confirmed", ("p_helsinki",)), ("visit_booked", ("a",)))
    first, second = outcome.mails()
    assert first.entries == second.entries
    assert first.entries[0].uid == "cycle-kaliningrad-2012-staff/visits/first/helsinki"


def test_a_host_that_says_no_is_not_written_to_again() -> None:
    given(journey(slot("first", 40, "helsinki"))).when(answer("helsinki", "decline")).writes(
        ("decision_waiting", (KRISTINA, OLGA))
    )


def test_a_yes_taken_back_cancels_the_entries_of_host_and_group() -> None:
    outcome = given(with_group("a")).when(answer("helsinki", "decline", at=day(5)))
    outcome.writes(("host_released", ("p_helsinki",)), ("visit_cancelled", ("a",)), ("host_request", ("p_oslo",)))
    assert entries(outcome.mails()) == [("CANCEL", 1), ("CANCEL", 1)]


def test_a_silent_host_hears_that_it_is_not_needed() -> None:
    cycle = passed(journey(slot("first", 40, "helsinki", "oslo"), fallback="automatic"), 15)
    from exchange.booking import NoteSilence

    given(cycle).when(time(NoteSilence, day(16), step="visits", slot="first")).writes(
        ("host_released", ("p_helsinki",)), ("host_request", ("p_oslo",))
    )


def test_a_host_is_reminded_by_letter() -> None:
    outcome = given(journey(slot("first", 40, "helsinki"))).when(time(RemindHost, day(9), step="visits", slot="first"))
    outcome.writes(("host_reminder", ("p_helsinki",)))
    (letter,) = outcome.mails("host_reminder")
    assert letter.facts == {"until": day(16).isoformat()}, "the host reads by when it should answer"


def test_a_host_is_thanked() -> None:
    cycle = passed(with_group("a"), 41)
    given(cycle).when(time(HoldVisit, day(42), step="visits", slot="first")).writes(("host_thanks", ("p_helsinki",)))


def test_a_slot_given_up_lets_the_host_that_was_asked_go() -> None:
    cycle = after(journey(slot("first", 40, "helsinki")), answer("helsinki", "propose", begins=on(50), ends=on(52)))
    choice = Choose(at=day(5), actor=OLGA, prompt=waiting_for(cycle, "first").id, option="give_up")
    given(cycle).when(choice).writes(("host_released", ("p_helsinki",)))


def switched(option: str, confirmed: bool) -> Any:
    cycle = after(with_group("a"), answer("helsinki", "decline", at=day(4)))
    cycle = after(cycle, *([answer("oslo", "confirm", at=day(5))] if confirmed else []))
    cycle = after(cycle, answer("helsinki", "confirm", at=day(6)))
    return given(cycle).when(Choose(at=day(7), actor=OLGA, prompt=waiting_for(cycle, "first").id, option=option))


def test_a_late_host_that_is_taken_is_not_asked_again() -> None:
    switched("switch", confirmed=False).writes(
        ("host_released", ("p_oslo",)), ("host_confirmed", ("p_helsinki",)), ("visit_booked", ("a",))
    )


def test_a_late_host_that_replaces_a_confirmed_one_has_the_group_told_of_both() -> None:
    outcome = switched("switch", confirmed=True)
    outcome.writes(
        ("host_released", ("p_oslo",)), ("visit_cancelled", ("a",)),
        ("host_confirmed", ("p_helsinki",)), ("visit_booked", ("a",)),
    )  # fmt: skip
    assert [m for m, _ in entries(outcome.mails())] == ["CANCEL", "CANCEL", "REQUEST", "REQUEST"]


def test_a_late_host_that_is_not_taken_hears_of_it() -> None:
    switched("keep", confirmed=True).writes(("host_released", ("p_helsinki",)))


def test_a_stay_released_by_a_cancellation_is_cancelled_at_the_host() -> None:
    before = with_group("a")
    event = VisitReleased(at=day(5), actor=OLGA, step="visits", slot="first", host="helsinki", confirmed=True)
    mails = letters(before, event, facts(before, event))
    assert [(m.kind, m.to) for m in mails] == [("host_released", ("p_helsinki",))]
    assert entries(mails) == [("CANCEL", 1)]


def test_a_host_that_was_asked_reads_the_new_date() -> None:
    from exchange.moving import Move

    move = Move(at=day(5), actor=OLGA, step="visits", slot="first", when=on(45), ends=on(47), reason="n_ferry")
    outcome = given(journey(slot("first", 40, "helsinki"))).when(move)
    outcome.writes(("host_changed", ("p_helsinki",)))
    assert entries(outcome.mails()) == []


# -- reminders, decisions, the end -------------------------------------------------------------------------------------


def test_a_reminder_to_nobody_is_not_written() -> None:
    cycle = passed(begun(invitations(), registration()), 2)
    for event in (
        InvitedReminded(at=day(3), actor="time", step="invitations", number=1, count=0),
        SurveyReminded(at=day(3), actor="time", step="invitations", number=1, count=0),
    ):
        assert letters(cycle, event, cycle) == []


def test_staff_hear_of_each_decision_its_reminder_and_its_passing_on() -> None:
    cycle = begun(invitations(approval=approval()), registration())
    cycle = after(cycle, time(Prepare, day(0), step="invitations"))
    from exchange.approval import RecordPrepared

    ready = RecordPrepared(at=day(0), actor="plan", step="invitations", revision=1, digest="d")
    ident = "approve-invitations-1"
    outcome = given(cycle).when(ready, time(RemindPrompt, day(4), prompt=ident), time(PassPrompt, day(8), prompt=ident))
    outcome.writes(
        ("decision_waiting", (KRISTINA, OLGA)), ("decision_reminder", (KRISTINA, OLGA)), ("decision_waiting", (ANTTI,))
    )
    assert {(mail.mark, mail.facts["prompt"]) for mail in outcome.mails()} == {
        (f"{ident}/coordinator", ident), (f"{ident}/director", ident)
    }  # fmt: skip


def test_a_rejection_drops_what_was_held() -> None:
    cycle = passed(begun(invitations(approval=approval()), registration()), 0)
    reject = Reject(at=day(1), actor=OLGA, prompt="approve-invitations-1")
    assert Mail(op="drop", batch="invitations/1") in given(cycle).when(reject).mails()


def test_at_the_end_those_who_took_part_and_spoke_are_thanked() -> None:
    cycle = with_group("a", "p_speaker")
    finished = CycleFinished(at=day(90), actor="time")
    assert letters(cycle, finished, fold(cycle, [finished])) == [
        Mail(op="drop"), Mail(kind="thanks", to=("a", "p_speaker"))
    ]  # fmt: skip


def test_a_speaker_who_takes_part_too_hears_of_the_cancellation_once() -> None:
    from exchange.cancelling import Cancel

    cycle = passed(with_group("a", "p_speaker"), 22)
    told = [p for m in given(cycle).when(Cancel(at=day(23), actor=OLGA)).mails("cycle_cancelled") for p in m.to]
    assert sorted(told) == ["a", "p_anna", "p_boris", "p_speaker", "p_vera"]


def test_what_has_been_told_is_what_is_still_to_come() -> None:
    cycle = passed(with_group("a"), 22)
    assert [mail.kind for mail in booked(cycle)] == ["seminar_programme", "visit_booked"]
    assert [mail.kind for mail in booked(passed(cycle, 31))] == ["visit_booked"]
    assert booked(passed(cycle, 42)) == []


def test_orders_of_several_events_keep_their_order() -> None:
    cycle = begun(invitations(), registration())
    sent = InvitationsSent(at=day(0), actor="plan", step="invitations", count=3)
    assert [m.op for m in correspondence.ordered(cycle, [sent])] == ["release", "drop"]
