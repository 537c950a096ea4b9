"""The states that pages are made of: read once, and followed on from there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from portal.states import LATELY, MEANWHILE, States
from store.store import Store
from tests.portal.deciding import Engine
from tests.portal.world import NOW

T = TypeVar("T")


def in_another_thread(does: Callable[[], T]) -> T:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(does).result()


def test_a_state_is_followed_on_and_not_read_from_the_beginning_again(
    store: Store, cycle: str, monkeypatch: pytest.MonkeyPatch
):
    states, engine = States(store), Engine(store, cycle)
    engine.decide(NOW)
    first = states.of(cycle)
    read: list[Any] = []
    load = store.load
    monkeypatch.setattr(store, "load", lambda *given: (read.append(given), load(*given))[1])

    assert states.of(cycle) is first
    engine.decide(NOW + timedelta(days=200))
    read.clear()
    later = states.of(cycle)

    assert read == []
    assert later.position > first.position
    assert later == load(cycle)


def test_what_is_read_together_is_of_one_moment(store: Store, cycle: str):
    with store.together():
        before = store.cycle(cycle).length
        with store.writing() as connection:
            connection.exec_driver_sql(f"UPDATE cycles SET length = length + 1 WHERE id = '{cycle}'")
        assert store.cycle(cycle).length == before
    assert store.cycle(cycle).length == before + 1
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE cycles SET length = {before} WHERE id = '{cycle}'")


@pytest.fixture
def loads(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The readings of a whole journal."""
    read: list[Any] = []
    load = store.load
    monkeypatch.setattr(store, "load", lambda *given: (read.append(given), load(*given))[1])
    return read


def test_a_reader_who_was_overtaken_gets_what_the_quicker_one_has_read(store: Store, cycle: str, loads: list[Any]):
    now = [0.0]
    states, engine = States(store, lambda: now[0]), Engine(store, cycle)
    states.of(cycle)

    with store.together():  # sees the record as it was
        before = store.cycle(cycle).length
        in_another_thread(lambda: engine.decide(NOW + timedelta(days=400)))
        loads.clear()
        quicker = in_another_thread(lambda: states.of(cycle))
        assert quicker.position > before
        assert states.of(cycle) is quicker
    assert loads == []

    now[0] += MEANWHILE
    with store.together(), store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE cycles SET length = length - 1 WHERE id = '{cycle}'")
    states.of(cycle)
    assert len(loads) == 1  # the record was put back to what it was
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE cycles SET length = length + 1 WHERE id = '{cycle}'")


def test_what_happened_is_read_by_one_for_all_who_ask_meanwhile(
    store: Store, cycle: str, monkeypatch: pytest.MonkeyPatch
):
    states, read, load = States(store), [], store.load
    together = threading.Barrier(4)

    def slowly(*given: Any) -> Any:
        read.append(given)
        time.sleep(0.05)
        return load(*given)

    monkeypatch.setattr(store, "load", slowly)

    def asks(_: int) -> Any:
        together.wait(10)
        return states.of(cycle)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(asks, range(4)))

    assert len(read) == 1
    assert all(one is found[0] for one in found)


def test_a_state_of_half_a_second_ago_is_taken_as_it_is(store: Store, cycle: str, monkeypatch: pytest.MonkeyPatch):
    now = [0.0]
    states = States(store, lambda: now[0])
    first = states.of(cycle)
    with monkeypatch.context() as patched:
        patched.setattr(store, "cycle", lambda _: pytest.fail("the record is asked"))
        now[0] = LATELY - 0.01
        assert states.lately(cycle) is first

    now[0] = LATELY
    asked: list[str] = []
    look = store.cycle
    monkeypatch.setattr(store, "cycle", lambda given: (asked.append(given), look(given))[1])
    states.lately(cycle)
    assert asked == [cycle]
