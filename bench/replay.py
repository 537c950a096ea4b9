"""A worker that has lost a cycle from memory reads its history again: the year of twenty people, from the beginning.

The floor: the history of a hand-written workflow that makes the same calls, about half as long.
"""

from __future__ import annotations

from contextlib import AsyncExitStack

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from bench.crowd import opened
from bench.figures import Line, Progress, watch
from bench.floor import FloorWorkflow
from bench.ground import folder, skipping_server
from bench.size import year
from bench.throughput import FLOOR, paired
from runtime.engine import CONVERTER
from workers.sandbox import runner
from workflows.cycle import CycleWorkflow

TIMES = 7


async def measure(progress: Progress, *, times: int = TIMES) -> list[Line]:
    """One line, in milliseconds."""
    progress("a year with answers in bursts")
    with folder() as data:
        store = opened(data)
        async with skipping_server() as environment:
            ours = await year(environment, store, each_alone=False)
        store.close()
    progress("the floor")
    async with AsyncExitStack() as stack:
        floor = (await paired(stack, stack.enter_context(folder()))).floor_history
    spent: dict[str, list[float]] = {"ours": [], "floor": []}
    for turn in range(times):  # in turns, so that both meet the same machine
        progress(f"replay {turn + 1} of {times}")
        spent["ours"].append(await replayed(ours))
        spent["floor"].append(await replayed(floor))
    return [Line("replay of a year", spent["ours"], spent["floor"], "ms", 150, floor_is=FLOOR)]


async def replayed(history: WorkflowHistory) -> float:
    """Milliseconds for one replay, the replayer being there."""
    workflows = [CycleWorkflow, FloorWorkflow]
    replayer = Replayer(workflows=workflows, data_converter=CONVERTER, workflow_runner=runner())
    with watch() as passed:
        await replayer.replay_workflow(history)
    return 1000 * passed.seconds
