"""Places as libraries give them: whom they send within their limit, and who comes instead of one who cannot."""

from __future__ import annotations

from exchange.desk import explained
from exchange.nominating import (
    DelegatesNominated,
    LapseNomination,
    MoreThanItsPlaces,
    Nominate,
    NominationAsked,
    NominationOver,
    NotFromThere,
    NothingToNominate,
)
from exchange.places import AlreadyRegistered, NotFromTheSameLibrary, NotRegistered
from exchange.registration import (
    CloseDesk,
    DelegateRegistered,
    DelegatesSelected,
    DelegateWithdrawn,
    DeskClosed,
    PlaceOffered,
)
from exchange.state import Cycle
from exchange.substituting import DelegateSubstituted, Substitute
from tests.builders import after, day, desk, register, time, withdraw
from tests.given import Outcome, fact, given, refuses

CLOSE = time(CloseDesk, day(20), step="registration")


def asked(*people: str, **more: object) -> Cycle:
    """A desk where each named person, as ``name@home``, has asked for a place."""
    cycle = desk(**{"capacity": 3, "places": "nominated", "per_library": 1, **more})
    return after(cycle, *(register(name, home=home) for name, home in (one.split("@") for one in people)))


def choose(home: str, *people: str, at: int = 21) -> Nominate:
    return Nominate(at=day(at), actor="p_contact", home=home, people=people)


def lapse(home: str) -> LapseNomination:
    return time(LapseNomination, day(27), step="registration", home=home)


def group(cycle: Cycle) -> list[str]:
    return cycle.group()


def in_line(cycle: Cycle) -> list[str]:
    return cycle.desk("registration").in_line()


def test_until_the_close_everybody_only_asks() -> None:
    cycle = desk(capacity=3, places="nominated", per_library=1)
    given(cycle).when(register("a", home="gusev")).then(fact(DelegateRegistered, applied=True)).leaves(group, [])


def test_where_no_library_asks_for_more_than_it_has_the_places_are_given_at_once() -> None:
    given(asked("a@gusev", "b@oslo")).when(CLOSE).then(
        fact(DeskClosed), fact(DelegatesSelected, people=("a", "b"), then=(), role="")
    ).leaves(group, ["a", "b"])


def test_a_library_that_asks_for_more_than_it_has_is_asked_to_choose() -> None:
    outcome = given(asked("a@gusev", "b@gusev", "c@oslo")).when(CLOSE)
    outcome.then(fact(DeskClosed), fact(NominationAsked, home="gusev", limit=1, until=day(27)))
    outcome.leaves(group, [])
    assert not outcome.cycle.settled("registration")


def test_its_contact_is_written_to_with_those_who_asked_in_their_order() -> None:
    cycle = asked("b@gusev", "a@gusev").put()
    cycle = cycle.put(plan=cycle.plan.model_copy(update={"contacts": {"gusev": "p_contact"}}))
    (letter,) = given(cycle).when(CLOSE).mails("nomination_request")
    assert letter.to == ("p_contact",)
    assert (letter.facts["people"], letter.facts["home"], letter.facts["number"]) == ("b a", "gusev", "1")


def test_where_nobody_is_known_to_answer_for_a_library_the_coordinator_is_asked() -> None:
    outcome = given(asked("a@gusev", "b@gusev")).when(CLOSE)
    (letter,) = outcome.mails("nomination_request")
    assert letter.to == outcome.cycle.plan.roles["coordinator"]


def test_whom_the_library_sends_has_the_place_and_the_other_waits() -> None:
    cycle = after(asked("a@gusev", "b@gusev", "c@oslo"), CLOSE)
    given(cycle).when(choose("gusev", "b")).then(
        fact(DelegatesNominated, home="gusev", people=("b",), lapsed=False), fact(DelegatesSelected, people=("b", "c"))
    ).leaves(group, ["b", "c"]).leaves(in_line, ["a"])


def test_the_places_are_given_when_the_last_library_has_chosen() -> None:
    cycle = after(asked("a@gusev", "b@gusev", "c@oslo", "d@oslo"), CLOSE)
    given(cycle).when(choose("gusev", "a")).then(fact(DelegatesNominated)).leaves(group, [])
    given(after(cycle, choose("gusev", "a"))).when(choose("oslo", "d")).leaves(group, ["a", "d"])


def test_silence_sends_who_asked_first() -> None:
    cycle = after(asked("b@gusev", "a@gusev"), CLOSE)
    given(cycle).when(lapse("gusev")).then(
        fact(DelegatesNominated, people=("b",), lapsed=True), fact(DelegatesSelected, people=("b",))
    )


def test_the_nominated_beyond_the_capacity_wait_before_those_who_were_not() -> None:
    cycle = after(asked("a@gusev", "b@gusev", "c@oslo", "d@malmo", capacity=1), CLOSE)
    given(cycle).when(choose("gusev", "a")).leaves(group, ["a"]).leaves(in_line, ["c", "d", "b"])


def test_whoever_waits_behind_them_is_told_so_and_not_that_a_kind_of_library_goes_first() -> None:
    cycle = after(asked("a@gusev", "b@gusev", "c@oslo", "d@malmo", capacity=1), CLOSE, choose("gusev", "a"))
    step = cycle.desks_in_plan()[0]
    shown = [explained(cycle.plan, cycle.desk(step.id), step, person) for person in "cdb"]
    assert [(why.before_by_choice, why.before_by_priority, why.before_by_time) for why in shown if why] == [
        (0, 0, 0),
        (0, 0, 1),
        (2, 0, 0),
    ]


def test_they_do_so_whatever_kind_of_library_comes_first() -> None:
    cycle = after(asked("b@malmo", "a@malmo", "c@gusev", capacity=1, priority=("host",)), CLOSE)
    chosen = after(cycle, choose("malmo", "a"))
    assert (group(chosen), in_line(chosen)) == (["a"], ["c", "b"])
    given(chosen).when(withdraw("a", at=day(22))).then(fact(DelegateWithdrawn), fact(PlaceOffered, person="c"))


def test_a_place_freed_later_goes_to_who_waits_and_fits() -> None:
    cycle = after(asked("a@gusev", "b@gusev", "c@oslo"), CLOSE, choose("gusev", "a"))
    given(cycle).when(withdraw("a", at=day(22))).then(fact(DelegateWithdrawn), fact(PlaceOffered, person="b"))


def left_early() -> Cycle:
    return after(asked("a@gusev", "b@gusev"), CLOSE, withdraw("a", at=day(21)))


def test_whoever_withdraws_meanwhile_is_not_sent() -> None:
    given(left_early()).when(lapse("gusev")).leaves(group, ["b"])


@refuses(NotFromThere("a", "gusev"))
def test_whoever_withdrew_cannot_be_sent() -> Outcome:
    return given(left_early()).when(choose("gusev", "a"))


def test_a_library_may_send_somebody_who_has_not_asked() -> None:
    cycle = after(asked("a@gusev", "b@gusev", "c@oslo"), CLOSE)
    wish = choose("gusev").model_copy(update={"newcomer": "n"})
    given(cycle).when(wish).then(
        fact(DelegateRegistered, person="n", home="gusev", applied=True),
        fact(DelegatesNominated, home="gusev", people=("n",)),
        fact(DelegatesSelected, people=("c", "n"), then=()),
    ).leaves(group, ["c", "n"])


def test_a_newcomer_who_has_asked_after_all_is_one_of_those_who_asked() -> None:
    cycle = after(asked("a@gusev", "b@gusev", "c@oslo"), CLOSE)
    wish = choose("gusev").model_copy(update={"newcomer": "b"})
    given(cycle).when(wish).then(fact(DelegatesNominated, people=("b",)), fact(DelegatesSelected))


@refuses(MoreThanItsPlaces("gusev", 2, 1))
def test_a_newcomer_counts_within_the_limit() -> Outcome:
    cycle = after(asked("a@gusev", "b@gusev"), CLOSE)
    return given(cycle).when(choose("gusev", "a").model_copy(update={"newcomer": "n"}))


@refuses(AlreadyRegistered("c", "applied"))
def test_a_newcomer_who_asks_for_another_library_is_not_sent() -> Outcome:
    cycle = after(asked("a@gusev", "b@gusev", "c@oslo"), CLOSE)
    return given(cycle).when(choose("gusev").model_copy(update={"newcomer": "c"}))


@refuses(NotFromThere("p_x", "gusev"))
def test_a_newcomer_of_another_library_is_not_sent() -> Outcome:
    cycle = after(asked("a@gusev", "b@gusev"), CLOSE)
    cycle = cycle.put(plan=cycle.plan.model_copy(update={"homes": {"p_x": "oslo"}}))
    return given(cycle).when(choose("gusev").model_copy(update={"newcomer": "p_x"}))


def test_who_is_named_by_her_library_reads_that_it_would_like_to_send_her() -> None:
    cycle = desk(capacity=3, places="nominated", per_library=1)
    cycle = cycle.put(plan=cycle.plan.model_copy(update={"contacts": {"gusev": "p_contact"}}))
    named = register("n", home="gusev").model_copy(update={"actor": "p_contact"})
    (letter,) = given(cycle).when(named).mails("application_received")
    assert (letter.to, letter.facts) == (("n",), {"home": "gusev"})
    (own,) = given(cycle).when(register("a", home="gusev")).mails("application_received")
    assert own.facts == {}


@refuses(NothingToNominate("malmo"))
def test_only_a_library_that_was_asked_chooses() -> Outcome:
    return given(after(asked("a@gusev", "b@gusev"), CLOSE)).when(choose("malmo", "x"))


@refuses(NothingToNominate("gusev"))
def test_a_library_chooses_once() -> Outcome:
    cycle = after(asked("a@gusev", "b@gusev", "c@oslo", "d@oslo"), CLOSE, choose("gusev", "a"))
    return given(cycle).when(choose("gusev", "b"))


@refuses(NotFromThere("c", "gusev"))
def test_nobody_of_another_library_is_sent() -> Outcome:
    return given(after(asked("a@gusev", "b@gusev", "c@oslo"), CLOSE)).when(choose("gusev", "c"))


@refuses(MoreThanItsPlaces("gusev", 2, 1))
def test_no_library_sends_more_than_it_has_places() -> Outcome:
    return given(after(asked("a@gusev", "b@gusev"), CLOSE)).when(choose("gusev", "a", "b"))


def test_a_choice_at_the_very_end_of_its_time_counts() -> None:
    given(after(asked("a@gusev", "b@gusev"), CLOSE)).when(choose("gusev", "b", at=27)).leaves(group, ["b"])


@refuses(NominationOver("gusev", day(27)))
def test_a_later_choice_does_not() -> Outcome:
    return given(after(asked("a@gusev", "b@gusev"), CLOSE)).when(choose("gusev", "b", at=28))


# -- substitutes -------------------------------------------------------------------------------------------------------


def instead(person: str, by: str, home: str = "gusev") -> Substitute:
    return Substitute(at=day(22), actor=person, person=person, by=by, home=home)


def full() -> Cycle:
    cycle = desk(capacity=1, per_library=1)
    return after(cycle, register("a", home="gusev"), register("c", home="oslo"))


def test_a_colleague_takes_the_place_and_nobody_on_the_list_is_offered_it() -> None:
    outcome = given(full()).when(instead("a", "b"))
    outcome.then(fact(DelegateSubstituted, person="a", by="b", home="gusev"))
    outcome.leaves(group, ["b"]).leaves(in_line, ["c"])
    outcome.writes(("place_withdrawn", ("a",)), ("place_confirmed", ("b",)))


def test_a_colleague_who_waits_leaves_the_list() -> None:
    cycle = after(full(), register("b", home="gusev"))
    given(cycle).when(instead("a", "b")).leaves(group, ["b"]).leaves(in_line, ["c"])


@refuses(NotFromTheSameLibrary("a", "c", "gusev"))
def test_a_substitute_comes_from_the_same_library() -> Outcome:
    return given(full()).when(instead("a", "c", "oslo"))


@refuses(NotFromTheSameLibrary("a", "x", "gusev"))
def test_a_substitute_of_whom_no_library_is_known_is_none() -> Outcome:
    return given(full()).when(instead("a", "x", ""))


@refuses(NotRegistered("c"))
def test_only_a_confirmed_place_passes_on() -> Outcome:
    return given(full()).when(instead("c", "b", "oslo"))


@refuses(AlreadyRegistered("b", "confirmed"))
def test_nobody_takes_a_second_place() -> Outcome:
    cycle = after(desk(capacity=2), register("a", home="gusev"), register("b", home="gusev"))
    return given(cycle).when(instead("a", "b"))
