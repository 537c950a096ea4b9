"""Waiting for decisions, however many readers wait: one look at a cycle serves all that wait for it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from portal.threads import asked
from runtime.log import logger
from store.models import Outcome
from store.store import Store

_Reader = tuple[int, asyncio.Future[Outcome | None]]

EVERY = 0.04
"""Seconds between two looks at a cycle for which somebody waits; a decision takes about a tenth of a second."""


class Waiting:
    """Belongs to one event loop.

    Args:
        store: the record, where decisions are read.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._readers: dict[str, list[_Reader]] = defaultdict(list)
        self._looks: dict[str, asyncio.Task[None]] = {}

    async def decided(self, cycle: str, number: int, patience: float) -> Outcome | None:
        """What was decided on the inbox row of that number within so many seconds; None where nothing was.

        None at once in a cycle that is interrupted: nothing is decided in it meanwhile.
        """
        waits: asyncio.Future[Outcome | None] = asyncio.get_running_loop().create_future()
        self._readers[cycle].append((number, waits))
        look = self._looks.get(cycle)
        if look is None or look.done():
            self._looks[cycle] = asyncio.create_task(self._look(cycle))
        try:
            return await asyncio.wait_for(waits, patience)
        except TimeoutError:
            return None

    async def _look(self, cycle: str) -> None:
        try:
            while readers := self._still_waiting(cycle):
                suspended, found = await asked(self._decided, cycle, [number for number, _ in readers])
                for number, waits in readers:
                    if not waits.done() and (number in found or suspended):
                        waits.set_result(found.get(number))
                await asyncio.sleep(EVERY)
        except Exception as error:  # noqa: BLE001 - the answer is kept; a letter tells what became of it
            logger().warning("portal cannot see decisions", error=type(error).__name__)
            for _, waits in self._readers.pop(cycle, []):
                if not waits.done():
                    waits.set_result(None)

    def _decided(self, cycle: str, numbers: Sequence[int]) -> tuple[bool, dict[int, Outcome]]:
        """Whether the cycle is interrupted, and what has been decided on those rows so far."""
        with self._store.together():
            row = self._store.cycle(cycle)
            now = [number for number in numbers if number <= row.decided_to]
            return row.phase == "suspended", self._store.outcomes(cycle, now) if now else {}

    def _still_waiting(self, cycle: str) -> list[_Reader]:
        left = [reader for reader in self._readers.pop(cycle, []) if not reader[1].done()]
        if left:
            self._readers[cycle] = left
        return left
