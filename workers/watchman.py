"""The watchman: looks every minute whether each open cycle has a workflow that fits its record, and notes it there.

So `kierros`, which reads the record alone, can say that a cycle stands still. He mends nothing: what is missing is for
people to read, and `kierros recover` is theirs to say (ADR 0015).
"""

from __future__ import annotations

import asyncio

from temporalio.client import Client
from temporalio.service import RPCError

from runtime.log import logger
from store.faults import StoreFault
from store.models import CycleRow
from store.store import Store
from workers.lookout import look

EVERY = 60.0
"""Seconds between two rounds."""
SOON = 2.0
"""Seconds until the next one where store or engine did not answer."""


class Watchman:
    """One for each worker process that serves cycles."""

    def __init__(self, client: Client, store: Store) -> None:
        self._client, self._store = client, store
        self._fits: dict[str, str] = {}
        """Cycle to the run that was found to fit: only another one is asked again."""
        self._log = logger()

    async def run(self) -> None:
        """Walks until cancelled. Where store or engine are away, he soon looks again."""
        while True:
            try:
                await self.round()
                await asyncio.sleep(EVERY)
            except (StoreFault, RPCError, RuntimeError) as error:
                self._log.debug("watchman waits", error=type(error).__name__)
                await asyncio.sleep(SOON)

    async def round(self) -> None:
        """One look after every open cycle."""
        for row in await asyncio.to_thread(self._store.cycles):
            if row.open and row.engine != "pending":
                await self._look(row)

    async def _look(self, row: CycleRow) -> None:
        found = await look(self._client, self._store, row.id, known_run=self._fits.get(row.id, ""))
        if found.state == "fits":
            self._fits[row.id] = found.run
            if row.engine == "lost":
                await asyncio.to_thread(self._store.engine_started, row.id)
        elif found.lost and (await asyncio.to_thread(self._store.cycle, row.id)).open:
            # a cycle that is over by now has ended its workflow itself
            await asyncio.to_thread(self._store.engine_lost, row.id, row.writer)
            if row.engine != "lost":
                self._log.warning("cycle stands still", cycle=row.id, why=found.said)
