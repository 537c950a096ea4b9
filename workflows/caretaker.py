"""The caretaker: one look a few times a day after data that is over its time, begun by a schedule of Temporal's.

A cycle that has ended has no workflow that could remember the day; the schedule outlives them all.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities import names
    from workflows import contract

PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
A_LOOK = timedelta(minutes=10)


@workflow.defn(name=contract.CARETAKER)
class CaretakerWorkflow:
    """One look. Tried until the record answers."""

    @workflow.run
    async def run(self) -> int:
        gone: int = await workflow.execute_activity(
            names.KEEP_IN_TIME,
            result_type=int,
            start_to_close_timeout=A_LOOK,
            retry_policy=PATIENT,
            summary="personal data over its time",
        )
        return gone
