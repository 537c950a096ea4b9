"""Thousands of places that are free at once are offered in portions: counted, not timed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from exchange import correspondence
from exchange.base import Event
from exchange.cycle import at_last, decide, due, fold
from exchange.offering import AT_ONCE, OfferingContinued, OfferPlaces
from exchange.registration import CapacityChanged, OfferDeclined, OfferExpired, PlaceOffered, SetCapacity
from exchange.state import Cycle
from tests.builders import KRISTINA, after, day, decline, desk, register, time, withdraw
from tests.exchange.test_size import crowd
from tests.given import fact, given


def larger(capacity: int) -> SetCapacity:
    return SetCapacity(at=day(3), actor=KRISTINA, step="registration", capacity=capacity, reason="n_hall")


def decided(cycle: Cycle, first: SetCapacity) -> tuple[Cycle, list[list[Event]]]:
    """The state and the events of each decision: of the first, and of all that is due at the same instant."""
    made = [decide(cycle, first)]
    cycle = fold(cycle, made[-1])
    while (entries := due(cycle)) and entries[0].at <= first.at:
        made.append(decide(cycle, at_last(entries[0], first.at)))
        cycle = fold(cycle, made[-1])
    return cycle, made


def offered(events: list[Event]) -> list[str]:
    return [event.person for event in events if isinstance(event, PlaceOffered)]


def test_five_thousand_places_are_offered_in_portions_each_once_and_in_order() -> None:
    cycle = crowd(10_500)
    line = cycle.desk("registration").in_line()
    assert len(line) == 10_000
    cycle, made = decided(cycle, larger(5_500))
    told = [offered(events) for events in made]
    assert [len(people) for people in told] == [AT_ONCE] * 25
    assert [person for people in told for person in people] == line[:5_000]
    book = cycle.desk("registration")
    assert (book.free, book.owed, len(book.offers), book.waiting) == (0, None, 5_000, 5_000)


def test_offers_that_end_at_one_instant_go_on_one_by_one_until_nobody_waits() -> None:
    cycle, _ = decided(crowd(1_200), larger(900))
    step = cycle.desk_step("registration")
    ends, seen = day(3) + step.offer_lasts, Counter[str]()
    assert all(until == ends for _, until in cycle.desk("registration").offers)
    while (entries := due(cycle)) and entries[0].at <= ends:
        events = decide(cycle, at_last(entries[0], ends))
        assert len(offered(events)) <= 1
        seen.update(offered(events))
        cycle = fold(cycle, events)
    assert (len(seen), set(seen.values())) == (300, {1})
    assert cycle.desk("registration").waiting == 0


def test_a_portion_that_is_just_enough_leaves_nothing_owed() -> None:
    cycle, made = decided(crowd(1_000), larger(500 + AT_ONCE))
    assert [len(offered(events)) for events in made] == [AT_ONCE]
    assert cycle.desk("registration").owed is None


def test_what_is_owed_is_offered_before_anything_else_offers() -> None:
    cycle = after(crowd(1_000), larger(500 + AT_ONCE + 2))
    assert cycle.desk("registration").owed == day(3)
    first = cycle.desk("registration").offers[0][0]
    declined = given(cycle).when(decline(first, at=day(3)))
    declined.then(fact(OfferDeclined, person=first))
    continued = time(OfferPlaces, day(3), step="registration")
    given(declined.cycle).when(continued).then(
        fact(OfferingContinued), fact(PlaceOffered), fact(PlaceOffered), fact(PlaceOffered, more=False)
    )


def test_a_newcomer_does_not_pass_over_those_who_are_owed_a_place() -> None:
    cycle = after(crowd(1_000), larger(5_000))
    newcomer = given(cycle).when(register("p_new", home="gusev", at=day(3)))
    assert newcomer.cycle.desk("registration").people["p_new"].state == "waiting"
    assert newcomer.cycle.desk("registration").in_line()[-1] == "p_new"


def test_nothing_is_owed_any_more_once_the_last_moment_has_passed() -> None:
    cycle = after(crowd(1_000), larger(5_000))
    late = day(30) + timedelta(days=30)
    outcome = given(cycle).when(at_last(due(cycle)[0], late))
    outcome.then(fact(OfferingContinued))
    assert outcome.cycle.desk("registration").owed is None


def test_a_small_desk_is_offered_at_once_and_owes_nothing() -> None:
    cycle = desk("a", "b", capacity=1)
    given(cycle).when(larger(2)).then(fact(CapacityChanged), fact(PlaceOffered, person="b", more=False))


def test_the_offer_that_ends_first_stands_first() -> None:
    cycle = after(desk("a", "b", "c", "d", capacity=2), withdraw("a"))
    book = cycle.desk("registration")
    assert [person for person, _ in book.offer("d", day(5)).offers] == ["d", "c"]
    assert [person for person, _ in book.offer("d", day(6)).offers] == ["c", "d"]


def test_every_offer_has_its_letter() -> None:
    before = crowd(1_000)
    events = [event for portion in decided(before, larger(900))[1] for event in portion]
    told = [p for m in correspondence.ordered(before, events) if m.kind == "place_offered" for p in m.to]
    assert told == before.desk("registration").in_line()[:400]
    assert not [event for event in events if isinstance(event, OfferExpired)]
