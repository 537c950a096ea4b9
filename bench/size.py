"""What the issue's cycle leaves in the history: twenty people, four approvals, three visits with one fallback.

A whole year on the server that skips time, with the real record: answers in bursts, and each alone. The floor: a
hand-written workflow that makes the same calls as ours in bursts, one activity for each burst.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta
from uuid import uuid4

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from bench import calls
from bench.crowd import opened
from bench.figures import Line, Progress
from bench.ground import folder, skipping_server
from bench.throughput import FLOOR, paired
from store.store import Store
from tests.workflows.stage import Players, Stage, enter, worker

A_YEAR = timedelta(days=300)


async def measure(progress: Progress) -> list[Line]:
    """Events and bytes, both ways of answering."""
    with folder() as data:
        store = opened(data)
        async with skipping_server() as environment:
            progress("a year with answers in bursts")
            events, size = calls.weight(await year(environment, store, each_alone=False))
            progress("a year with each answer alone")
            alone, alone_size = calls.weight(await year(environment, store, each_alone=True))
        store.close()
    progress("the floor")
    async with AsyncExitStack() as stack:
        low, low_size = calls.weight((await paired(stack, stack.enter_context(folder()))).floor_history)
    return [
        Line("answers in bursts", [events], [low], "events", 300, floor_is=FLOOR),
        Line("size of it", [size / 1000], [low_size / 1000], "kB", 80, floor_is=FLOOR),
        Line("each answer alone", [alone], unit="events", goal=900),
        Line("size of that", [alone_size / 1000], unit="kB"),
    ]


async def year(environment: WorkflowEnvironment, store: Store, *, each_alone: bool) -> WorkflowHistory:
    """One whole year; fails where it was not the one to be measured."""
    queue, now = str(uuid4()), environment.get_current_time
    plan = enter(store, await now(), A_YEAR, id=f"cycle-{uuid4()}")
    stage = Stage(store, environment.client, plan, now, environment.sleep, queue)
    async with worker(environment.client, store, queue):
        await stage.start(queue)
        cycle = await Players(stage, each_alone=each_alone).play()
        await stage.handle.result()
    given = len(cycle.survey("feedback").given)
    visited = [stay.stage for stay in cycle.bookings.values()]
    assert (len(cycle.participants()), given, visited) == (20, 20, ["visited"] * 3), "not the cycle to be measured"
    return await stage.handle.fetch_history()
