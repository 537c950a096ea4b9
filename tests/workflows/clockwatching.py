"""A workflow that does what none may."""

from __future__ import annotations

import time

from temporalio import workflow


@workflow.defn
class ClockWatchingWorkflow:
    """Asks the computer what time it is."""

    @workflow.run
    async def run(self) -> float:
        return time.time()
