"""Whoever waits to the end is told so once, and what she is told stays true."""

from __future__ import annotations

from typing import Any

from exchange.cancelling import CycleFinished
from exchange.cycle import due
from exchange.moving import Move
from exchange.offering import EndOffers, OffersEnded
from exchange.registration import CapacityChanged, DelegateWithdrawn, OfferExpired, SetCapacity
from exchange.seminar import HoldSeminar, SeminarHeld
from exchange.state import Cycle
from tests.builders import (
    KRISTINA,
    after,
    approval,
    approve,
    begun,
    day,
    desk,
    feedback,
    on,
    passed,
    prepared,
    register,
    registration,
    seminar,
    time,
    waiting_for,
    withdraw,
)
from tests.given import fact, given

END = {"step": "registration"}


def crowded(*people: str, days: float = 2, **changes: Any) -> Cycle:
    """One place, the rest wait; a seminar on day 30, feedback after it."""
    cycle = passed(begun(registration(capacity=1, **changes), seminar(), feedback()), 2)
    return passed(after(cycle, *(register(person) for person in people)), days)


def ends(cycle: Cycle) -> list[Any]:
    return [entry.at for entry in due(cycle) if isinstance(entry.command, EndOffers)]


def test_those_who_wait_are_told_when_the_last_gathering_is_over() -> None:
    cycle = crowded("a", "b", "c", days=30.2)
    assert ends(cycle) == []
    held = given(cycle).when(time(HoldSeminar, day(30.3), step="intro"))
    held.then(fact(SeminarHeld))
    assert ends(held.cycle) == [day(30)]
    told = given(held.cycle).when(time(EndOffers, day(30.3), **END))
    told.then(fact(OffersEnded, waiting=2)).writes(("no_place", ("b", "c")))
    assert ends(told.cycle) == []


def test_where_the_plan_says_until_when_places_are_offered_they_are_told_then() -> None:
    cycle = crowded("a", "b", days=25, offers_until=on(26))
    given(cycle).when(time(EndOffers, day(26), **END)).then(fact(OffersEnded, waiting=1)).writes(("no_place", ("b",)))


def test_nobody_is_told_before_registration_has_closed() -> None:
    cycle = crowded("a", "b", days=19, offers_until=on(10))
    assert ends(cycle) == []
    assert ends(passed(cycle, 19.9)) == []
    assert passed(cycle, 20).desk("registration").over


def test_an_offer_that_ends_at_the_last_moment_ends_before_the_others_are_told() -> None:
    cycle = after(crowded("a", "b", "c", days=24, offers_until=on(26)), withdraw("a", at=day(24)))
    cycle = passed(cycle, 25.9)
    last = [entry.command for entry in due(cycle) if entry.at == day(26)]
    given(cycle).when(*last).then(fact(OfferExpired, person="b"), fact(OffersEnded, waiting=1))


def test_nobody_is_told_while_the_last_gathering_could_still_be_put_off() -> None:
    steps = (registration(capacity=1), seminar(approval=approval()), feedback())
    cycle = after(passed(begun(*steps), 2), register("a"), register("b"))
    late = passed(cycle, 31)
    assert ends(late) == []
    put_off = Move(at=day(31), actor=KRISTINA, step="intro", field="begins", when=on(40), ends=on(41), reason="n_late")
    moved = prepared(after(late, put_off), day(31))
    moved = after(moved, approve(waiting_for(moved, "intro"), at=day(32)))
    outcome = given(moved).when(withdraw("a", at=day(33)))
    assert [type(event).__name__ for event in outcome.events] == ["DelegateWithdrawn", "PlaceOffered"]


def test_nothing_is_offered_to_whoever_was_told() -> None:
    told = crowded("a", "b", days=31)
    assert told.desk("registration").over
    larger = SetCapacity(at=day(32), actor=KRISTINA, step="registration", capacity=5, reason="n_hall")
    given(told).when(larger, withdraw("a", at=day(33))).then(fact(CapacityChanged), fact(DelegateWithdrawn))


def test_where_nobody_waits_nothing_happens() -> None:
    cycle = crowded("a", days=31)
    assert ends(cycle) == []
    assert not cycle.desk("registration").over
    given(cycle).when(time(EndOffers, day(31), **END)).nothing()


def test_those_who_still_wait_when_the_cycle_ends_are_told_at_its_end() -> None:
    cycle = passed(desk("a", "b", capacity=1), 30.2)
    outcome = given(cycle).when(time(HoldSeminar, day(30.3), step="intro"))
    outcome.then(fact(SeminarHeld), fact(CycleFinished))
    outcome.writes(("drop", ()), ("thanks", ("a",)), ("no_place", ("b",)))


def test_whoever_was_told_before_is_not_told_again_at_the_end() -> None:
    cycle = passed(desk("a", "b", capacity=1, offers_until=on(26)), 30.2)
    assert cycle.desk("registration").over
    outcome = given(cycle).when(time(HoldSeminar, day(30.3), step="intro"))
    outcome.writes(("drop", ()), ("thanks", ("a",)))
