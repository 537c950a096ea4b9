"""The postman: tells cycles of rows in their inbox and of erasures, and the post office of letters in the outbox.

Doors only write to the store; that is the acknowledgement. The postman looks there several times a second, and repeats
what got lost. Several postmen do no harm: rows are numbered, and word of nothing new costs a few events. It also starts
cycles whose start the engine did not hear of.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from runtime.log import logger
from runtime.settings import Settings
from store.faults import CycleNewer, StoreFault
from store.models import CycleRow
from store.store import Store
from workers.desk import start_cycle
from workflows import contract

ROUND = 0.1
"""Seconds between two looks: an answer waits half of it on average."""
OUTBOX_EVERY = 3
"""Rounds between two looks into the outbox; letters are in less of a hurry."""
ERASED_EVERY = 20
"""Rounds between two looks for cycles that have not heard yet that somebody was erased."""
STARTS_EVERY = 10
"""Rounds between two looks for cycles that still have to be started."""
AGAIN = 5.0
"""Seconds after which the same rows are announced again if nobody has decided them; twice as long each time."""
SELDOM = 1_800.0
"""At most so many seconds: a cycle that cannot go on must not drown in word of its post."""
BRISK = timedelta(seconds=5)


class Postman:
    """One postman per worker process."""

    def __init__(self, client: Client, settings: Settings, store: Store) -> None:
        self._client, self._settings, self._store = client, settings, store
        self._announced: dict[str, tuple[int, float, float]] = {}
        self._office_told = 0.0
        self._log = logger()

    async def run(self) -> None:
        """Walks until cancelled. Trouble with store or engine is logged once and walked around."""
        trouble = ""
        for number in itertools.count():
            try:
                await self.round(number)
                trouble = ""
            except (StoreFault, RPCError, RuntimeError) as error:
                if trouble != type(error).__name__:
                    trouble = type(error).__name__
                    self._log.warning("postman waits", error=trouble)
                await asyncio.sleep(1)
            await asyncio.sleep(ROUND)

    async def round(self, number: int) -> None:
        """One look into the store, off the event loop, and what follows from it."""
        for cycle, newest in await asyncio.to_thread(self._store.undecided):
            await self._announce(cycle, newest)
        if number % ERASED_EVERY == 0:
            for cycle in await asyncio.to_thread(self._store.untold):
                await self._tell(cycle, contract.GONE)
        if number % OUTBOX_EVERY == 0:
            due = await asyncio.to_thread(self._store.next_delivery_at)
            if due is not None and due <= datetime.now(UTC) and time.monotonic() - self._office_told > 1.0:
                await self._tell_office()
        if number % STARTS_EVERY == 0:
            for row in await asyncio.to_thread(self._pending):
                await self._start(row)

    def _pending(self) -> list[CycleRow]:
        return [row for row in self._store.cycles() if row.engine == "pending" and row.open]

    async def _start(self, row: CycleRow) -> None:
        if not row.length:  # one that has events has begun, and only nobody said so
            try:
                plan = await asyncio.to_thread(self._store.first_plan, row.id)
            except CycleNewer:
                return  # a newer release has put it into the record, and begins it
            await start_cycle(self._client, plan, self._settings.task_queue, row.rules)
        await asyncio.to_thread(self._store.engine_started, row.id)
        self._log.info("cycle started", cycle=row.id)

    async def _announce(self, cycle: str, newest: int) -> None:
        told, when, pause = self._announced.get(cycle, (0, 0.0, AGAIN))
        if newest <= told and time.monotonic() - when < pause:
            return
        pause = AGAIN if newest > told else min(SELDOM, 2 * pause)
        self._announced[cycle] = (newest, time.monotonic(), pause)
        await self._tell(cycle)

    async def _tell(self, cycle: str, *what: str) -> None:
        try:
            await self._client.get_workflow_handle(cycle).signal(contract.POST, args=what, rpc_timeout=BRISK)
        except RPCError as error:
            if error.status == RPCStatusCode.UNAVAILABLE:
                raise
            # one cycle's trouble keeps no other waiting; it is told again after a while
            self._log.warning("answers wait for a cycle that cannot be told", cycle=cycle, status=error.status.name)

    async def _tell_office(self) -> None:
        self._office_told = time.monotonic()
        await self._client.start_workflow(
            contract.POST_OFFICE,
            id=contract.POST_OFFICE_ID,
            task_queue=self._settings.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            start_signal=contract.POST,
            static_summary="Sends the letters of every cycle",
            rpc_timeout=BRISK,
        )
