"""A confirmed visit moves: the group is asked whether it can still come, once, and answers about that date."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from exchange.booking import HostReminded, VisitConfirmed
from exchange.cancelling import Cancel
from exchange.coming import (
    AboutAnEarlierDate,
    AnswerNewDate,
    DelegateCannotCome,
    DelegatesReminded,
    DelegateStillComes,
    NotAskedAnew,
    RemindComing,
    VisitHasBegun,
    WhichDate,
    WhichVisit,
)
from exchange.cycle import due
from exchange.invitation import NothingToRemind, RemindedJustNow
from exchange.mail import Mail
from exchange.moving import Move
from exchange.overtaken import overtaken
from exchange.places import NotRegistered
from exchange.plan import When
from exchange.prompt import Choose
from exchange.registration import DelegateWithdrawn, PlaceOffered
from exchange.state import Cycle
from exchange.substituting import Substitute
from exchange.suspending import CycleResumed, Resume, Suspend
from tests.builders import (
    ANTTI,
    OLGA,
    accept,
    after,
    answer,
    begun,
    day,
    on,
    passed,
    register,
    registration,
    seminar,
    slot,
    time,
    visits,
    withdraw,
)
from tests.given import Outcome, fact, given, refuses

STAYS = (slot("first", 40, "helsinki", "malmo"), slot("second", 50, "oslo"))


def booked(*people: str, capacity: int = 3) -> Cycle:
    """Two stays, of which Helsinki has confirmed the first; people at an open desk, and a seminar after it all."""
    final = seminar(id="final", form="final", announce=on(60), begins=on(70), ends=on(70.3))
    cycle = passed(begun(registration(capacity=capacity), visits(*STAYS), final), 2)
    return after(cycle, *(register(person) for person in people), answer("helsinki", "confirm"))


def move(at: float, to: float, slot: str = "first", lasts: float = 2) -> Move:
    said: dict[str, Any] = {"at": day(at), "actor": OLGA, "step": "visits", "slot": slot, "reason": "n_ferry"}
    # what these tests are about is who can come, also where a visit comes to lie beside another
    return Move(**said, when=on(to), ends=on(to + lasts), anyway=True)


def says(person: str, at: float, *, comes: bool = True, **more: Any) -> AnswerNewDate:
    return AnswerNewDate(at=day(at), actor=person, person=person, comes=comes, **more)


def moved(*people: str, capacity: int = 3) -> Cycle:
    """The first stay moved on day 5, from day 40 to day 45; the letter leaves on day 6."""
    return after(booked(*people, capacity=capacity), move(5, 45))


def call(cycle: Cycle, slot: str = "first") -> Any:
    return cycle.booking("visits", slot).call


def told(mail: Mail) -> tuple[str, datetime]:
    """The letter's kind, and the beginning that it gives as the old one."""
    return mail.kind, When.model_validate_json(mail.facts["was"]).at


# -- the question ------------------------------------------------------------------------------------------------------


def test_a_confirmed_visit_that_moves_asks_everybody_with_a_place_and_tells_the_host() -> None:
    outcome = given(booked("a", "b")).when(move(5, 45))
    outcome.writes(("host_changed", ("p_helsinki",)), ("still_coming", ("a", "b")))
    (letter,) = outcome.mails("still_coming")
    assert told(letter) == ("still_coming", day(40))
    assert When.model_validate_json(letter.facts["was_ends"]).at == day(42)
    assert (letter.rest, letter.instead) == (timedelta(days=1), True)
    assert [(e.uid, e.sequence, e.method) for e in letter.entries] == [
        ("cycle-kaliningrad-2012-staff/visits/first/helsinki", 1, "REQUEST")
    ]


def test_nobody_is_asked_before_a_host_has_confirmed() -> None:
    outcome = given(booked("a")).when(move(5, 53, "second"))
    assert [mail.kind for mail in outcome.mails()] == ["host_changed"]
    assert call(outcome.cycle, "second") is None


def test_whoever_waits_is_not_asked() -> None:
    outcome = given(booked("a", "b", capacity=1)).when(move(5, 45))
    assert [mail.to for mail in outcome.mails("still_coming")] == [("a",)]


def test_a_visit_that_moves_to_where_it_is_asks_nobody() -> None:
    given(booked("a")).when(move(5, 40)).writes(("host_changed", ("p_helsinki",)))


# -- two moves in a day ------------------------------------------------------------------------------------------------


def test_two_moves_in_a_day_make_one_letter_with_the_time_that_people_knew() -> None:
    outcome = given(booked("a", "b")).when(move(5, 45), move(5.4, 47))
    first, second = outcome.mails("still_coming")
    assert told(second) == ("still_coming", day(40))
    about = {"step": "visits", "slot": "first", "host": "helsinki"}
    assert overtaken(outcome.cycle, "still_coming", "a", {**about, "mark": first.mark}, day(5.5))
    assert not overtaken(outcome.cycle, "still_coming", "a", {**about, "mark": second.mark}, day(5.5))
    assert call(outcome.cycle).leaves == day(6)


def test_a_move_after_the_letter_has_left_asks_anew_with_what_that_letter_said() -> None:
    outcome = given(booked("a")).when(move(5, 45), move(7, 47))
    assert [told(mail) for mail in outcome.mails("still_coming")] == [
        ("still_coming", day(40)),
        ("still_coming", day(45)),
    ]
    assert [mail.entries[0].sequence for mail in outcome.mails("still_coming")] == [1, 2]


def test_a_visit_that_goes_back_before_the_word_has_left_asks_nobody() -> None:
    outcome = given(booked("a")).when(move(5, 45), move(5.4, 40))
    (letter,) = outcome.mails("still_coming")
    about = {"step": "visits", "slot": "first", "host": "helsinki", "mark": letter.mark}
    assert overtaken(outcome.cycle, "still_coming", "a", about, day(5.5))
    assert call(outcome.cycle) is None


def test_answers_to_what_has_left_stand_again_when_a_second_move_is_taken_back_in_time() -> None:
    cycle = after(moved("a", "b"), says("a", 7), move(8, 49), move(8.2, 45))
    assert call(cycle).silent() == ["b"]


def test_whoever_joins_between_two_moves_is_told_what_she_was_told() -> None:
    outcome = given(booked("a")).when(move(5, 45), register("c", at=day(5.2)), move(5.4, 47))
    assert [(told(mail)[1], mail.to) for mail in outcome.mails("still_coming")[1:]] == [
        (day(40), ("a",)), (day(45), ("c",))
    ]  # fmt: skip


def test_a_year_drawn_together_asks_at_once() -> None:
    cycle = booked("a")
    cycle = cycle.put(plan=cycle.plan.model_copy(update={"pace": 1e-5}))
    assert given(cycle).when(move(5, 45)).mails("still_coming")[0].rest == timedelta(0)


# -- yes and no --------------------------------------------------------------------------------------------------------


def test_a_yes_is_kept_and_changes_nothing() -> None:
    outcome = given(moved("a", "b")).when(says("a", 7))
    outcome.then(fact(DelegateStillComes, step="visits", slot="first", person="a")).writes()
    assert call(outcome.cycle).silent() == ["b"]
    assert outcome.cycle.group() == ["a", "b"]
    given(outcome.cycle).when(says("a", 8)).nothing()


def test_a_no_gives_the_place_back_and_the_next_who_waits_is_offered_it() -> None:
    cycle = moved("a", "b", "c", "d")
    outcome = given(cycle).when(says("a", 7, comes=False, reason="n_why"))
    outcome.then(
        fact(DelegateCannotCome, person="a"),
        fact(DelegateWithdrawn, person="a", reason="n_why"),
        fact(PlaceOffered, person="d"),
    ).writes(("place_withdrawn", ("a",)), ("place_offered", ("d",)))
    assert [(e.method, e.slot) for e in outcome.mails("place_withdrawn")[0].entries] == [("CANCEL", "first")]
    assert call(outcome.cycle).silent() == ["b", "c"]


def test_whoever_said_yes_may_still_say_no() -> None:
    given(after(moved("a"), says("a", 7))).when(says("a", 8, comes=False)).then(
        fact(DelegateCannotCome), fact(DelegateWithdrawn)
    )


def test_whoever_takes_a_place_after_the_move_was_told_the_new_date_and_is_not_asked() -> None:
    cycle = after(moved("a", "b", "c", "d"), says("a", 7, comes=False), accept("d", at=day(8)))
    assert call(cycle).silent() == ["b", "c"]
    assert given(cycle).when(says("d", 9)).refusal == NotAskedAnew("d")


def test_whoever_leaves_is_not_awaited_any_more_and_a_substitute_is_not_asked() -> None:
    cycle = after(moved("a", "b"), withdraw("a", at=day(7)))
    assert (call(cycle).silent(), call(cycle).open) == (["b"], 1)
    homes = after(booked(), register("b", home="gusev"), move(5, 45))
    by = Substitute(at=day(7), actor="b", person="b", by="x", home="gusev")
    assert call(after(homes, by)).open == 0


def test_a_yes_names_its_visit_only_where_she_is_asked_about_several() -> None:
    cycle = after(moved("a"), answer("oslo", "confirm", at=day(4)), move(6, 53, "second"))
    assert given(cycle).when(says("a", 8)).refusal == WhichVisit("a", ("first", "second"))
    cycle = after(cycle, says("a", 8, slot="second", step="visits"))
    given(cycle).when(says("a", 8)).then(fact(DelegateStillComes, slot="first"))


def test_a_no_needs_no_visit_for_it_is_one_to_all_of_it() -> None:
    cycle = after(moved("a"), answer("oslo", "confirm", at=day(4)), move(6, 53, "second"))
    given(cycle).when(says("a", 8, comes=False)).then(fact(DelegateCannotCome), fact(DelegateWithdrawn))


# -- answers about an earlier date -------------------------------------------------------------------------------------


@refuses(AboutAnEarlierDate("a", "first", on(45), on(47)))
def test_an_answer_that_names_an_earlier_date_does_not_count() -> Outcome:
    return given(after(moved("a"), move(7, 47))).when(says("a", 9, when=on(45)))


@refuses(AboutAnEarlierDate("a", "first", on(45), on(47)))
def test_an_answer_that_came_before_the_visit_moved_again_does_not_count() -> Outcome:
    return given(after(moved("a"), move(7, 47))).when(says("a", 6.5, comes=False))


@refuses(WhichDate("a", "first", on(45)))
def test_while_the_first_letter_rests_nobody_has_been_asked_and_an_answer_says_which_date_it_is_about() -> Outcome:
    return given(moved("a")).when(says("a", 5.2))


@refuses(WhichDate("a", "first", on(45)))
def test_a_no_while_the_letter_rests_may_be_about_the_old_date_as_well() -> Outcome:
    return given(moved("a")).when(says("a", 5.2, comes=False))


def test_the_refusal_says_how_to_give_the_place_up() -> None:
    assert "To give the place up there is `kierros withdraw`." in str(WhichDate("a", "first", on(45)))


@refuses(WhichDate("a", "first", on(47)))
def test_while_the_second_letter_rests_an_answer_says_which_date_it_is_about() -> Outcome:
    return given(after(moved("a"), move(7, 47))).when(says("a", 7.2))


def test_an_answer_that_names_the_date_as_it_stands_counts_before_the_letter_has_left() -> None:
    given(after(moved("a"), move(7, 47))).when(says("a", 7.2, when=on(47))).then(fact(DelegateStillComes))
    given(moved("a")).when(says("a", 5.2, when=on(45))).then(fact(DelegateStillComes))


@refuses(NotAskedAnew("a"))
def test_nobody_answers_what_she_was_not_asked() -> Outcome:
    return given(booked("a")).when(says("a", 7))


@refuses(NotRegistered("b"))
def test_whoever_has_no_place_is_not_asked() -> Outcome:
    return given(moved("a", "b", capacity=1)).when(says("b", 7))


@refuses(WhichVisit("a", ("first", "second")))
def test_a_yes_to_one_of_two_visits_names_it() -> Outcome:
    cycle = after(moved("a"), answer("oslo", "confirm", at=day(4)), move(6, 53, "second"))
    return given(cycle).when(says("a", 8))


@refuses(VisitHasBegun("first"))
def test_once_the_visit_has_begun_nobody_is_asked_any_more() -> Outcome:
    return given(moved("a")).when(says("a", 45))


# -- silence -----------------------------------------------------------------------------------------------------------


def reminder(cycle: Cycle) -> list[datetime]:
    return [entry.at for entry in due(cycle) if isinstance(entry.command, RemindComing)]


def test_whoever_is_silent_is_reminded_once_and_stays_on_the_list() -> None:
    cycle = after(moved("a", "b"), says("a", 7))
    assert reminder(cycle) == [day(13)]
    outcome = given(cycle).when(time(RemindComing, day(13), step="visits", slot="first"))
    outcome.then(fact(DelegatesReminded, count=1)).writes(("still_coming_reminder", ("b",)))
    assert reminder(outcome.cycle) == []
    assert passed(outcome.cycle, 50).group() == ["a", "b"]


def test_nobody_is_reminded_where_everybody_has_answered_or_the_visit_is_near() -> None:
    assert reminder(after(moved("a"), says("a", 7))) == []
    assert reminder(after(booked("a"), move(34, 41))) == []


def test_a_reminder_does_not_leave_after_the_answer_nor_after_another_move() -> None:
    cycle = after(moved("a", "b"), time(RemindComing, day(13), step="visits", slot="first"))
    mark = f"{call(cycle).number}/99"
    about = {"step": "visits", "slot": "first", "host": "helsinki", "mark": mark}
    assert not overtaken(cycle, "still_coming_reminder", "a", about, day(13))
    assert overtaken(after(cycle, says("a", 13)), "still_coming_reminder", "a", about, day(13))
    assert overtaken(after(cycle, move(13, 47)), "still_coming_reminder", "b", about, day(13))


def remind(cycle: Cycle, at: float) -> Outcome:
    return given(cycle).when(RemindComing(at=day(at), actor=OLGA, step="visits", slot="first"))


def test_staff_remind_those_who_are_silent_as_well() -> None:
    remind(after(moved("a", "b"), says("a", 7)), 8).then(fact(DelegatesReminded, count=1, role="coordinator")).writes(
        ("still_coming_reminder", ("b",))
    )


@refuses(NothingToRemind("visits/first"))
def test_staff_remind_nobody_before_the_letter_has_left() -> Outcome:
    return remind(moved("a"), 5.5)


@refuses(RemindedJustNow("visits/first", day(6)))
def test_a_day_passes_between_the_letter_and_the_reminder() -> Outcome:
    return remind(moved("a"), 6.5)


# -- the question ends with the visit as it was booked -----------------------------------------------------------------


@pytest.mark.parametrize("what", ["decline", "cancel"])
def test_the_question_is_over_when_the_visit_is_off(what: str) -> None:
    outcome = given(booked("a")).when(move(5, 45))
    mark = outcome.mails("still_coming")[0].mark
    off = answer("helsinki", "decline", at=day(5.5)) if what == "decline" else Cancel(at=day(5.5), actor=ANTTI)
    about = {"step": "visits", "slot": "first", "host": "helsinki", "mark": mark}
    assert overtaken(after(outcome.cycle, off), "still_coming", "a", about, day(6))


def test_a_visit_that_is_booked_anew_is_not_asked_about() -> None:
    cycle = after(moved("a"), answer("helsinki", "decline", at=day(5.5)))
    prompt = next(iter(cycle.prompts.values())).id
    cycle = after(cycle, Choose(at=day(6), actor=OLGA, prompt=prompt, option="next"))
    given(cycle).when(answer("malmo", "confirm", at=day(7))).then(fact(VisitConfirmed))
    assert call(cycle) is None


# -- the visit is off while the word of its move rests -----------------------------------------------------------------


def off(how: str, at: float) -> Any:
    return answer("helsinki", "decline", at=day(at)) if how == "decline" else Cancel(at=day(at), actor=ANTTI)


@pytest.mark.parametrize("how", ["decline", "cancel"])
def test_a_host_that_is_let_go_reads_the_time_that_it_was_told(how: str) -> None:
    letter = given(moved("a")).when(off(how, 5.5)).mails("host_released")[-1]
    assert letter.to == ("p_helsinki",)
    assert told(letter) == ("host_released", day(40))
    assert When.model_validate_json(letter.facts["was_ends"]).at == day(42)
    letter = given(moved("a")).when(off(how, 7)).mails("host_released")[-1]
    assert letter.facts == {}


def test_the_end_of_the_cycle_takes_back_the_stay_by_the_time_that_each_was_told() -> None:
    cycle = after(moved("a"), register("late", at=day(5.2)))
    ends = {mail.to: mail.facts for mail in given(cycle).when(off("cancel", 5.5)).mails("cycle_cancelled")}
    assert (known(ends["a",]), known(ends["late",])) == (day(40), None)
    (entry,) = next(mail for mail in given(cycle).when(off("cancel", 5.5)).mails("cycle_cancelled")).entries
    assert (entry.method, entry.sequence) == ("CANCEL", 2)
    (ends,) = (mail.facts for mail in given(cycle).when(off("cancel", 7)).mails("cycle_cancelled") if "a" in mail.to)
    assert ends == {}


def test_who_gives_her_place_back_has_the_stay_taken_back_by_the_time_that_she_was_told() -> None:
    cycle = after(moved("a"), register("late", at=day(5.2)))
    back = {one: given(cycle).when(withdraw(one, at=day(5.5))).mails("place_withdrawn")[0] for one in ("a", "late")}
    assert (known(back["a"].facts), known(back["late"].facts)) == (day(40), None)
    assert given(cycle).when(withdraw("a", at=day(7))).mails("place_withdrawn")[0].facts == {}


def known(facts: dict[str, str]) -> datetime | None:
    """The beginning of the first stay that the letter gives instead of the plan's."""
    said = facts.get("was:visits/first")
    return When.model_validate_json(said).at if said else None


def test_a_host_is_told_the_time_it_knows_where_nobody_has_a_place_yet() -> None:
    cycle = moved()
    assert len(call(cycle).people) == 0
    assert reminder(cycle) == []
    assert told(given(cycle).when(off("decline", 5.5)).mails("host_released")[0])[1] == day(40)
    assert told(given(after(cycle, move(5.4, 47))).when(off("decline", 5.5)).mails("host_released")[0])[1] == day(40)
    assert given(after(cycle, move(5.4, 40))).when(off("decline", 5.5)).mails("host_released")[0].facts == {}


def test_everybody_reads_the_time_of_a_visit_that_is_off_as_she_was_told_it_last() -> None:
    outcome = given(after(moved("a", "b"), register("c", at=day(5.2)))).when(off("decline", 5.5))
    known, new = outcome.mails("visit_cancelled")
    assert (told(known), known.to) == (("visit_cancelled", day(40)), ("a", "b"))
    assert (new.facts, new.to) == ({}, ("c",))
    (letter,) = given(moved("a", "b")).when(off("decline", 7)).mails("visit_cancelled")
    assert (letter.facts, letter.to) == ({}, ("a", "b"))


# -- standing still ----------------------------------------------------------------------------------------------------


def suspended(cycle: Cycle, at: float) -> Cycle:
    return after(cycle, Suspend(at=day(at), actor=OLGA, reason="n_flood"))


def test_word_that_rests_while_all_stands_still_leaves_when_it_goes_on_and_a_move_meanwhile_is_the_same_letter() -> (
    None
):
    cycle = after(suspended(moved("a"), 5.5), move(9, 47))
    assert When.model_validate(call(cycle).was[0]).at == day(40)
    cycle = after(cycle, Resume(at=day(10), actor=OLGA))
    assert call(cycle).leaves == day(10)
    assert reminder(cycle) == [day(17)]


def test_a_reminder_whose_hour_passes_in_a_standstill_is_noted_and_not_sent() -> None:
    cycle = suspended(moved("a"), 7)
    outcome = given(cycle).when(Resume(at=day(14), actor=OLGA))
    outcome.then(fact(CycleResumed), fact(DelegatesReminded, count=0), fact(HostReminded, missed=True))
    assert outcome.mails("still_coming_reminder") == []
    assert reminder(outcome.cycle) == []


def test_an_answer_from_before_a_move_in_a_standstill_is_about_the_date_that_she_knew() -> None:
    cycle = after(suspended(moved("a"), 7), move(9, 47), Resume(at=day(10), actor=OLGA))
    assert given(cycle).when(says("a", 8)).refusal == AboutAnEarlierDate("a", "first", on(45), on(47))
