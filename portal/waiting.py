"""Waiting for decisions, however many readers wait: one look at a cycle serves all that wait for it."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from starlette.concurrency import run_in_threadpool

from runtime.log import logger
from store.store import Store

EVERY = 0.04
"""Seconds between two looks at a cycle for which somebody waits; a decision takes about a tenth of a second."""


class Waiting:
    """Belongs to one event loop.

    Args:
        store: the record, where decisions are read.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._readers: dict[str, list[tuple[int, asyncio.Future[bool]]]] = defaultdict(list)
        self._looks: dict[str, asyncio.Task[None]] = {}

    async def decided(self, cycle: str, number: int, patience: float) -> bool:
        """Whether the inbox row of that number was decided within so many seconds.

        False at once in a cycle that is interrupted: nothing is decided in it meanwhile.
        """
        waits: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._readers[cycle].append((number, waits))
        look = self._looks.get(cycle)
        if look is None or look.done():
            self._looks[cycle] = asyncio.create_task(self._look(cycle))
        try:
            return await asyncio.wait_for(waits, patience)
        except TimeoutError:
            return False

    async def _look(self, cycle: str) -> None:
        try:
            while readers := self._still_waiting(cycle):
                row = await run_in_threadpool(self._store.cycle, cycle)
                for number, waits in readers:
                    if not waits.done() and (row.decided_to >= number or row.phase == "suspended"):
                        waits.set_result(row.decided_to >= number)
                await asyncio.sleep(EVERY)
        except Exception as error:  # noqa: BLE001 - the answer is kept; a letter tells what became of it
            logger().warning("portal cannot see decisions", error=type(error).__name__)
            for _, waits in self._readers.pop(cycle, []):
                if not waits.done():
                    waits.set_result(False)

    def _still_waiting(self, cycle: str) -> list[tuple[int, asyncio.Future[bool]]]:
        left = [reader for reader in self._readers.pop(cycle, []) if not reader[1].done()]
        if left:
            self._readers[cycle] = left
        return left
