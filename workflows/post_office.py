"""The post office: sends every cycle's letters, one round after another, on a task queue of its own.

It waits for word that the outbox holds letters, or for the hour of the next one (tries after a failure, quiet hours).
It never ends; it continues as new. What it knows is all in the outbox, so nothing is lost with a run of it (ADR 0006).
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities import names
    from workflows import contract
    from workflows.contract import Delivery

ROUND = timedelta(minutes=10)
"""A round may take this long; a longer outbox makes another round."""
HEARTBEAT = timedelta(seconds=10)
"""A round that says nothing for so long is taken over by another worker; it speaks every two seconds, also while a mail
server hangs."""
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=15))
ROUNDS = 200
"""Rounds until the next run."""
LONGEST = timedelta(hours=1)
"""It looks into the outbox at least so often, word or no word."""


@workflow.defn(name=contract.POST_OFFICE)
class PostOfficeWorkflow:
    """Letters, as long as there are any."""

    def __init__(self) -> None:
        self._post = True

    @workflow.run
    async def run(self) -> None:
        for _ in range(ROUNDS):
            self._post = False
            done = await workflow.execute_activity(
                names.DELIVER_LETTERS,
                result_type=Delivery,
                task_queue=f"{workflow.info().task_queue}-letters",
                start_to_close_timeout=ROUND,
                heartbeat_timeout=HEARTBEAT,
                retry_policy=PATIENT,
            )
            pause = LONGEST if done.next_in is None else min(LONGEST, timedelta(seconds=max(0.0, done.next_in)))
            try:
                await workflow.wait_condition(lambda: self._post, timeout=pause, timeout_summary="next letter")
            except TimeoutError:
                continue
        workflow.continue_as_new()

    @workflow.signal(name=contract.POST)
    def post(self) -> None:
        """Word that the outbox holds new letters."""
        self._post = True
