"""Word to cycles that post has come: at once, and in a rush one word for all who came meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runtime.engine import EngineUnreachable
from runtime.settings import Settings
from workers import telling, waking
from workers.waking import Waker


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cycles that were told, in their order."""
    said: list[str] = []

    async def connected(_: Settings) -> object:
        return object()

    async def tell(_: object, cycle: str) -> None:
        said.append(cycle)

    monkeypatch.setattr(telling, "connected", connected)
    monkeypatch.setattr(telling, "tell", tell)
    monkeypatch.setattr(waking, "APART", 0.5)
    return said


async def till(told: list[str], many: int) -> None:
    async with asyncio.timeout(20):
        while len(told) < many:
            await asyncio.sleep(0.01)


async def test_a_rush_is_one_word_now_and_one_for_all_who_came_meanwhile(told: list[str], tmp_path: Path):
    waker = Waker(Settings(data=tmp_path))
    waker.tell("cycle-a")
    await till(told, 1)

    for _ in range(20):
        waker.tell("cycle-a")
        await asyncio.sleep(0)
    await till(told, 2)
    await asyncio.sleep(0.7)

    assert told == ["cycle-a"] * 2


async def test_who_comes_when_nobody_came_just_before_waits_for_nobody(
    told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(waking, "APART", 0.05)
    waker = Waker(Settings(data=tmp_path))
    waker.tell("cycle-a")
    await till(told, 1)
    await asyncio.sleep(0.2)
    monkeypatch.setattr(waking, "APART", 60.0)

    waker.tell("cycle-b")
    waker.tell("cycle-c")
    await till(told, 3)

    assert told == ["cycle-a", "cycle-b", "cycle-c"]


async def test_a_word_to_one_cycle_holds_up_no_other(told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(waking, "APART", 60.0)
    waker = Waker(Settings(data=tmp_path))
    waker.tell("cycle-a")
    await till(told, 1)

    waker.tell("cycle-a")
    await asyncio.sleep(0.05)
    waker.tell("cycle-b")

    await till(told, 2)
    assert told == ["cycle-a", "cycle-b"]


async def test_where_no_engine_answers_it_is_not_asked_again_for_a_while(
    told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked = []

    async def away(_: Settings) -> object:
        asked.append(1)
        raise EngineUnreachable("No Temporal server answers.")

    monkeypatch.setattr(telling, "connected", away)
    waker = Waker(Settings(data=tmp_path))
    for _ in range(5):
        waker.tell("cycle-a")
        await asyncio.sleep(0.05)

    assert asked == [1]
    assert told == []
