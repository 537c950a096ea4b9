"""Answers of several readers, committed together: a commit is one flush of the disk, however many answers it holds.

While one commit is on its way, those that come wait for the next; in a rush the next also waits a moment for more of
them, for a commit of sixteen costs little more than a commit of one. Alone, an answer waits for nobody.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import NamedTuple

from portal.threads import kept
from store.faults import StoreLocked, StoreUnreachable
from store.models import Receipt
from store.store import Store
from store.taking import Taking
from store.writing import chunks

AT_ONCE = 200
"""Answers in one commit."""
APART, ENOUGH = 0.02, 32
"""Seconds from one commit to the next, unless so many answers wait for it; nobody waits longer for company."""
_TURNS = 2
"""Turns of the event loop in which nobody comes, after which nobody is coming: a request takes two to be read."""


class _Waiting(NamedTuple):
    cycle: str
    one: Taking
    receipt: asyncio.Future[Receipt]


class Gathering:
    """Where answers wait for the next commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Waiting] = []
        self._working: asyncio.Task[None] | None = None
        self._last = 0.0

    async def take(self, cycle: str, one: Taking) -> Receipt:
        """Keeps one answer with what belongs to it; it is acknowledged when this comes back.

        Raises:
            NoSuchCycle, CycleIsOver, CommandIdReused, CommandTooLarge: this one was not taken; others are not touched.
            StoreFault: the record cannot be used.
        """
        receipt: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(cycle, one, receipt))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await receipt

    async def _work(self) -> None:
        while self._waiting:
            await self._more()
            by_cycle: dict[str, list[_Waiting]] = {}
            for waits in self._waiting:
                by_cycle.setdefault(waits.cycle, []).append(waits)
            self._waiting = []
            for cycle, all_of_it in by_cycle.items():
                for now in chunks(all_of_it, AT_ONCE):
                    await self._commit(cycle, now)
            self._last = time.monotonic()

    async def _more(self) -> None:
        """Waits for those who are coming, until enough are here; never for long, however many come."""
        latest, apart = time.monotonic() + APART, self._last + APART
        seen, still = 0, 0
        while len(self._waiting) < ENOUGH and (now := time.monotonic()) < latest:
            seen, still = len(self._waiting), still + 1 if len(self._waiting) == seen else 0
            if still < _TURNS:
                await asyncio.sleep(0)
            elif now < apart:
                await asyncio.sleep(min(apart - now, APART / 4))
                still = 0
            else:
                return

    async def _commit(self, cycle: str, now: Sequence[_Waiting]) -> None:
        """One commit; where one of them is refused, each by itself, so that none spoils the others."""
        try:
            found = await kept(self._store.take_all, cycle, [waits.one for waits in now])
        except Exception as why:  # noqa: BLE001 - whoever waits must hear of it, whatever it was
            if len(now) == 1 or isinstance(why, StoreLocked | StoreUnreachable):
                return _failed(now, why)
            for waits in now:
                await self._commit(cycle, [waits])
            return None
        for waits, receipt in zip(now, found, strict=True):
            if not waits.receipt.done():
                waits.receipt.set_result(receipt)
        return None


def _failed(now: Sequence[_Waiting], why: Exception) -> None:
    for waits in now:
        if not waits.receipt.done():
            waits.receipt.set_exception(why)
