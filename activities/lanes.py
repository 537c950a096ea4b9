"""Several letters at a time: lanes to the mail server, and one transaction for what they write down meanwhile.

A lane is one connection. What each letter needs in the record (that its try begins, what came of it) is done for all
lanes together, by one commit, so that a thousand letters do not wait for two thousand of them. Where the mail server
hangs or breaks off, one lane is left until a letter gets through, so that few letters stand in doubt after a bad hour.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from letters.transport import Transport
from store.models import OutboxRow
from store.store import Store

MOST = 8
"""Lanes while all goes well: enough that letters no longer wait for each commit."""

T = TypeVar("T")


Change = Callable[[Connection], Any]


@dataclass(frozen=True)
class _Wanted:
    change: Change
    undo: Change | None
    answer: asyncio.Future[Any]


class Together:
    """One transaction for what several tasks want written down at the same time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wanted: list[_Wanted] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, change: Callable[[Connection], T], *, undo: Change | None = None) -> T:
        """Has it written, with whatever others want, and gives back its result once that is committed.

        Args:
            change: what is written.
            undo: what takes it back, where whoever wanted it was called off before she heard that it was written.

        Raises:
            StoreFault: nothing of it was written.
        """
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._want(_Wanted(change, undo, answer))
        return await answer

    def _want(self, wanted: _Wanted) -> None:
        self._wanted.append(wanted)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._wanted:
            wanted, self._wanted = [one for one in self._wanted if not one.answer.done()], []
            try:
                found = await asyncio.to_thread(self._all, [one.change for one in wanted])
            except Exception as fault:  # noqa: BLE001 - it is raised again for whoever waits
                for one in wanted:
                    if not one.answer.done():
                        one.answer.set_exception(fault)
                continue
            for one, result in zip(wanted, found, strict=True):
                if not one.answer.done():
                    one.answer.set_result(result)
                elif one.undo is not None:  # whoever waited has been called off, and does not go on from here
                    self._want(_Wanted(one.undo, None, asyncio.get_running_loop().create_future()))

    def _all(self, changes: Sequence[Change]) -> list[Any]:
        with self._store.writing() as connection:
            return [change(connection) for change in changes]


@dataclass(frozen=True)
class Came:
    """What has become of a letter."""

    state: str
    clear: bool = True
    """Whether the mail server answered; False where there was no connection, or it was lost."""
    again: bool = False
    """Whether the mail server is to be asked again: the reader's other letters wait until then."""


class Lanes:
    """As many letters at a time as the mail server bears.

    Args:
        transports: one for each lane.
        turn: what is done with one letter.
        lay_back: what is done with a reader's other letters where the first of them is to be tried again.
    """

    def __init__(
        self,
        transports: Sequence[Transport],
        turn: Callable[[OutboxRow, Transport], Awaitable[Came]],
        lay_back: Callable[[OutboxRow, Sequence[OutboxRow]], Awaitable[None]],
    ) -> None:
        self._free, self._turn, self._lay_back = deque(transports), turn, lay_back
        self._width = 1

    async def send(self, rows: Sequence[OutboxRow]) -> None:
        """Takes the letters in their order; those to one reader go one after another."""
        waiting: dict[str, list[OutboxRow]] = {}
        for row in rows:
            waiting.setdefault(row.to_ref, []).append(row)
        chains, under_way = deque(waiting.values()), set[asyncio.Task[None]]()
        try:
            while chains or under_way:
                while chains and len(under_way) < min(self._width, MOST):
                    under_way.add(asyncio.create_task(self._chain(chains.popleft())))
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _chain(self, rows: Sequence[OutboxRow]) -> None:
        lane = self._free.popleft()
        try:
            for number, row in enumerate(rows, start=1):
                came = await self._turn(row, lane)
                self._width = min(2 * self._width, MOST) if came.clear else 1
                if came.again and number < len(rows):
                    await self._lay_back(row, rows[number:])
                    return
        finally:
            self._free.append(lane)
