"""Several letters at a time: lanes to the mail server, and one transaction for what they write down meanwhile.

A lane is one connection. What each letter needs in the record (that its try begins, what came of it) is done for all
lanes together, by one commit, so that a thousand letters do not wait for two thousand of them. Where the mail server
hangs or breaks off, one lane is left until a letter gets through, so that few letters stand in doubt after a bad hour.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from letters.transport import Transport
from store.models import OutboxRow
from store.store import Store

MOST = 8
"""Lanes while all goes well; mail servers allow a sender about twenty connections."""

T = TypeVar("T")


class Together:
    """One transaction for what several tasks want written down at the same time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wanted: list[tuple[Callable[[Connection], Any], asyncio.Future[Any]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, change: Callable[[Connection], T]) -> T:
        """Has it written, with whatever others want, and gives back its result once that is committed.

        Raises:
            StoreFault: nothing of it was written.
        """
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._wanted.append((change, answer))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await answer

    async def _write(self) -> None:
        while self._wanted:
            wanted, self._wanted = self._wanted, []
            try:
                found = await asyncio.to_thread(self._all, [change for change, _ in wanted])
            except Exception as fault:  # noqa: BLE001 - it is raised again for whoever waits
                for _, answer in wanted:
                    _settle(partial(answer.set_exception, fault), answer)
                continue
            for (_, answer), result in zip(wanted, found, strict=True):
                _settle(partial(answer.set_result, result), answer)

    def _all(self, changes: Sequence[Callable[[Connection], Any]]) -> list[Any]:
        with self._store.writing() as connection:
            return [change(connection) for change in changes]


def _settle(tell: Callable[[], None], answer: asyncio.Future[Any]) -> None:
    if not answer.done():  # whoever waited has been cancelled
        tell()


class Lanes:
    """As many letters at a time as the mail server bears.

    Args:
        transports: one for each lane.
        turn: what is done with one letter; says whether the way is clear (False: no connection, or it was lost).
    """

    def __init__(
        self, transports: Sequence[Transport], turn: Callable[[OutboxRow, Transport], Awaitable[bool]]
    ) -> None:
        self._free, self._turn = deque(transports), turn
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
            for row in rows:
                clear = await self._turn(row, lane)
                self._width = min(2 * self._width, MOST) if clear else 1
        finally:
            self._free.append(lane)
