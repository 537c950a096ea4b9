"""After a death: how long until the next decision of staff is taken, over `kierros up` as people run it.

A decision is asked for at the moment of the kill, again and again under one id as a door does, until it is recorded.
The floor: a decision while nothing is wrong.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from bench.crowd import at_rest, entered, hand_over, opened
from bench.figures import Line, Progress, watch
from bench.ground import folder, joined, process
from exchange.noting import TakeNote
from store.store import Store
from workers.desk import tell

TIMES = 5
"""Deaths of each kind."""
SETTLED = 6.0
"""Seconds between two deaths, in which everything comes to rest and a child is there again."""
NOTICED = 0.1
"""Seconds from a death to the decision; they count."""


async def measure(progress: Progress, *, times: int = TIMES) -> list[Line]:
    """One line for each kind of death, in seconds."""
    with folder() as data:
        store = opened(data)
        async with stack(data) as client:
            cycle = entered(store, "cycle-recovery", 20).id
            await at_rest(store, cycle)
            floor = [await decided(client, store, cycle) for _ in range(times)]
            lines = []
            for fault in FAULTS:
                spent = []
                for turn in range(times):
                    await asyncio.sleep(SETTLED)
                    progress(f"{fault.what}, {turn + 1} of {times}")
                    victim = await fault.victim(client, data, cycle)
                    os.kill(victim, fault.sign)
                    await asyncio.sleep(NOTICED)
                    spent.append(NOTICED + await decided(client, store, cycle))
                    if fault.sign == signal.SIGSTOP:
                        os.kill(victim, signal.SIGCONT)
                floor_is = "a decision while nothing is wrong"
                lines.append(Line(f"{fault.what}: the next decision", spent, floor, "s", fault.goal, floor_is=floor_is))
        store.close()
    return lines


@asynccontextmanager
async def stack(data: Path) -> AsyncIterator[Client]:
    """`kierros up` over the folder, and a client of its engine."""
    command = [str(Path(sys.executable).with_name("kierros")), "up", "--data", str(data)]
    async with process(command, data / "up.log"):
        yield await joined(data)


async def decided(client: Client, store: Store, cycle: str) -> float:
    """Seconds until a note is in the record."""
    text = store.add_text(cycle, "Something to remember", "note")
    note = TakeNote(at=datetime.now(UTC), actor="s_kristina", note=text)
    with watch() as passed:
        await tell(client, hand_over(store), cycle, note, str(uuid4()))
    return passed.seconds


async def worker(client: Client, _data: Path, cycle: str) -> int:
    """The process of the worker that has the cycle at hand: the one that took its newest turn."""
    history = await client.get_workflow_handle(cycle).fetch_history()
    turns = [e for e in history.events if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED]
    return int(turns[-1].workflow_task_started_event_attributes.identity.partition("@")[0])


async def server(_client: Client, data: Path, _cycle: str) -> int:
    """The process of the engine."""
    return int((data / "server.pid").read_text())


@dataclass(frozen=True)
class Fault:
    """A death, or as good as one."""

    what: str
    goal: float
    """Seconds until the next decision, at most."""
    victim: Callable[[Client, Path, str], Awaitable[int]]
    sign: signal.Signals


FAULTS = (
    Fault("worker killed", 2.0, worker, signal.SIGKILL),
    Fault("worker frozen", 8.0, worker, signal.SIGSTOP),
    Fault("server killed", 3.0, server, signal.SIGKILL),
)
