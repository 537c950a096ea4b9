"""One answer alone: from the commit of its inbox row until its decision is recorded, as a door would see it.

The embedded server, and the real worker with its postman. The floor: one update of an empty workflow there.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from temporalio.client import Client

from bench.crowd import answers, at_rest, entered, opened
from bench.figures import Line, Progress, watch
from bench.ground import cycles_worker, folder, server
from bench.players import served
from store.store import Store

TIMES = 50
PAUSE = 0.03
"""Seconds between two answers, so that each comes alone."""
LOOK = 0.002
"""Seconds between two looks for the outcome."""


async def measure(progress: Progress, *, times: int = TIMES) -> list[Line]:
    """One line, in milliseconds."""
    with folder() as data:
        store = opened(data)
        async with server(data) as client:
            async with cycles_worker(client, data):
                progress(f"{times} answers, each alone")
                ours = await _decided(store, times)
            progress(f"{times} updates of an empty workflow")
            floor = await _poked(client, data, times)
        store.close()
    floor_is = "an update of an empty workflow"
    return [Line("one answer, decided and recorded", ours, floor, "ms", 250, floor_is=floor_is)]


async def _decided(store: Store, times: int) -> list[float]:
    cycle = entered(store, "cycle-answers", 20).id
    await at_rest(store, cycle)
    spent = []
    for answer in answers(times):
        await asyncio.sleep(PAUSE)
        with watch() as passed:
            number = store.receive(cycle, [answer])[0].number
            async with asyncio.timeout(30):
                while (outcome := store.outcomes(cycle, [number])[number]).state == "received":  # noqa: ASYNC110 - a door looks
                    await asyncio.sleep(LOOK)
        assert outcome.state == "accepted"
        spent.append(1000 * passed.seconds)
    return spent


async def _poked(client: Client, data: Path, times: int) -> list[float]:
    spent = []
    async with served(client, data, "floor", "floor"):
        handle = await client.start_workflow("EmptyWorkflow", id="empty", task_queue="floor")
        await handle.execute_update("poke")
        for _ in range(times):
            await asyncio.sleep(PAUSE)
            with watch() as passed:
                await handle.execute_update("poke")
            spent.append(1000 * passed.seconds)
        await handle.signal("end")
    return spent
