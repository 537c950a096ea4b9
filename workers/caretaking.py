"""Sees to it that Temporal has the schedule by which people's data is kept no longer than the plans say."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)
from temporalio.service import RPCError

from runtime.log import logger
from runtime.settings import Settings
from workflows import contract

EVERY = timedelta(hours=6)
"""Often enough for a computer that is off at night; what is missed in an absence is made up for by one look."""
AGAIN = 5.0
"""Seconds until the next try, where the engine did not answer."""


async def keep_schedule(client: Client, settings: Settings) -> None:
    """Makes the schedule where there is none, and has it look at once. Several workers make one."""
    look = ScheduleActionStartWorkflow(
        contract.CARETAKER,
        id=contract.CARETAKER_ID,
        task_queue=settings.task_queue,
        static_summary="Keeps data in time",
    )
    policy = SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP)
    schedule = Schedule(look, spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=EVERY)]), policy=policy)
    while True:
        try:
            await client.create_schedule(contract.CARETAKER_ID, schedule, trigger_immediately=True)
        except ScheduleAlreadyRunningError:
            return
        except RPCError as error:
            logger().debug("schedule waits", error=error.status.name)
            await asyncio.sleep(AGAIN)
        else:
            return
