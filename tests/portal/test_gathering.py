"""Answers of several readers in one commit: each is kept once, and none spoils the others."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from portal import gathering as rules
from portal.gathering import Gathering
from store.faults import CommandIdReused, NoSuchCycle, NotSigned
from store.models import UNDETERMINED, Letterbox, Newcomer, Person, TextRow
from store.refs import new_ref
from store.store import Store
from store.taking import Taking
from tests.portal.world import a_cycle


def answer(number: int, said: str = "", **beside: Any) -> Taking:
    command = {"kind": "Register", "person": f"p_{said}{number}"}
    return Taking(Letterbox(command_id=f"g{number}", command=command, actor=f"p_{number}"), **beside)


@pytest.fixture(scope="module")
def other(store: Store) -> str:
    return a_cycle(store, "kaliningrad-2012")


async def test_many_answers_at_once_are_few_commits(store: Store, cycle: str, monkeypatch: pytest.MonkeyPatch):
    commits = []
    take = store.take_all
    monkeypatch.setattr(store, "take_all", lambda *given: (commits.append(len(given[1])), take(*given))[1])
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


async def test_what_belongs_to_answers_is_kept_with_them_in_few_commits(
    store: Store, cycle: str, monkeypatch: pytest.MonkeyPatch
):
    commits = []
    take = store.take_all
    monkeypatch.setattr(store, "take_all", lambda *given: (commits.append(len(given[1])), take(*given))[1])
    gathering = Gathering(store)
    words = [TextRow(ref=new_ref("n"), words={UNDETERMINED: f"why {n}"}, kind="reason") for n in range(30)]
    whom = Newcomer(field="person", person=Person(name="Maija Niemi", address="maija@gathering.example", home="x"))

    receipts = await asyncio.gather(
        *(gathering.take(cycle, answer(200 + n, texts=[words[n]], told={"diet": f"diet {n}"})) for n in range(30)),
        gathering.take(cycle, answer(230, newcomer=whom)), gathering.take(cycle, answer(231)),
    )  # fmt: skip

    numbers = [receipt.number for receipt in receipts]
    assert numbers == list(range(numbers[0], numbers[0] + 32))
    assert len(commits) < 5
    assert store.get_texts([row.ref for row in words]) == {row.ref: row.words for row in words}
    assert [store.told(cycle, f"p_{200 + n}") for n in range(30)] == [{"diet": f"diet {n}"} for n in range(30)]
    known = store.by_address(cycle, "maija@gathering.example")
    assert known is not None
    (named,) = [row for row in store.waiting(cycle, 500).rows if row.number == numbers[30]]
    assert named.data["person"] == known.ref


async def test_the_same_answer_twice_in_one_commit_is_kept_once_as_it_came_first(store: Store, cycle: str):
    gathering = Gathering(store)

    first, again, other = await asyncio.gather(
        gathering.take(cycle, answer(300, told={"diet": "fish"})),
        gathering.take(cycle, answer(300, told={"diet": "nothing of fish"})), gathering.take(cycle, answer(301)),
    )  # fmt: skip
    late = await gathering.take(cycle, answer(300, told={"diet": "bread"}))

    assert first.number == again.number == late.number == other.number - 1
    assert store.told(cycle, "p_300") == {"diet": "fish"}


async def test_in_a_rush_a_commit_waits_a_moment_for_more_and_the_first_for_nobody(
    store: Store, cycle: str, monkeypatch: pytest.MonkeyPatch
):
    commits: list[int] = []
    take = store.take_all
    monkeypatch.setattr(store, "take_all", lambda *given: (commits.append(len(given[1])), take(*given))[1])
    monkeypatch.setattr(rules, "APART", 0.5)
    gathering, coming = Gathering(store), []

    for number in range(400, 408):
        coming.append(asyncio.create_task(gathering.take(cycle, answer(number))))
        await asyncio.sleep(0.01)

    await asyncio.gather(*coming)
    assert commits[0] == 1
    assert len(commits) <= 3


async def test_where_enough_wait_they_are_committed_at_once(store: Store, cycle: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "APART", 60.0)
    gathering = Gathering(store)
    await gathering.take(cycle, answer(500))

    async with asyncio.timeout(20):
        await asyncio.gather(*(gathering.take(cycle, answer(number)) for number in range(501, 501 + rules.ENOUGH)))


async def come(gathering: Gathering, cycle: str, numbers: range) -> int:
    """One in each turn of the loop; how many had come when the first was kept."""
    first = asyncio.create_task(gathering.take(cycle, answer(numbers[0])))
    coming, came = [first], 1
    for number in numbers[1:]:
        if first.done():
            break
        coming.append(asyncio.create_task(gathering.take(cycle, answer(number))))
        came += 1
        time.sleep(0.001)
        await asyncio.sleep(0)
    await asyncio.gather(*coming)
    return came


async def test_nobody_waits_for_all_who_ever_come(store: Store, cycle: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "ENOUGH", 100_000)
    assert await come(Gathering(store), cycle, range(1_000, 2_500)) < 1_000

    monkeypatch.setattr(rules, "ENOUGH", 16)
    monkeypatch.setattr(rules, "APART", 1.0)
    assert await come(Gathering(store), cycle, range(3_000, 4_500)) < 500


async def test_what_is_wrong_with_one_answer_spoils_no_other(store: Store, cycle: str):
    nobodys = Taking(Letterbox(command_id="g5000", command={"kind": "Register"}, actor="s_kristina"))
    gathering = Gathering(store)

    found = await asyncio.gather(
        gathering.take(cycle, answer(5001)), gathering.take(cycle, nobodys), gathering.take(cycle, answer(5002)),
        return_exceptions=True,
    )  # fmt: skip

    assert isinstance(found[1], NotSigned)
    assert found[2].number == found[0].number + 1  # type: ignore[union-attr]
