"""The states that pages are made of: read once, and followed on from there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.states import States
from store.store import Store
from tests.portal.deciding import Engine
from tests.portal.world import NOW


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
