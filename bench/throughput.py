"""Cycles per second and CPU seconds per cycle, ours and the floor's in turns on one server.

Thirty cycles at a time are driven to their end by signals and updates. Activities return at once on
both sides; each side has a worker process of its own, whose CPU seconds are counted. No date is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from temporalio.client import Client, WorkflowHistory

from bench import calls
from bench.figures import Line, Progress, watch
from bench.ground import folder, server
from bench.papers import Sizes
from bench.players import Players, Server, served
from bench.scenes import hurried_plan
from workers.desk import start_cycle

AT_ONCE = 30
PAIRS = 3
FLOOR = "a hand-written workflow that makes the same calls"

Start = Callable[[str], Awaitable[None]]


@dataclass
class Side:
    """Ours, or the floor."""

    client: Client
    server: Server
    start: Start
    per_second: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    async def cycle(self, cycle: str) -> WorkflowHistory:
        """One cycle from start to end; gives its history."""
        await self._one(cycle)
        return await self.client.get_workflow_handle(cycle).fetch_history()

    async def round(self, many: int) -> None:
        """Many at once; notes how fast they went and what they cost."""
        before = await self.server.cpu()
        with watch() as passed:
            await asyncio.gather(*(self._one(f"cycle-{uuid4()}") for _ in range(many)))
        self.cpu.append((await self.server.cpu() - before) / many)
        self.per_second.append(many / passed.seconds)

    async def _one(self, cycle: str) -> None:
        heard = self.server.listeners[cycle] = asyncio.Queue()
        await self.start(cycle)
        await asyncio.wait_for(Players(self.client, cycle, heard).play(), 120)
        del self.server.listeners[cycle]


@dataclass
class Pair:
    """Both sides on one server, and the calls that each makes."""

    ours: Side
    floor: Side
    our_history: WorkflowHistory
    floor_history: WorkflowHistory


async def paired(stack: AsyncExitStack, data: Path) -> Pair:
    """Server, workers and one cycle of each: the floor learns from ours how large its papers are."""
    client = await stack.enter_async_context(server(data))
    ours = Side(client, await stack.enter_async_context(served(client, data, "ours", "ours")), _start_ours(client))
    history = await ours.cycle("cycle-first")
    sizes = calls.sizes(history)
    low = await stack.enter_async_context(served(client, data, "floor", "floor"))
    floor = Side(client, low, _start_floor(client, sizes))
    return Pair(ours, floor, history, await floor.cycle("floor-first"))


def _start_ours(client: Client) -> Start:
    plan = hurried_plan("cycle", datetime.now(UTC))

    async def start(cycle: str) -> None:
        await start_cycle(client, plan.model_copy(update={"id": cycle}), "ours")

    return start


def _start_floor(client: Client, sizes: Sizes) -> Start:
    async def start(cycle: str) -> None:
        await client.start_workflow("FloorWorkflow", sizes, id=cycle, task_queue="floor", static_summary="The floor")

    return start


async def measure(progress: Progress, *, pairs: int = PAIRS, many: int = AT_ONCE) -> list[Line]:
    """Four lines: speed and CPU with their goals, and what lies in the histories."""
    async with AsyncExitStack() as stack:
        pair = await paired(stack, stack.enter_context(folder()))
        for side in (pair.ours, pair.floor):
            progress("warming up")
            await side.round(5)
            side.cpu.clear()
            side.per_second.clear()
        for number in range(pairs):
            for name, side in (("ours", pair.ours), ("the floor", pair.floor)):
                progress(f"pair {number + 1} of {pairs}: {many} cycles of {name}")
                await side.round(many)
    return lines(pair)


def lines(pair: Pair) -> list[Line]:
    """What came of it."""
    ours, floor = pair.ours, pair.floor
    events, size = calls.weight(pair.our_history)
    low_events, low_size = calls.weight(pair.floor_history)
    spent, low_spent = ([1000 * seconds for seconds in side.cpu] for side in (ours, floor))
    return [
        Line("cycles, thirty at once", ours.per_second, floor.per_second, "/s", 0.8, "ratio", True, FLOOR),
        Line("worker's CPU for a cycle", spent, low_spent, "ms", 1.5, "ratio", floor_is=FLOOR),
        Line("its history", [events], [low_events], "events", floor_is=FLOOR),
        Line("its history's size", [size / 1000], [low_size / 1000], "kB", floor_is=FLOOR),
    ]
