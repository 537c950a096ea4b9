"""Visits: hosts are asked one after another until one confirms; what goes wrong goes to staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from exchange.approval import StepApproved
from exchange.booking import (
    Booking,
    HoldVisit,
    HostAsked,
    HostFellSilent,
    HostReminded,
    HostSaidYesLate,
    LapseSlot,
    NoteSilence,
    RemindHost,
    SlotGivenUp,
    VisitConfirmed,
    VisitDeclined,
    VisitHeld,
    VisitMoved,
    VisitProposed,
)
from exchange.hosts import AlreadyAnswered, HostBusy
from exchange.lateness import LateApproval
from exchange.money import BudgetExceeded
from exchange.moving import AlreadyHappened, Move, MovedIntoPast
from exchange.plan import Budget
from exchange.prompt import Choose, NoLongerNeeded, PromptClosed, PromptOpened
from exchange.state import Cycle
from tests.builders import (
    KRISTINA,
    OLGA,
    after,
    answer,
    approval,
    approve,
    begun,
    day,
    journey,
    on,
    passed,
    prepared,
    seminar,
    slot,
    time,
    visits,
    waiting_for,
)
from tests.given import Outcome, fact, given

FIRST = slot("first", 40, "helsinki", "malmo", "oslo")


def booking(cycle: Cycle, name: str = "first") -> Booking:
    return cycle.booking("visits", name)


def about(kind: Any, at: float, name: str = "first") -> Any:
    return time(kind, day(at), step="visits", slot=name)


def choose(cycle: Cycle, option: str, at: float = 20, prompt: str = "") -> Choose:
    ident = prompt or waiting_for(cycle, "first").id
    return Choose(at=day(at), actor=OLGA, prompt=ident, option=option, reason="n_why")


def settle(cycle: Cycle, option: str, at: float = 20, prompt: str = "") -> Outcome:
    return given(cycle).when(choose(cycle, option, at, prompt))


def declined(**changes: Any) -> Cycle:
    """Helsinki has said no on day 3."""
    return after(journey(FIRST, **changes), answer("helsinki", "decline"))


def late(**changes: Any) -> Cycle:
    """Helsinki has said no, Malmö is asked, and Helsinki has said yes after all on day 5."""
    return after(declined(fallback="automatic", **changes), answer("helsinki", "confirm", at=day(5)))


def waits_since_its_no() -> Cycle:
    """Helsinki has said no, staff have asked Malmö, and Helsinki has said yes after all on day 5."""
    cycle = settle(declined(), "next", at=4).cycle
    return after(cycle, answer("helsinki", "confirm", at=day(5)))


def proposed(**changes: Any) -> Cycle:
    """Helsinki proposes days 50 to 52."""
    return after(journey(FIRST, **changes), answer("helsinki", "propose", begins=on(50), ends=on(52)))


# -- asking ----------------------------------------------------------------------------------------------------------


def test_once_approved_the_first_candidate_of_every_slot_is_asked() -> None:
    cycle = passed(begun(visits(FIRST, slot("second", 43, "oslo"), approval=approval())), 2)
    given(cycle).when(approve(waiting_for(cycle, "visits"), at=day(3))).then(
        fact(PromptClosed),
        fact(StepApproved, step="visits"),
        fact(HostAsked, slot="first", host="helsinki", until=day(17), cents=100_00),
        fact(HostAsked, slot="second", host="oslo", until=day(17)),
    )


def test_one_host_is_never_asked_for_two_stays_at_once() -> None:
    cycle = journey(FIRST, slot("second", 41, "helsinki", "oslo"))
    assert (booking(cycle).host, booking(cycle, "second").host) == ("helsinki", "oslo")


def test_a_host_may_be_asked_for_two_stays_one_after_the_other() -> None:
    cycle = journey(FIRST, slot("second", 42, "helsinki"))
    assert booking(cycle, "second").host == "helsinki"


def test_a_host_that_the_money_does_not_reach_is_passed_over() -> None:
    dear = slot("first", 40, "helsinki", "malmo", "oslo", cents=[100_00, 200_00, 90_00])
    cycle = passed(begun(visits(dear, fallback="automatic"), budget=Budget(cap=150_00)), 2)
    given(cycle).when(answer("helsinki", "decline")).then(fact(VisitDeclined), fact(HostAsked, host="oslo"))


def test_where_no_host_can_be_asked_at_the_approval_staff_are_asked() -> None:
    cycle = journey(FIRST, slot("second", 41, "helsinki"))
    prompt = waiting_for(cycle, "second")
    assert (prompt.options, booking(cycle, "second").stage) == (("next", "give_up"), "planned")
    assert settle(cycle, "next", prompt=prompt.id).refusal == HostBusy("helsinki", "second")
    freed = after(cycle, answer("helsinki", "decline", slot="first"))
    settle(freed, "next", prompt=prompt.id).then(fact(PromptClosed), fact(HostAsked, slot="second", host="helsinki"))


def test_requests_for_a_stay_that_has_begun_wait_until_it_is_moved() -> None:
    cycle = passed(begun(visits(FIRST, approval=approval())), 40)
    assert given(cycle).when(approve(waiting_for(cycle, "visits"), at=day(40))).refusal == LateApproval(
        "visits", "visits", "begins", day(40), "first"
    )
    move = Move(at=day(40), actor=OLGA, step="visits", slot="first", when=on(50), ends=on(52), reason="n_late")
    again = prepared(after(cycle, move), day(40))
    given(again).when(approve(waiting_for(again, "visits"), at=day(41))).then(
        fact(PromptClosed), fact(StepApproved, revision=2), fact(HostAsked, host="helsinki", until=day(50))
    )


def test_a_host_has_until_the_stay_begins_at_the_latest() -> None:
    assert booking(journey(slot("first", 10, "helsinki"))).until == day(10)


def test_a_host_is_reminded_once() -> None:
    cycle = journey(FIRST)
    given(cycle).when(about(RemindHost, 9), about(RemindHost, 9)).then(
        fact(HostReminded, host="helsinki", missed=False)
    )


def test_after_an_absence_no_host_is_reminded_of_a_deadline_that_has_passed() -> None:
    given(journey(FIRST)).when(about(RemindHost, 16)).then(fact(HostReminded, missed=True)).writes()


def test_staff_may_remind_a_host_and_time_does_not_do_it_again() -> None:
    command = RemindHost(at=day(5), actor=OLGA, step="visits", slot="first")
    given(journey(FIRST)).when(command, about(RemindHost, 9)).then(
        fact(HostReminded, actor=OLGA, role="coordinator")
    ).writes(("host_reminder", ("p_helsinki",)))


# -- yes, no, silence --------------------------------------------------------------------------------------------------


def test_a_host_that_confirms_is_booked() -> None:
    given(journey(FIRST)).when(answer("helsinki", "confirm")).then(
        fact(VisitConfirmed, slot="first", host="helsinki")
    ).leaves(lambda c: booking(c).stage, "confirmed")


def test_a_yes_at_the_very_deadline_counts() -> None:
    given(journey(FIRST)).when(answer("helsinki", "confirm", at=day(16))).then(fact(VisitConfirmed))


def test_a_no_goes_to_staff() -> None:
    given(journey(FIRST)).when(answer("helsinki", "decline", reason="n_full")).then(
        fact(VisitDeclined, host="helsinki", reason="n_full", after_yes=False), fact(PromptOpened)
    ).leaves(lambda c: waiting_for(c, "first").options, ("next", "give_up"))


def test_a_no_goes_on_to_the_next_by_itself_where_the_plan_says_so() -> None:
    given(journey(FIRST, fallback="automatic")).when(answer("helsinki", "decline", at=day(4))).then(
        fact(VisitDeclined), fact(HostAsked, host="malmo", until=day(18))
    )


def test_the_next_host_has_its_full_time_though_the_no_lay_in_the_inbox() -> None:
    read_late = answer("helsinki", "decline", at=day(4)).model_copy(update={"decided_at": day(12)})
    given(journey(FIRST, fallback="automatic")).when(read_late).then(
        fact(VisitDeclined, at=day(4)), fact(HostAsked, at=day(12), until=day(26))
    )


def test_silence_past_the_deadline_counts_as_a_no() -> None:
    given(journey(FIRST)).when(about(NoteSilence, 15.9)).nothing()
    given(journey(FIRST)).when(about(NoteSilence, 16), about(NoteSilence, 16)).then(
        fact(HostFellSilent, host="helsinki"), fact(PromptOpened)
    )


def test_silence_goes_on_to_the_next_by_itself_where_the_plan_says_so() -> None:
    given(journey(FIRST, fallback="automatic")).when(about(NoteSilence, 16)).then(
        fact(HostFellSilent), fact(HostAsked, host="malmo")
    )


def test_when_every_candidate_has_been_asked_only_giving_up_is_left() -> None:
    cycle = journey(slot("first", 40, "helsinki"), fallback="automatic")
    given(cycle).when(answer("helsinki", "decline")).then(fact(VisitDeclined), fact(PromptOpened)).leaves(
        lambda c: waiting_for(c, "first").options, ("give_up",)
    )


def test_staff_have_the_next_host_asked() -> None:
    settle(declined(), "next").then(
        fact(PromptClosed, option="next", role="coordinator"), fact(HostAsked, host="malmo", at=day(20))
    )


def test_staff_give_a_slot_up() -> None:
    settle(declined(), "give_up").then(fact(PromptClosed), fact(SlotGivenUp, slot="first", reason="n_why"))


def test_every_decision_about_a_slot_waits_under_a_name_of_its_own() -> None:
    cycle = settle(declined(), "next").cycle
    cycle = after(cycle, answer("malmo", "decline", at=day(21)))
    assert cycle.prompts.keys() == ["host-visits-first-2"]
    assert cycle.answered.keys() == ["host-visits-first-1"]


def test_a_host_may_take_its_yes_back_and_the_slot_is_free_again() -> None:
    cycle = after(journey(FIRST), answer("helsinki", "confirm"))
    given(cycle).when(answer("helsinki", "decline", at=day(30))).then(
        fact(VisitDeclined, after_yes=True), fact(PromptOpened)
    ).leaves(lambda c: booking(c).stage, "open")


def test_a_no_on_the_stays_own_day_gives_the_slot_up() -> None:
    cycle = after(journey(FIRST), answer("helsinki", "confirm"))
    given(cycle).when(answer("helsinki", "decline", at=day(40))).then(fact(VisitDeclined), fact(SlotGivenUp))


def test_a_slot_that_nobody_has_confirmed_lapses_on_its_day() -> None:
    given(declined()).when(about(LapseSlot, 40)).then(fact(PromptClosed, option="lapsed"), fact(SlotGivenUp))
    given(journey(FIRST, days=2)).when(about(LapseSlot, 39)).nothing()


def test_on_the_stays_own_day_nobody_is_asked_any_more() -> None:
    cycle = passed(journey(slot("first", 16, "helsinki", "malmo"), fallback="automatic"), 16)
    assert (booking(cycle).stage, booking(cycle).tried) == ("given_up", ("helsinki",))


def test_after_an_absence_silence_on_the_stays_day_gives_the_slot_up() -> None:
    given(journey(FIRST, fallback="automatic")).when(about(NoteSilence, 41)).then(
        fact(HostFellSilent), fact(SlotGivenUp)
    )


def test_a_confirmed_stay_has_been_made_when_it_has_ended() -> None:
    cycle = after(journey(FIRST), answer("helsinki", "confirm"))
    given(cycle).when(about(HoldVisit, 42), about(HoldVisit, 42)).then(fact(VisitHeld, host="helsinki"))


def test_a_stay_is_not_made_before_what_the_plan_puts_before_it() -> None:
    cycle = after(passed(begun(seminar(begins=on(45), ends=on(46)), visits(FIRST)), 2), answer("helsinki", "confirm"))
    given(cycle).when(about(HoldVisit, 42)).nothing()
    assert booking(passed(cycle, 46)).stage == "visited"


# -- counter-proposals -------------------------------------------------------------------------------------------------


def test_a_proposal_goes_to_staff_whatever_the_plan_says_of_a_no() -> None:
    given(journey(FIRST, fallback="automatic")).when(answer("helsinki", "propose", begins=on(50), ends=on(52))).then(
        fact(VisitProposed, begins=on(50), ends=on(52)), fact(PromptOpened)
    ).leaves(lambda c: waiting_for(c, "first").options, ("accept", "next", "give_up"))


def test_a_proposal_that_staff_accept_moves_and_books_the_stay() -> None:
    outcome = settle(proposed(), "accept")
    outcome.then(
        fact(PromptClosed, option="accept"),
        fact(VisitMoved, begins=on(50), ends=on(52), role="coordinator", reason="n_why"),
        fact(VisitConfirmed, host="helsinki"),
    )
    assert outcome.cycle.slot_of("visits", "first")[1].begins == on(50)


def test_a_proposal_that_has_passed_is_not_accepted() -> None:
    cycle = after(journey(FIRST), answer("helsinki", "propose", begins=on(10), ends=on(12)))
    assert settle(cycle, "accept", at=11).refusal == MovedIntoPast(on(10))


def test_a_proposal_that_overlaps_another_stay_at_the_host_is_not_accepted() -> None:
    cycle = journey(FIRST, slot("second", 50, "helsinki"))
    cycle = after(cycle, answer("helsinki", "propose", slot="first", begins=on(51), ends=on(53)))
    assert settle(cycle, "accept").refusal == HostBusy("helsinki", "first")


def test_a_host_may_propose_again_and_only_its_last_proposal_waits() -> None:
    again = answer("helsinki", "propose", at=day(4), begins=on(55), ends=on(56))
    given(proposed()).when(again).then(
        fact(PromptClosed, option="lapsed"), fact(VisitProposed, begins=on(55)), fact(PromptOpened)
    )


def test_a_host_that_proposed_may_still_say_yes_to_the_first_date() -> None:
    given(proposed()).when(answer("helsinki", "confirm", at=day(4))).then(
        fact(PromptClosed, option="lapsed"), fact(VisitConfirmed)
    )


def test_staff_move_a_slot_without_losing_the_hosts_proposal() -> None:
    move = Move(at=day(5), actor=OLGA, step="visits", slot="first", when=on(41), ends=on(43), reason="n_ferry")
    given(proposed()).when(move).then(fact(VisitMoved)).leaves(lambda c: booking(c).proposed, (on(50), on(52)))


# -- a yes that comes late ---------------------------------------------------------------------------------------------


def test_a_late_yes_goes_to_staff() -> None:
    cycle = declined(fallback="automatic")
    given(cycle).when(answer("helsinki", "confirm", at=day(5))).then(
        fact(HostSaidYesLate, host="helsinki"), fact(PromptOpened)
    ).leaves(lambda c: waiting_for(c, "first").options, ("switch", "keep"))


def test_a_late_yes_overtakes_the_decision_about_its_own_no_and_asks_both_at_once() -> None:
    outcome = given(declined()).when(answer("helsinki", "confirm", at=day(5)))
    outcome.then(
        fact(HostSaidYesLate, host="helsinki"),
        fact(PromptClosed, prompt="host-visits-first-1", option="lapsed", newer="host-visits-first-2"),
        fact(PromptOpened),
    )
    assert not outcome.mails("host_released")
    assert outcome.cycle.prompts.keys() == ["host-visits-first-2"]
    assert waiting_for(outcome.cycle, "first").options == ("switch", "next", "give_up")
    said_of_the_old = settle(outcome.cycle, "next", prompt="host-visits-first-1").refusal
    assert said_of_the_old == NoLongerNeeded("host-visits-first-1", "host-visits-first-2")


def test_where_nobody_is_left_to_ask_a_late_yes_is_taken_or_the_visit_given_up() -> None:
    cycle = after(journey(slot("first", 40, "helsinki")), answer("helsinki", "decline"))
    cycle = after(cycle, answer("helsinki", "confirm", at=day(5)))
    assert waiting_for(cycle, "first").options == ("switch", "give_up")
    settle(cycle, "give_up").then(fact(PromptClosed), fact(SlotGivenUp)).writes(("host_released", ("p_helsinki",)))


def test_another_host_asked_instead_of_a_late_yes_lets_it_know() -> None:
    cycle = after(declined(), answer("helsinki", "confirm", at=day(5)))
    outcome = settle(cycle, "next").then(fact(PromptClosed, option="next"), fact(HostAsked, host="malmo"))
    assert [mail.to for mail in outcome.mails("host_released")] == [("p_helsinki",)]


def test_of_two_late_yeses_the_one_that_is_taken_closes_the_decision_about_the_other() -> None:
    cycle = after(declined(fallback="automatic"), answer("malmo", "decline", at=day(4)))
    cycle = after(cycle, answer("oslo", "decline", at=day(5)), answer("helsinki", "confirm", at=day(6)))
    cycle = after(cycle, answer("malmo", "confirm", at=day(7)))
    assert [prompt.options for prompt in cycle.prompts.values()] == [("switch", "give_up"), ("switch", "keep")]
    outcome = settle(cycle, "switch", prompt="host-visits-first-3")
    assert not outcome.cycle.prompts.keys()
    assert [mail.to for mail in outcome.mails("host_released")] == [("p_helsinki",)]


def test_a_late_yes_against_a_confirmed_stay_is_first_of_all_not_needed() -> None:
    cycle = after(declined(fallback="automatic"), answer("malmo", "confirm", at=day(4)))
    given(cycle).when(answer("helsinki", "confirm", at=day(5))).leaves(
        lambda c: waiting_for(c, "first").options, ("keep", "switch")
    )


def test_a_late_yes_counts_once() -> None:
    again = given(late()).when(answer("helsinki", "confirm", at=day(6)))
    assert again.refusal == AlreadyAnswered("helsinki", "first", "asked")


def test_staff_switch_to_the_host_that_said_yes_late() -> None:
    settle(late(), "switch").then(
        fact(PromptClosed, option="switch"),
        fact(HostAsked, host="helsinki", agreed=True),
        fact(VisitConfirmed, host="helsinki"),
    ).leaves(lambda c: booking(c).tried, ("malmo",))


def test_staff_keep_what_they_have() -> None:
    settle(late(), "keep").then(fact(PromptClosed, option="keep")).leaves(lambda c: booking(c).host, "malmo")


def test_a_late_yes_still_waits_when_the_other_host_answers() -> None:
    cycle = after(late(), answer("malmo", "confirm", at=day(6)))
    settle(cycle, "switch").leaves(lambda c: booking(c).host, "helsinki")


def test_what_else_waits_about_the_slot_lapses_with_the_switch() -> None:
    cycle = after(waits_since_its_no(), answer("malmo", "decline", at=day(6)))
    settle(cycle, "switch", prompt="host-visits-first-2").then(
        fact(PromptClosed, prompt="host-visits-first-2", option="switch"),
        fact(PromptClosed, prompt="host-visits-first-3", option="lapsed"),
        fact(HostAsked),
        fact(VisitConfirmed),
    )


def test_a_late_yes_lapses_when_the_slot_is_given_up() -> None:
    cycle = after(waits_since_its_no(), answer("malmo", "decline", at=day(6)))
    settle(cycle, "give_up", prompt="host-visits-first-3").then(
        fact(PromptClosed, option="give_up"), fact(PromptClosed, option="lapsed"), fact(SlotGivenUp)
    )


def test_a_late_yes_lapses_when_the_stay_has_been_made() -> None:
    cycle = after(late(), answer("malmo", "confirm", at=day(6)))
    given(cycle).when(about(HoldVisit, 42)).then(fact(PromptClosed, option="lapsed"), fact(VisitHeld))


def test_nobody_switches_hosts_once_the_stay_has_begun() -> None:
    cycle = after(late(), answer("malmo", "confirm", at=day(6)))
    assert settle(cycle, "switch", at=40).refusal == AlreadyHappened("visits", "first")


def test_nobody_switches_to_a_host_that_stands_elsewhere_by_now() -> None:
    cycle = after(journey(FIRST, slot("second", 41, "oslo", "helsinki"), fallback="automatic"))
    cycle = after(cycle, answer("helsinki", "decline"), answer("oslo", "decline", slot="second"))
    cycle = after(cycle, answer("helsinki", "confirm", slot="first", at=day(5)))
    assert settle(cycle, "switch").refusal == HostBusy("helsinki", "first")


def test_nobody_switches_to_a_host_that_the_money_does_not_reach() -> None:
    dear = slot("first", 40, "helsinki", "malmo", cents=[300_00, 100_00])
    cheap = slot("second", 43, "oslo", "aarhus", cents=[50_00, 200_00])
    cycle = passed(begun(visits(dear, cheap, fallback="automatic"), budget=Budget(cap=350_00)), 2)
    cycle = after(cycle, answer("helsinki", "decline"), answer("oslo", "decline"))
    cycle = after(cycle, answer("helsinki", "confirm", at=day(5)))
    assert cycle.purse.committed == 300_00
    assert settle(cycle, "switch").refusal == BudgetExceeded(350_00, 150_00, 300_00)


def test_a_late_yes_is_about_the_slot_that_is_not_over() -> None:
    cycle = journey(FIRST, slot("second", 43, "helsinki", "oslo"))
    cycle = after(cycle, answer("helsinki", "decline", slot="first"), answer("helsinki", "decline", slot="second"))
    cycle = after(cycle, Choose(at=day(4), actor=KRISTINA, prompt=waiting_for(cycle, "first").id, option="give_up"))
    given(cycle).when(answer("helsinki", "confirm", at=day(5))).then(
        fact(HostSaidYesLate, slot="second"), fact(PromptClosed, newer="host-visits-second-2"), fact(PromptOpened)
    )


# -- entries and letters keep the truth --------------------------------------------------------------------------------


def test_a_calendar_entry_that_was_cancelled_comes_back_with_a_higher_number() -> None:
    cycle = after(journey(FIRST, fallback="automatic"), answer("helsinki", "confirm"))
    numbers = [booking(cycle).sequence]
    cycle = after(cycle, answer("helsinki", "decline", at=day(4)), answer("helsinki", "confirm", at=day(5)))
    outcome = settle(cycle, "switch", at=6)
    numbers += [mail.entries[0].sequence for mail in outcome.mails("host_confirmed")]
    assert numbers == [0, 2]


def test_the_next_host_of_a_moved_stay_is_not_sent_the_request_with_the_old_date() -> None:
    move = Move(at=day(3), actor=OLGA, step="visits", slot="first", when=on(41), ends=on(43), reason="n_ferry")
    cycle = after(journey(FIRST, fallback="automatic"), move)
    outcome = given(cycle).when(answer("helsinki", "decline", at=day(4)))
    assert [(m.op, m.batch) for m in outcome.mails("host_request")] == [("send", "")]


def test_a_slot_in_another_journey_of_the_same_name_is_another_slot() -> None:
    two = visits(slot("first", 41, "helsinki", "oslo"), id="autumn")
    cycle = passed(begun(visits(FIRST), two), 2)
    assert cycle.booking("autumn", "first").host == "oslo"


@pytest.mark.parametrize("remind_after", [timedelta(days=14), timedelta(days=20)])
def test_a_reminder_that_would_come_with_the_deadline_is_left_out(remind_after: timedelta) -> None:
    given(journey(FIRST, remind_after=remind_after)).when(about(RemindHost, 30)).nothing()
