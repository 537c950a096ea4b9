"""One worker process: connects, serves its queue, leaves in order when asked to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator

from temporalio.client import Client

from runtime.engine import connect, sdk_runtime
from runtime.log import configure, logger
from runtime.settings import Settings
from store.store import Store, open_store
from workers.caretaking import keep_schedule
from workers.parts import cycles_worker, letters_worker
from workers.postman import Postman
from workers.proof import TurnedAway
from workers.sexton import Sexton
from workers.watchman import Watchman

QUEUES = ("all", "cycles", "letters")


def run(settings: Settings, queue: str = "all") -> int:
    """Serves until SIGINT or SIGTERM.

    Args:
        settings: where record, engine and mail server are.
        queue: ``cycles``, ``letters``, or ``all`` for both in one process.

    Returns:
        The exit code.

    Raises:
        EngineUnreachable, StoreFault: it cannot begin.
    """
    configure(settings.log_level)
    return asyncio.run(serve(settings, queue))


async def serve(settings: Settings, queue: str, *, parent: int | None = None) -> int:
    """Serves until a signal comes, or until the process ``parent`` is gone."""
    store = open_store(settings.database_url, domain=settings.mail_domain)
    client = await connect(settings, runtime=sdk_runtime(heartbeat=True))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(serving(client, settings, store, queue))
        logger().info("worker serves", queue=queue, pid=os.getpid())
        if parent is not None:
            orphaned = asyncio.create_task(_until_orphaned(parent, stop))
            stack.callback(orphaned.cancel)
        await stop.wait()
        logger().info("worker leaves", queue=queue)
    store.close()
    return 0


@contextlib.asynccontextmanager
async def serving(client: Client, settings: Settings, store: Store, queue: str = "all") -> AsyncIterator[None]:
    """Everything that one worker process does, until the block is left."""
    async with contextlib.AsyncExitStack() as stack:
        if queue in {"all", "letters"}:
            await stack.enter_async_context(letters_worker(client, settings, store))
        if queue in {"all", "cycles"}:
            turned = TurnedAway()
            await stack.enter_async_context(cycles_worker(client, settings, store, turned))
            postman = asyncio.create_task(Postman(client, settings, store).run())
            stack.callback(postman.cancel)
            sexton = asyncio.create_task(Sexton(settings, store).run())
            stack.callback(sexton.cancel)
            schedule = asyncio.create_task(keep_schedule(client, settings))
            stack.callback(schedule.cancel)
            watchman = asyncio.create_task(Watchman(client, store, turned).run())
            stack.callback(watchman.cancel)
        yield


async def _until_orphaned(parent: int, stop: asyncio.Event) -> None:
    """A worker of `kierros up` does not outlive it, even where that was killed."""
    while os.getppid() == parent:  # noqa: ASYNC110 - no event tells that a parent has died
        await asyncio.sleep(1)
    stop.set()
