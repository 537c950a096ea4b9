"""More time for one person: once, and her answer counts until then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from exchange.cycle import due
from exchange.extending import (
    AlreadyExtended,
    DeadlineExtended,
    Extend,
    HasAnswered,
    LongerThanPlacesLast,
    NoMoreTime,
    NothingToExtend,
    RemindExtended,
    WhyExtend,
)
from exchange.invitation import DeclineInvitation, InvitedReminded, RemindInvited
from exchange.moving import Move
from exchange.nominating import DelegatesNominated
from exchange.overtaken import overtaken
from exchange.places import NoOffer, RegistrationClosed
from exchange.prompt import Choose, NotYourDecision
from exchange.registration import (
    DelegateRegistered,
    DelegatesSelected,
    DelegateWaitlisted,
    ExpireOffer,
    OfferAccepted,
    OfferExpired,
    PlaceOffered,
)
from exchange.state import Cycle
from exchange.suspending import Resume, Suspend
from tests.builders import (
    OLGA,
    accept,
    after,
    begun,
    day,
    desk,
    feedback,
    invitations,
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
    withdraw,
)
from tests.exchange.test_nominations import choose as sends
from tests.given import Outcome, fact, given, refuses


def invited(days: float = 2, *people: str, **changes: Any) -> Cycle:
    """Anna, Boris and Vera have been invited; three places, until day 20; the seminar is on day 30."""
    steps = (invitations(*people), registration(**changes), seminar(), feedback(), report())
    return passed(begun(*steps), days)


def offered(**changes: Any) -> Cycle:
    """A place is on offer to B until day 6; C waits; the seminar is on day 30."""
    return after(desk("a", "b", "c", capacity=1, **changes), withdraw("a"))


def extend(person: str = "p_anna", until: float = 25, at: float = 3, **more: Any) -> Extend:
    said = {"at": day(at), "actor": OLGA, "person": person, "until": on(until), "reason": "n_away"}
    return Extend.model_validate({**said, **more})


def longer(**changes: Any) -> Cycle:
    """Anna has until day 25 for her answer."""
    return after(invited(**changes), extend())


def reminders(cycle: Cycle) -> list[tuple[float, str]]:
    return [((e.at - day(0)) / timedelta(days=1), e.command.person) for e in due(cycle) if is_own(e.command)]


def is_own(command: Any) -> bool:
    return isinstance(command, RemindExtended)


def own_reminder(at: float = 17) -> Any:
    return time(RemindExtended, day(at), step="invitations", person="p_anna")


# -- the answer to an invitation ---------------------------------------------------------------------------------------


def test_she_is_told_her_own_deadline_and_nobody_else_is() -> None:
    outcome = given(invited()).when(extend())
    outcome.then(
        fact(
            DeadlineExtended, step="registration", person="p_anna", until=day(25), asked="invitations",
            role="coordinator", reason="n_away",
        )
    )  # fmt: skip
    outcome.writes(("deadline_extended", ("p_anna",)))
    assert outcome.mails()[0].facts == {"until": day(25).isoformat(), "asked": "invitations"}


def test_her_answer_counts_when_registration_has_closed_for_all_others_and_at_the_very_end() -> None:
    closed = passed(longer(), 21)
    given(closed).when(register("p_anna", at=day(25))).then(fact(DelegateRegistered, person="p_anna", applied=False))
    assert given(closed).when(register("p_boris", at=day(21))).refusal == RegistrationClosed(day(20))


def test_it_counts_while_the_closing_itself_has_not_been_decided() -> None:
    given(longer()).when(register("p_anna", at=day(21))).then(fact(DelegateRegistered, person="p_anna"))


@refuses(RegistrationClosed(day(25)))
def test_after_her_own_deadline_her_answer_is_late_too() -> Outcome:
    return given(passed(longer(), 26)).when(register("p_anna", at=day(25.1)))


@refuses(RegistrationClosed(day(25)))
def test_whoever_withdraws_within_it_does_not_come_back() -> Outcome:
    comes = after(passed(longer(), 21), register("p_anna", at=day(22)), withdraw("p_anna", at=day(23)))
    return given(comes).when(register("p_anna", at=day(24)))


def test_late_as_she_is_she_waits_where_no_place_is_left() -> None:
    full = after(longer(capacity=1), register("p_boris"))
    given(passed(full, 21)).when(register("p_anna", at=day(22))).then(fact(DelegateWaitlisted, position=1))


def test_she_may_decline_within_it_and_is_reminded_no_more() -> None:
    cycle = after(longer(), DeclineInvitation(at=day(4), actor="p_anna", person="p_anna"))
    assert reminders(cycle) == []


# -- reminders follow her deadline -------------------------------------------------------------------------------------


def test_the_plan_s_reminders_are_not_for_her_and_one_of_her_own_is() -> None:
    cycle = longer()
    given(cycle).when(time(RemindInvited, day(8), step="invitations", number=1)).then(
        fact(InvitedReminded, count=2, person="")
    ).writes(("invitation_reminder", ("p_boris", "p_vera")))
    # the plan's last reminder, on day 12, comes eight days before the closing
    assert reminders(cycle) == [(17, "p_anna")]
    outcome = given(cycle).when(own_reminder())
    outcome.then(fact(InvitedReminded, person="p_anna", count=1)).writes(("invitation_reminder", ("p_anna",)))
    assert outcome.mails()[0].facts == {"until": day(25).isoformat()}
    assert reminders(outcome.cycle) == []


def test_no_reminder_of_her_own_where_its_moment_is_past() -> None:
    assert reminders(after(invited(), extend(until=21, at=14))) == []
    assert reminders(after(passed(invited(), 18), extend(until=26, at=18.5))) == []


def test_a_reminder_of_her_own_that_comes_after_an_absence_is_noted_and_not_sent() -> None:
    given(longer()).when(own_reminder(26)).then(fact(InvitedReminded, person="p_anna", count=0)).writes()


def test_staff_remind_her_with_her_own_date_also_after_the_closing() -> None:
    before = given(longer()).when(RemindInvited(at=day(4), actor=OLGA, step="invitations"))
    before.then(fact(InvitedReminded, number=0, count=3))
    before.writes(("invitation_reminder", ("p_boris", "p_vera")), ("invitation_reminder", ("p_anna",)))
    assert [mail.facts for mail in before.mails()] == [{}, {"until": day(25).isoformat()}]
    late = given(passed(longer(), 21)).when(RemindInvited(at=day(22), actor=OLGA, step="invitations"))
    late.then(fact(InvitedReminded, count=1)).writes(("invitation_reminder", ("p_anna",)))


def test_a_reminder_of_her_own_is_spared_where_staff_have_reminded_her_that_day() -> None:
    staff = RemindInvited(at=day(16.5), actor=OLGA, step="invitations")
    assert reminders(after(passed(longer(), 16.4), staff)) == []
    earlier = RemindInvited(at=day(15), actor=OLGA, step="invitations")
    assert reminders(after(passed(longer(), 14.9), earlier)) == [(17, "p_anna")]


def test_word_of_a_new_date_for_all_is_not_for_who_has_longer() -> None:
    def moved(to: float) -> Outcome:
        said = {"at": day(4), "actor": OLGA, "step": "registration", "field": "closes", "reason": "n_leave"}
        return given(longer()).when(Move.model_validate({**said, "when": on(to)}))

    moved(22).writes(("deadline_moved", ("p_boris", "p_vera")))
    moved(27).writes(("deadline_moved", ("p_anna", "p_boris", "p_vera")))
    assert reminders(moved(27).cycle) == []


def test_letters_that_still_wait_go_by_her_own_deadline() -> None:
    cycle, about = longer(), {"step": "invitations"}
    assert not overtaken(cycle, "invitation_reminder", "p_anna", about, day(24))
    assert overtaken(cycle, "invitation_reminder", "p_boris", about, day(24))
    assert overtaken(cycle, "invitation_reminder", "p_anna", about, day(25.1))
    told = {"step": "registration"}
    assert not overtaken(cycle, "deadline_extended", "p_anna", told, day(24))
    assert overtaken(cycle, "deadline_extended", "p_anna", told, day(25.1))
    assert overtaken(after(cycle, register("p_anna")), "deadline_extended", "p_anna", told, day(4))


# -- where places are shared out at the closing ------------------------------------------------------------------------


def test_where_libraries_choose_a_late_answer_joins_those_who_asked_last() -> None:
    cycle = after(longer(places="nominated", per_library=1), register("p_boris", "gusev"), register("p_vera", "gusev"))
    cycle = passed(after(cycle, register("p_zoe", "sovetsk")), 21)
    late = given(cycle).when(register("p_anna", "sovetsk", at=day(22)), sends("gusev", "p_vera", at=23))
    # Sovetsk sent all who had asked in time, and has no second place
    late.then(
        fact(DelegateRegistered, person="p_anna", applied=True), fact(DelegatesNominated, people=("p_vera",)),
        fact(DelegatesSelected, people=("p_vera", "p_zoe")),
    )  # fmt: skip
    assert late.cycle.desk("registration").in_line() == ["p_boris", "p_anna"]


def test_when_the_places_have_been_shared_out_she_gets_what_is_left() -> None:
    cycle = passed(after(longer(places="selected"), register("p_boris")), 21)
    said: dict[str, Any] = {"at": day(21), "actor": OLGA, "prompt": "select-registration", "option": "select"}
    cycle = after(cycle, Choose(**said, picks=("p_boris",)))
    given(cycle).when(register("p_anna", at=day(22))).then(fact(DelegateRegistered, applied=False)).writes(
        ("place_confirmed", ("p_anna",))
    )


def test_or_waits_behind_all_who_asked_in_time() -> None:
    order = {"priority": ("municipal public library",), "places": "nominated", "per_library": 1, "capacity": 1}
    cycle = after(invited(**order), extend(), register("p_boris", "oslo"), register("p_vera", "malmo"))
    cycle = passed(cycle, 21)
    assert cycle.desk("registration").in_line() == ["p_vera"]
    outcome = given(cycle).when(register("p_anna", "gusev", at=day(22)))
    outcome.then(fact(DelegateWaitlisted, position=2))
    assert outcome.cycle.desk("registration").in_line() == ["p_vera", "p_anna"]


# -- a place on offer --------------------------------------------------------------------------------------------------


def test_an_offer_of_hers_lasts_longer_and_does_not_run_out_before() -> None:
    outcome = given(offered()).when(extend("b", 12, at=4))
    outcome.then(fact(DeadlineExtended, person="b", until=day(12), asked="", remind=None))
    outcome.writes(("deadline_extended", ("b",)))
    at_old_end = time(ExpireOffer, day(6), step="registration", person="b")
    given(outcome.cycle).when(at_old_end).nothing()
    given(outcome.cycle).when(at_old_end, accept("b", at=day(12))).then(fact(OfferAccepted, person="b"))


def test_then_it_runs_out_and_goes_on() -> None:
    expires = time(ExpireOffer, day(12), step="registration", person="b")
    cycle = after(offered(), extend("b", 12))
    given(cycle).when(expires).then(fact(OfferExpired, person="b"), fact(PlaceOffered, person="c", until=day(15)))
    assert given(cycle).when(accept("b", at=day(12.1))).refusal == NoOffer("b", "expired")


def test_offers_run_out_in_the_order_of_their_new_ends() -> None:
    cycle = after(desk("a", "b", "c", "d", capacity=2), withdraw("a"), withdraw("b", at=day(4)))
    assert cycle.desk("registration").offers == (("c", day(6)), ("d", day(7)))
    outcome = given(cycle).when(extend("c", 12, at=5))
    assert outcome.cycle.desk("registration").offers == (("d", day(7)), ("c", day(12)))


def test_word_of_it_is_dropped_once_she_has_answered() -> None:
    cycle, about = after(offered(), extend("b", 12)), {"step": "registration"}
    assert not overtaken(cycle, "deadline_extended", "b", about, day(11))
    assert overtaken(after(cycle, accept("b")), "deadline_extended", "b", about, day(4))


# -- a standstill ------------------------------------------------------------------------------------------------------


def still(cycle: Cycle, begins: float, ends: float) -> Cycle:
    said: dict[str, Any] = {"actor": OLGA, "reason": "n_war"}
    return after(cycle, Suspend(at=day(begins), **said), Resume(at=day(ends), **said))


def test_a_standstill_takes_nothing_of_her_time() -> None:
    resumed = still(longer(), 4, 7)
    assert resumed.desk("registration").extended["p_anna"].until == day(28)
    assert reminders(resumed) == [(20, "p_anna")]


def test_but_gives_none_beyond_the_first_gathering() -> None:
    resumed = still(passed(longer(), 16.5), 16.5, 19.9)
    assert resumed.desk("registration").extended["p_anna"].until == day(28.4)
    far = still(after(invited(), extend(until=29)), 4, 10)
    assert far.desk("registration").extended["p_anna"].until == day(30)
    assert reminders(far) == [(22, "p_anna")]


# -- refused -----------------------------------------------------------------------------------------------------------


@refuses(AlreadyExtended("p_anna", day(25)))
def test_nobody_gets_more_time_twice() -> Outcome:
    return given(longer()).when(extend(until=28))


@refuses(AlreadyExtended("p_anna", day(25)))
def test_not_for_an_offer_either_who_had_it_for_the_invitation() -> Outcome:
    full = after(longer(capacity=1), register("p_boris"), register("p_anna"), withdraw("p_boris"))
    return given(full).when(extend(until=20, at=4))


@refuses(WhyExtend("p_anna"))
def test_it_needs_a_reason() -> Outcome:
    return given(invited()).when(extend(reason=""))


@refuses(NotYourDecision("p_anna", ("coordinator",)))
def test_only_the_coordinator_gives_it() -> Outcome:
    return given(invited()).when(extend(actor="p_anna"))


@refuses(HasAnswered("p_anna", "confirmed"))
def test_who_has_a_place_needs_no_time() -> Outcome:
    return given(after(invited(), register("p_anna"))).when(extend())


@refuses(HasAnswered("p_anna", "declined"))
def test_who_has_declined_has_answered() -> Outcome:
    said_no = after(invited(), DeclineInvitation(at=day(3), actor="p_anna", person="p_anna"))
    return given(said_no).when(extend())


@refuses(NothingToExtend("p_anna"))
def test_who_has_not_been_invited_yet_has_nothing_to_answer() -> Outcome:
    return given(invited(-1)).when(extend())


@refuses(NothingToExtend("b"))
def test_an_offer_that_has_run_out_comes_back_to_nobody() -> Outcome:
    return given(offered()).when(extend("b", 12, at=6.1))


@refuses(NoMoreTime("p_anna", on(19), day(20)))
def test_it_is_later_than_what_all_have() -> Outcome:
    return given(invited()).when(extend(until=19))


@refuses(NoMoreTime("p_anna", on(21), day(20)))
def test_it_is_not_in_the_past() -> Outcome:
    return given(passed(invited(), 22)).when(extend(until=21, at=22))


@refuses(LongerThanPlacesLast(on(31), day(30)))
def test_it_ends_before_the_first_gathering_begins() -> Outcome:
    return given(invited()).when(extend(until=31))


@refuses(LongerThanPlacesLast(on(23), day(22)))
def test_and_while_places_are_still_offered() -> Outcome:
    return given(invited(offers_until=on(22))).when(extend(until=23))


@refuses(LongerThanPlacesLast(on(41), day(40)))
def test_an_offer_is_kept_until_the_next_gathering_or_stay_begins_at_most() -> Outcome:
    later = seminar(id="final", form="final", announce=on(50), begins=on(60), ends=on(60.3))
    first = seminar(sessions=(session("p_dina"),))
    steps = (registration(capacity=1, offer_lasts=timedelta(days=9)), first, visits(slot("first", 40, "oslo")), later)
    cycle = after(passed(begun(*steps), 2), register("a"), register("b"))
    return given(after(passed(cycle, 31), withdraw("a", at=day(31)))).when(extend("b", 41, at=32))
