"""Answers of several readers in one commit: each is kept once, and none spoils the others."""

from __future__ import annotations

import asyncio

import pytest

from portal.gathering import Gathering
from store.faults import CommandIdReused, NoSuchCycle
from store.models import Letterbox
from store.store import Store
from tests.portal.world import a_cycle


def answer(number: int, said: str = "") -> Letterbox:
    return Letterbox(command_id=f"g{number}", command={"kind": "Register", "person": f"p_{said}{number}"}, actor="p_x")


@pytest.fixture(scope="module")
def other(store: Store) -> str:
    return a_cycle(store, "kaliningrad-2012")


async def test_many_answers_at_once_are_few_commits(store: Store, cycle: str, monkeypatch: pytest.MonkeyPatch):
    commits = []
    receive = store.receive
    monkeypatch.setattr(store, "receive", lambda *given: (commits.append(len(given[1])), receive(*given))[1])
    gathering = Gathering(store)

    receipts = await asyncio.gather(*(gathering.take(cycle, answer(number)) for number in range(50)))

    assert [receipt.number for receipt in receipts] == list(range(1, 51))
    assert len(commits) < 5


async def test_one_that_is_refused_spoils_no_other(store: Store, cycle: str, other: str):
    gathering = Gathering(store)
    await gathering.take(cycle, answer(100))

    found = await asyncio.gather(
        gathering.take(cycle, answer(101)), gathering.take(cycle, answer(100, "x")), gathering.take(other, answer(1)),
        gathering.take("cycle-of-nobody", answer(2)), gathering.take(cycle, answer(102)), return_exceptions=True,
    )  # fmt: skip

    assert [type(one) for one in found][1::2] == [CommandIdReused, NoSuchCycle]
    assert found[4].number == found[0].number + 1  # type: ignore[union-attr]
    assert found[2].number == 1  # type: ignore[union-attr]
