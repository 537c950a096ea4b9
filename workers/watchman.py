"""The watchman: looks every minute whether each open cycle has a workflow that fits its record, and notes it there.

He also writes down what was turned away at the cycles' doors in his process: whoever turns it away may not write.

So `kierros`, which reads the record alone, can say that a cycle stands still. He mends nothing: what is missing is for
people to read, and `kierros recover` is theirs to say (ADR 0015).
"""

from __future__ import annotations

import asyncio
import time

from temporalio.client import Client
from temporalio.service import RPCError

from runtime.log import logger
from store.faults import StoreFault
from store.models import CycleRow
from store.store import Store
from workers.lookout import look
from workers.proof import TurnedAway

EVERY = 60.0
"""Seconds between two rounds."""
OFTEN = 0.5
"""Seconds between two looks at what was turned away."""
SOON = 2.0
"""Seconds until the next one where store or engine did not answer."""


class Watchman:
    """One for each worker process that serves cycles."""

    def __init__(self, client: Client, store: Store, turned: TurnedAway) -> None:
        self._client, self._store, self._turned = client, store, turned
        self._fits: dict[str, str] = {}
        """Cycle to the run that was found to fit: only another one is asked again."""
        self._log = logger()

    async def run(self) -> None:
        """Walks until cancelled. Where store or engine are away, he soon looks again."""
        due = time.monotonic()
        while True:
            try:
                await self.write_down()
                if time.monotonic() >= due:
                    await self.round()
                    due = time.monotonic() + EVERY
                await asyncio.sleep(OFTEN)
            except (StoreFault, RPCError, RuntimeError) as error:
                self._log.debug("watchman waits", error=type(error).__name__)
                await asyncio.sleep(SOON)

    async def write_down(self) -> None:
        """What was turned away since he looked last goes into the log of the doors."""
        while (one := self._turned.first()) is not None:
            self._log.warning("decision without proof", cycle=one.cycle, update=one.update, why=one.why)
            detail = {"staff": one.actor, "cycle": one.cycle, "detail": f"{one.update}: {one.why}", "at": one.at}
            await asyncio.to_thread(self._store.note_security, "decision_refused", door="engine", **detail)  # type: ignore[arg-type]
            self._turned.written(one)

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
