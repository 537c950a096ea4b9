from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.cancelling import CycleCancelled
from exchange.record import Refused
from store.columns import NaiveTime
from store.faults import CommandIdReused, CommandTooLarge, CycleIsOver, NoSuchCycle, NotSigned, SessionOver
from store.models import Receipt
from store.store import Store
from tests.store.builders import NOON, after, answer, record, registered, started


def test_answers_are_numbered_from_one_in_their_order(store: Store):
    cycle = started(store)
    assert store.receive(cycle, [answer(1), answer(2)], NOON) == [Receipt(number=1), Receipt(number=2)]
    assert store.receive(cycle, [answer(3)], NOON) == [Receipt(number=3)]
    assert store.undecided() == [(cycle, 3)]


def test_each_cycle_counts_for_itself(store: Store):
    first, second = started(store), started(store)
    store.receive(first, [answer(1), answer(2)], NOON)
    assert store.receive(second, [answer(1)], NOON) == [Receipt(number=1)]
    assert sorted(store.undecided()) == sorted([(first, 2), (second, 1)])


def test_the_same_answer_again_gets_the_first_receipt(store: Store):
    cycle = started(store)
    first = store.receive(cycle, [answer(1), answer(2)], NOON)
    assert store.receive(cycle, [answer(2), answer(3), answer(1), answer(3)], NOON) == [
        first[1], Receipt(number=3), first[0], Receipt(number=3),
    ]  # fmt: skip


def test_a_receipt_says_what_has_become_of_the_answer(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(1), answer(2)], NOON)
    no = Refused(number=2, name="RegistrationClosed", facts={"since": "2030-01-01T00:00:00Z"})
    store.keep(record(cycle, [registered(1)], decided_to=2, refused=[no]), NOON)
    assert [r.state for r in store.receive(cycle, [answer(1), answer(2)], NOON)] == ["accepted", "refused"]


@pytest.mark.parametrize("twin", [{"actor": "p_9"}, {"command": {"kind": "Register", "person": "p_9"}}])
def test_the_same_id_with_other_content_is_refused_and_nothing_is_taken(store: Store, twin: dict[str, object]):
    cycle = started(store)
    store.receive(cycle, [answer(1)], NOON)
    with pytest.raises(CommandIdReused, match="c1"):
        store.receive(cycle, [answer(2), answer(1, **twin)], NOON)
    with pytest.raises(CommandIdReused, match="c5"):
        store.receive(cycle, [answer(5), answer(5, **twin)], NOON)
    assert store.undecided() == [(cycle, 1)]


def test_other_answers_under_the_same_id_are_refused_while_they_are_sealed(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(1, answers={"q1": 5})], NOON)
    assert store.receive(cycle, [answer(1, answers={"q1": 5})], NOON) == [Receipt(number=1)]
    with pytest.raises(CommandIdReused):
        store.receive(cycle, [answer(1, answers={"q1": 4})], NOON)


def test_the_first_that_wait_can_be_looked_at(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(n) for n in (1, 2, 3)], NOON)
    store.keep(record(cycle, [registered(1)], decided_to=1), NOON)
    two, one = store.waiting(cycle, 2), store.waiting(cycle, 1)
    assert ([row.number for row in two.rows], two.more) == ([2, 3], False)
    assert ([row.number for row in one.rows], one.more) == ([2], True)


def test_outcomes_are_found_by_number(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(n) for n in (1, 2, 3)], NOON)
    store.keep(record(cycle, [registered(1)], decided_to=1), NOON)
    found = store.outcomes(cycle, [3, 1, 9])
    assert {number: outcome.state for number, outcome in found.items()} == {1: "accepted", 3: "received"}


def test_an_unknown_cycle_takes_nothing(store: Store):
    with pytest.raises(NoSuchCycle):
        store.receive("cycle-x", [answer(1)], NOON)


def test_a_cycle_that_is_over_takes_nothing_new_and_still_knows_what_it_took(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(1)], NOON)
    store.keep(record(cycle, [registered(1), CycleCancelled(at=NOON, actor="s_1")], decided_to=1), NOON)
    assert store.receive(cycle, [answer(1)], NOON) == [Receipt(number=1, state="accepted")]
    with pytest.raises(CycleIsOver, match="cancelled at 2030-03-01 12:00 UTC"):
        store.receive(cycle, [answer(2)], NOON)


def test_what_came_too_late_to_be_decided_is_refused_when_the_cycle_ends(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(1)], NOON)
    post = store.keep(record(cycle, [CycleCancelled(at=NOON, actor="s_1")]), NOON)
    assert post.rows == ()
    assert not post.more
    assert store.undecided() == []
    found = store.outcome(cycle, 1)
    assert found is not None
    assert (found.state, found.name, found.facts["phase"]) == ("refused", "CycleOver", "cancelled")


def test_time_never_goes_back_within_a_cycle(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(1)], after(hours=1))
    store.receive(cycle, [answer(2)], NOON)
    times = [found.received_at for n in (1, 2) if (found := store.outcome(cycle, n))]
    assert times == [after(hours=1), after(hours=1)]


def test_an_answer_far_too_large_is_refused(store: Store):
    cycle = started(store)
    with pytest.raises(CommandTooLarge, match="at most 32768"):
        store.receive(cycle, [answer(1, command={"kind": "Register", "person": "p" * 40_000})], NOON)


def test_an_empty_delivery_is_nothing(store: Store):
    assert store.receive(started(store), [], NOON) == []


def test_a_naive_time_is_refused(store: Store):
    cycle = started(store)
    with pytest.raises(NaiveTime, match="has no time zone"):
        store.receive(cycle, [answer(1)], datetime(2030, 3, 1))  # noqa: DTZ001 - the point
    assert store.undecided() == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 7), min_size=2, max_size=12), seed=st.integers(0, 2**16))
def test_numbers_have_no_gaps_and_follow_the_order_of_commits(store: Store, sizes: list[int], seed: int):
    """A reader who has seen a number will never see a lower one appear: that is what a collection relies on."""
    cycle = started(store)
    chance = random.Random(seed)
    seen: list[list[int]] = []

    def deliver(turn: int) -> list[Receipt]:
        items = [answer(n, f"{turn}-{n}") for n in range(sizes[turn])]
        receipts = store.receive(cycle, items, NOON + timedelta(seconds=chance.random()))
        post = store.keep(record(cycle), NOON)
        seen.append([row.number for row in post.rows])
        return receipts

    with ThreadPoolExecutor(6) as pool:
        receipts = [receipt for part in pool.map(deliver, range(len(sizes))) for receipt in part]
    total = sum(sizes)
    assert sorted(r.number for r in receipts) == list(range(1, total + 1))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen)
    times = [found.received_at for n in range(1, total + 1) if (found := store.outcome(cycle, n))]
    assert times == sorted(times)
    assert len(times) == total


# -- what staff typed in -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ["s_maija", "x", "", "time", "plan"])
def test_only_a_person_answers_without_a_proof(store: Store, actor: str):
    cycle = started(store)
    with pytest.raises(NotSigned, match="kierros login"):
        store.receive(cycle, [answer(1), answer(2, actor=actor)], NOON)
    assert store.cycle(cycle).received_to == 0


def test_who_entered_it_has_to_be_proven(store: Store):
    cycle = started(store)
    command = {"kind": "Register", "person": "p_1", "entered_by": "s_maija"}
    with pytest.raises(NotSigned):
        store.receive(cycle, [answer(1, command=command)], NOON)
    with pytest.raises(NotSigned):
        store.receive(cycle, [answer(1, command=command, proof="any")], NOON)


def test_what_staff_enter_is_taken_while_they_are_signed_in(store: Store):
    cycle = started(store)
    maija = store.add_staff("Maija Salo", "maija@library.example")
    _, session = store.open_session(maija, "terminal")
    assert store.receive(cycle, [answer(1, proof="made")], session=session)[0].number == 1
    assert store.receive(cycle, [answer(1, proof="made anew")], session=session)[0].number == 1
    assert store.proofs(cycle, [1, 2]) == {1: (answer(1).command_id, "made")}
    store.remove_staff(maija)
    with pytest.raises(SessionOver):
        store.receive(cycle, [answer(2, proof="made")], session=session)
    assert store.cycle(cycle).received_to == 1
