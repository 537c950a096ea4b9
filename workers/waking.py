"""Word to a cycle that post has come, from the door that took it.

The postman looks into the inbox several times a second and would tell the cycle by himself; this is only sooner. So
nothing here may fail or delay an answer: where no engine is reached, nothing is said, and it is not asked again for a
while.
"""

from __future__ import annotations

import asyncio
import time
from importlib import import_module
from typing import TYPE_CHECKING

from runtime.log import logger
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

WITHIN = 5.0
"""Seconds in which a connection must stand."""
REST = 5.0
"""Seconds until a connection is tried again after one that failed."""
APART = 0.1
"""Seconds between two words to the same cycle: in a rush one word is for all who came meanwhile, which spares the
engine and the cycle most of their work. Where nobody came just before, nobody waits."""

LOOKS = 0.01
"""Seconds between two looks whether a cycle's turn has come again."""


class Waker:
    """One for each process that takes answers. Belongs to one event loop.

    Args:
        settings: where the engine is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._wanted: dict[str, None] = {}
        self._told: dict[str, float] = {}
        """When each was told last."""
        self._round: asyncio.Task[None] | None = None
        self._client: Client | None = None
        self._not_before = 0.0
        self._log = logger()

    def tell(self, cycle: str) -> None:
        """Has the cycle told, and returns at once; word that has not left yet is for all that has come till then.

        From a thread, where no event loop runs, nothing is said: the postman looks in a moment.
        """
        if time.monotonic() < self._not_before or (loop := _loop()) is None:
            return
        self._wanted[cycle] = None
        if self._round is None or self._round.done():
            self._round = loop.create_task(self._tell_all())

    async def _tell_all(self) -> None:
        try:
            # the engine's library is heavy: loading it must not stand in the way of other requests
            telling = await asyncio.to_thread(import_module, "workers.telling")
            while self._wanted:
                if self._client is None:
                    self._client = await asyncio.wait_for(telling.connected(self._settings), WITHIN)
                for cycle in self._due():
                    del self._wanted[cycle]
                    await telling.tell(self._client, cycle)
                    self._told[cycle] = time.monotonic()
                await asyncio.sleep(LOOKS if self._wanted else 0)
        except Exception as error:  # noqa: BLE001 - whatever the engine does, it is no business of the reader
            self._wanted, self._client, self._not_before = {}, None, time.monotonic() + REST
            self._log.info("cycles are told by the postman alone", error=type(error).__name__)

    def _due(self) -> list[str]:
        """Those that wait for a word and had none just before."""
        latest = time.monotonic() - APART
        return [cycle for cycle in self._wanted if self._told.get(cycle, latest) <= latest]


def _loop() -> asyncio.AbstractEventLoop | None:
    """The event loop that runs here, if one does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
