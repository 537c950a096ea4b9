"""Several letters at a time: how many, in which order, and what is written down together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, text

from activities.lanes import MOST, Came, Lanes, Together
from letters.transport import Transport
from store.models import OutboxRow
from store.store import Store, open_store


class Row:
    """All that lanes look at of a letter."""

    def __init__(self, number: int, to_ref: str = "") -> None:
        self.number, self.to_ref = number, to_ref or f"p_{number}"


class Street:
    """Lanes whose letters take a moment; ``lost`` ones find no way."""

    def __init__(self, *lost: int) -> None:
        self.lost = set(lost)
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.abreast: list[int] = []
        """How many were under way as each began, itself included."""
        self.used: set[int] = set()
        ways = [cast(Transport, number) for number in range(MOST)]
        self.back: list[tuple[int, list[int]]] = []
        """Which letter is to be tried again, and which wait with it."""
        self.again: set[int] = set()
        self.lanes = Lanes(ways, self._turn, self._lay_back)

    async def _lay_back(self, first: OutboxRow, rest: Sequence[OutboxRow]) -> None:
        self.back.append((cast(Row, first).number, [cast(Row, row).number for row in rest]))

    async def _turn(self, row: OutboxRow, way: Transport) -> Came:
        one = cast(Row, row)
        self.used.add(cast(int, way))
        self.begun.append(one.number)
        self.abreast.append(len(self.begun) - len(self.ended))
        await asyncio.sleep(0.002)
        self.ended.append(one.number)
        return Came("sent", clear=one.number not in self.lost, again=one.number in self.again)

    async def send(self, *rows: Row) -> None:
        await self.lanes.send(cast(Any, rows))


async def test_one_letter_goes_ahead_and_then_as_many_as_there_are_lanes() -> None:
    street = Street()
    await street.send(*(Row(n) for n in range(40)))
    assert sorted(street.ended) == list(range(40))
    assert street.abreast[0] == 1
    assert max(street.abreast) == MOST
    assert street.used == set(range(MOST))


async def test_letters_to_one_reader_go_one_after_another() -> None:
    street = Street()
    await street.send(*(Row(n, "p_anna" if n % 2 else "") for n in range(20)))
    hers = [n for n in street.begun if n % 2]
    assert hers == sorted(hers)
    for earlier, later in pairwise(hers):
        assert street.ended.index(earlier) <= street.begun.index(later)


async def test_where_a_letter_is_to_be_tried_again_the_readers_others_wait_with_it() -> None:
    street = Street()
    street.again = {3}
    await street.send(*(Row(n, "p_anna" if n in {1, 3, 5, 7} else "") for n in range(12)))
    assert sorted(street.begun) == [0, 1, 2, 3, 4, 6, 8, 9, 10, 11]
    assert street.back == [(3, [5, 7])]


async def test_while_the_mail_server_breaks_off_one_lane_is_left() -> None:
    street = Street(*range(8, 24))
    await street.send(*(Row(n) for n in range(40)))
    assert sorted(street.ended) == list(range(40))
    after_the_first_losses = [street.abreast[street.begun.index(n)] for n in range(16, 24)]
    assert after_the_first_losses == [1] * 8
    assert max(street.abreast[street.begun.index(n)] for n in range(30, 40)) == MOST


async def test_a_turn_that_fails_ends_the_round_and_leaves_nothing_under_way() -> None:
    street = Street()

    async def broken(row: OutboxRow, way: Transport) -> Came:
        if cast(Row, row).number == 3:
            raise OSError("the record is gone")
        return await street._turn(row, way)

    lanes = Lanes([cast(Transport, n) for n in range(MOST)], broken, street._lay_back)
    with pytest.raises(OSError, match="the record is gone"):
        await lanes.send(cast(Any, [Row(n) for n in range(20)]))
    begun = list(street.begun)
    await asyncio.sleep(0.02)
    assert street.begun == begun


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'kierros.db'}")
    yield opened
    opened.close()


async def test_what_several_want_written_at_once_is_committed_together(store: Store) -> None:
    together, seen = Together(store), []

    def change(connection: Connection, number: int) -> int:
        seen.append(id(connection))
        connection.execute(text("SELECT 1"))
        return number

    found = await asyncio.gather(*(together.write(lambda c, n=n: change(c, n)) for n in range(10)))
    assert found == list(range(10))
    assert len(set(seen)) == 1


async def test_a_change_that_cannot_be_written_is_told_to_all_who_were_with_it(store: Store) -> None:
    together = Together(store)
    store.put_setting("one", {"kept": 1}, "s_1")

    def good(connection: Connection) -> int:
        return connection.execute(text("DELETE FROM settings WHERE key = 'one'")).rowcount

    def bad(connection: Connection) -> int:
        raise ValueError("no")

    found = await asyncio.gather(together.write(good), together.write(bad), return_exceptions=True)
    assert [str(fault) for fault in found] == ["no", "no"]
    kept = store.get_setting("one")
    assert kept is not None
    assert kept.value == {"kept": 1}
    assert await together.write(good) == 1


async def test_what_was_called_off_is_not_written_or_taken_back(store: Store) -> None:
    together, written = Together(store), []
    going, hold = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow(_connection: Connection) -> None:
        loop.call_soon_threadsafe(going.set)
        hold.wait(10)
        written.append("slow")

    first = asyncio.create_task(together.write(slow, undo=lambda _: written.append("slow undone")))
    await going.wait()
    second = asyncio.create_task(together.write(lambda _: written.append("never")))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    hold.set()
    await together.write(lambda _: written.append("the next"))
    await together.write(lambda _: None)
    assert "never" not in written
    assert sorted(written) == ["slow", "slow undone", "the next"]
