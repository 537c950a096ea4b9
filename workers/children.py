"""Children of `kierros up`: kept running, started again after a crash, asked to leave in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

PAUSE, LONG_PAUSE = 0.2, 2.0
"""Seconds before a crashed child is started again; the longer one where it did not live for ``LIVED``."""
LIVED = 10.0


class Children:
    """The processes of one stack.

    Args:
        data: the data folder, where each has its log and its process id.
        log: a logger.
    """

    def __init__(self, data: Path, log: Any) -> None:
        self._data, self._log = data, log

    def pid_file(self, name: str) -> Path:
        return self._data / f"{name}.pid"

    async def keep(
        self, name: str, command: list[str], stop: asyncio.Event, env: dict[str, str] | None = None,
        files: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        """Runs one child, again after a crash, until it is to stop; it gets ``files`` (descriptors) with it."""
        environment = {**os.environ, **(env or {}), "KIERROS_DATA": str(self._data)}
        log_file = self._data / f"{name}.log"
        while not stop.is_set():
            since = time.monotonic()
            with log_file.open("ab") as log:
                child = await asyncio.create_subprocess_exec(
                    *command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment,
                    start_new_session=True,
                    pass_fds=files,
                )
                self.pid_file(name).write_text(str(child.pid))
                await first(child.wait(), stop.wait())
                if stop.is_set():
                    await _leave(child)
                    self.pid_file(name).unlink(missing_ok=True)
                    return
            self._log.warning("child ended and is started again", child=name, code=child.returncode, log=str(log_file))
            pause = PAUSE if time.monotonic() - since > LIVED else LONG_PAUSE
            await first(asyncio.sleep(pause), stop.wait())


async def first(*waits: Awaitable[object]) -> None:
    """Until one of them is done; the others are given up."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _leave(child: asyncio.subprocess.Process) -> None:
    """Asks a child to leave, and insists after ten seconds."""
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), 10)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
