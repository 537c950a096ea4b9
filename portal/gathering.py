"""Answers of several readers, committed together: a commit is one flush of the disk, however many answers it holds.

While one commit is on its way, those that come wait for the next; alone, an answer waits for nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from store.faults import CommandIdReused, CommandTooLarge
from store.models import Letterbox, Receipt
from store.store import Store

AT_ONCE = 200
"""Answers in one commit."""


class _Waiting(NamedTuple):
    cycle: str
    item: Letterbox
    receipt: asyncio.Future[Receipt]


class Gathering:
    """Where answers wait for the next commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Waiting] = []
        self._working: asyncio.Task[None] | None = None

    async def take(self, cycle: str, item: Letterbox) -> Receipt:
        """Keeps one answer; it is acknowledged when this comes back.

        Raises:
            NoSuchCycle, CycleIsOver, CommandIdReused, CommandTooLarge: this one was not taken; others are not touched.
            StoreFault: the record cannot be used.
        """
        receipt = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(cycle, item, receipt))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await asyncio.shield(receipt)

    async def _work(self) -> None:
        while self._waiting:
            cycle = self._waiting[0].cycle
            now = [one for one in self._waiting if one.cycle == cycle][:AT_ONCE]
            taken = {id(one) for one in now}
            self._waiting = [one for one in self._waiting if id(one) not in taken]
            await self._commit(cycle, now)

    async def _commit(self, cycle: str, now: Sequence[_Waiting]) -> None:
        """One commit; where one of them is refused, each by itself, so that none spoils the others."""
        try:
            found = await run_in_threadpool(self._store.receive, cycle, [one.item for one in now])
        except (CommandIdReused, CommandTooLarge) as why:
            if len(now) == 1:
                return _failed(now, why)
            for one in now:
                await self._commit(cycle, [one])
            return None
        except Exception as why:  # noqa: BLE001 - whoever waits must hear of it, whatever it was
            return _failed(now, why)
        for one, receipt in zip(now, found, strict=True):
            if not one.receipt.done():
                one.receipt.set_result(receipt)
        return None


def _failed(now: Sequence[_Waiting], why: Exception) -> None:
    for one in now:
        if not one.receipt.done():
            one.receipt.set_exception(why)
