"""Whole cycles keep every invariant, reach the deep states, and come to their end.

The invariants are in :mod:`tests.exchange.watch`, by the numbers of TRUST: 1 to 8, 10, 11, 13, 17 to 20, 23, 24, 28.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.base import Refusal
from exchange.record import events
from tests.exchange.world import live

CYCLES = 350
BYTES = st.binary(min_size=160, max_size=400)

FLOORS = {
    "two people wait": 1500,
    "a library has to choose": 10,
    "nominated beyond the capacity": 3,
    "a substitute comes": 20,
    "a substitute who waited comes": 1,
    "two offers are open": 100,
    "an offer expires": 60,
    "an offer is passed on": 25,
    "the limit holds back the head of the line": 8,
    "everybody who waits is held back": 250,
    "somebody comes back": 15,
    "capacity lowered": 25,
    "capacity raised over a waiting list": 15,
    "fewer selected than places": 8,
    "places are owed to those who wait": 10,
    "told before the end that no place can come": 35,
    "a late yes": 50,
    "answered switch": 25,
    "answered accept": 20,
    "a host is busy": 25,
    "the money blocks a host": 5,
    "the money says no": 12,
    "a bill comes before its promise": 6,
    "a second no in one slot": 80,
    "a yes is taken back": 40,
    "a confirmed stay moves": 30,
    "two moves make one letter": 8,
    "a visit goes back before the word of it has left": 1,
    "a host wishes to move": 80,
    "answered move": 25,
    "answered keep_date": 15,
    "somebody still comes": 8,
    "somebody cannot come any more": 1,
    "those who are silent about a new date are reminded": 25,
    "an announced seminar moves": 10,
    "a speaker changes before the programme is approved": 25,
    "a speaker changes after people were told": 8,
    "a slot is given up": 150,
    "rejected twice": 10,
    "a second person is needed": 5,
    "a date moves before its letters are approved": 300,
    "the deputy approves": 15,
    "a decision passes to the deputy": 80,
    "refused AlreadyDecided": 45,
    "a reminder is missed": 6,
    "several dues after an absence": 50,
    "a letter in staff's own words leaves": 8,
    "a letter in staff's own words is rejected": 1,
    "staff write to those who wait or have a place": 1,
    "an approval comes too late, and its date is put off": 5,
    "the cycle is suspended": 25,
    "the cycle is resumed": 15,
    "a date that passed in a standstill is put off": 8,
    "answers wait in a suspended cycle": 25,
    "an offer outlasts a standstill": 2,
    "cancelled with three stays booked": 4,
    "cancelled with an offer open": 1,
    "the cycle is cancelled": 30,
    "the cycle is finished": 80,
}
"""How often the cycles of one test must reach a state: under its floor, a test of it would prove nothing."""


REACHED: Counter[str] = Counter()


@settings(max_examples=CYCLES)
@given(BYTES)
def cycles(data: bytes) -> None:
    """Every cycle that the suite lives through; the mutants are hunted with it, too."""
    live(data, REACHED)


@pytest.mark.timeout(300)
def test_every_cycle_keeps_the_invariants_reaches_the_deep_states_and_ends() -> None:
    REACHED.clear()
    cycles()
    short = {name: (REACHED[name], floor) for name, floor in FLOORS.items() if REACHED[name] < floor}
    assert not short, f"too seldom reached (times, floor): {short}"


@settings(max_examples=20)
@given(BYTES)
def test_the_same_choices_make_the_same_journal(data: bytes) -> None:
    first, second = live(data, Counter()), live(data, Counter())
    assert [events.pack(e) for e in first.journal] == [events.pack(e) for e in second.journal]


def test_the_cycles_hear_most_refusals() -> None:
    """What people do wrong is played, too, and not only in the tests of single rules."""
    reached: Counter[str] = Counter()
    for seed in range(60):
        live(random.Random(seed).randbytes(270), reached)
    heard = {name.removeprefix("refused ") for name in reached if name.startswith("refused ")}
    known = {kind.__name__ for kind in Refusal.__subclasses__() if kind.__module__.startswith("exchange.")}
    assert len(heard & known) >= 20, sorted(known - heard)
