"""The sexton: brings pending erasures to their end, and repeats those that a restored backup has undone.

An erasure is done when nothing is left in the tables, the files of the database, the mailbox folder and the reports.
What kept it from that (a reader who held the database, a file that could not be removed) is tried again until it works,
by any worker: the record knows what is pending. Several sextons do no harm.
"""

from __future__ import annotations

import asyncio

from runtime.log import logger
from runtime.settings import Settings
from store.faults import StoreFault
from store.store import Store
from workers.erasing import finish, repeat

ROUND = 3.0
"""Seconds between two looks for what is pending."""
SELDOM = 60.0
"""At most so many seconds until the next try, where nothing came of the last ones."""
REPEAT_EVERY = 200
"""Looks between two comparisons of the record with the list of erasures."""


class Sexton:
    """One for each worker process that serves cycles."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._log = logger()

    async def run(self) -> None:
        """Walks until cancelled. Trouble with the store is walked around."""
        pause, number = ROUND, 0
        while True:
            try:
                pending = await self.round(repeating=number % REPEAT_EVERY == 0)
                pause = min(SELDOM, 2 * pause) if pending else ROUND
            except (StoreFault, OSError) as error:
                self._log.debug("sexton waits", error=type(error).__name__)
            number += 1
            await asyncio.sleep(pause)

    async def round(self, *, repeating: bool = False) -> int:
        """One look; gives back how many erasures are pending after it."""
        if repeating and (again := await asyncio.to_thread(repeat, self._settings, self._store)):
            self._log.warning("erased again after a restore", people=len(again))
        waiting = await asyncio.to_thread(lambda: self._store.erasures(pending_only=True))
        if not waiting:
            return 0
        done = await asyncio.to_thread(finish, self._settings, self._store, waiting)
        return sum(one.done_at is None for one in done)
