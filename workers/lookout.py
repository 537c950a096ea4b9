"""Whether a cycle's workflow is there and fits its record: after a terminate, a reset, a restore, a lost Temporal.

The record is the truth. A workflow fits it when it bears the record's token, knows no more events than are kept or
about to be, and no fewer.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from exchange.base import WAITS_FOR
from exchange.record import Whereabouts
from store.faults import span
from store.models import CycleRow
from store.store import Store
from workflows import contract

BRISK = timedelta(seconds=5)
TRIES = 4
"""How often a workflow that seems not to fit is asked again: it may be writing just now."""
PAUSE = 0.3
LONGEST = 300
"""So many characters of what a worker says are shown."""

_AWAY = {RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}


@dataclass(frozen=True)
class Found:
    """What was found of a cycle's workflow."""

    cycle: str
    state: Literal["fits", "gone", "closed", "astray", "silent", "stuck", "newer"]
    """``gone``: Temporal knows of none. ``closed``: it has ended before its cycle. ``astray``: it runs, but does not
    fit the record. ``silent``: it runs, but no worker answers for it. ``stuck``: the worker that answers cannot follow
    its history. ``newer``: likewise, until a newer release is there."""
    said: str = ""
    """The same as a sentence; empty where it fits."""
    run: str = ""
    """The id of its newest run."""
    engine: Whereabouts | None = None
    """How far the workflow itself is, where it could be asked."""

    @property
    def lost(self) -> bool:
        """Whether nothing carries it on, and it can be started again from the record."""
        return self.state in {"gone", "closed", "astray", "stuck"}


async def look(client: Client, store: Store, cycle: str, *, known_run: str = "", ask: bool = True) -> Found:
    """Looks after one cycle that runs by its record.

    Args:
        client: of the engine.
        store: the record.
        cycle: its id.
        known_run: a run that was found to fit before is not asked again.
        ask: whether the workflow itself is asked, which needs a worker.

    Raises:
        RPCError: the engine does not answer.
    """
    handle = client.get_workflow_handle(cycle)
    try:
        described = await handle.describe(rpc_timeout=BRISK)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return Found(cycle, "gone", "Temporal knows no workflow of it.")
    run, status = described.run_id or "", described.status
    if status != WorkflowExecutionStatus.RUNNING:
        said = await _ending(client, cycle, status)
        return Found(cycle, "closed", said, run, (await _whereabouts(client, cycle))[0] if ask else None)
    if not ask or run == known_run:
        return Found(cycle, "fits", run=run)
    return await _compared(client, store, cycle, run)


async def _ending(client: Client, cycle: str, status: WorkflowExecutionStatus | None) -> str:
    """How a workflow ended that should still run."""
    if status == WorkflowExecutionStatus.FAILED:
        try:
            await client.get_workflow_handle(cycle).result(rpc_timeout=BRISK)
        except WorkflowFailureError as failed:
            return f"Its workflow stopped: {getattr(failed.cause, 'message', failed.cause)}"
    word = status.name.lower().replace("_", " ") if status else "closed"
    return f"Its workflow is {word} in Temporal, and the cycle is not over."


async def _compared(client: Client, store: Store, cycle: str, run: str) -> Found:
    for _ in range(TRIES):
        before = await asyncio.to_thread(store.cycle, cycle)
        engine, fault = await _whereabouts(client, cycle)
        row = await asyncio.to_thread(store.cycle, cycle)
        if engine is None and (not fault or WAITS_FOR in fault):
            said = f"Its workflow waits. {fault}" if fault else "Its workflow runs, but no worker answers for it."
            return Found(cycle, "newer" if fault else "silent", said, run)
        if engine is None:
            said = f"No worker can follow its workflow, which a newer release may have carried on. {fault}"
            await asyncio.sleep(PAUSE)
            continue
        if not row.open or not (said := misfit(row, engine)):
            return Found(cycle, "fits", run=run, engine=engine)
        if row == before:  # nobody wrote meanwhile
            await asyncio.sleep(PAUSE)
    return Found(cycle, "astray" if engine else "stuck", said, run, engine)


async def _whereabouts(client: Client, cycle: str) -> tuple[Whereabouts | None, str]:
    """How far the workflow is; None where nobody can tell, with what kept a worker from telling."""
    try:
        found: Whereabouts = await client.get_workflow_handle(cycle).query(
            contract.WHEREABOUTS, result_type=Whereabouts, rpc_timeout=BRISK
        )
    except WorkflowQueryFailedError as why:
        return None, str(why).partition("\n")[0][:LONGEST]
    except RPCError:
        return None, ""
    return found, ""


def misfit(row: CycleRow, engine: Whereabouts) -> str:
    """Why the workflow does not fit the record; empty where it does."""
    if engine.writer != row.writer:
        return "Another workflow was started from its record, or the record was restored from before that."
    if engine.recorded > row.length:
        return f"The record lacks {span(row.length + 1, engine.recorded)}, which the engine had."
    if engine.position < row.length:
        return f"Its workflow was set back to event {engine.position}; the record has {row.length}."
    if not engine.outcomes_to <= row.decided_to <= engine.decided_to:
        return f"Its workflow has decided answers up to {engine.decided_to}, the record up to {row.decided_to}."
    return ""


async def look_round(client: Client, store: Store, *, ask: bool = True) -> list[Found]:
    """What is found of every open cycle that has begun.

    Raises:
        RPCError: the engine does not answer.
    """
    rows = [row for row in await asyncio.to_thread(store.cycles) if row.open and row.engine != "pending"]
    return await asyncio.gather(*(look(client, store, row.id, ask=ask) for row in rows))


async def lost(client: Client, store: Store, *, ask: bool = True) -> list[Found]:
    """The cycles that run by their record, and which nothing carries on.

    Raises:
        RPCError: the engine does not answer.
    """
    return [found for found in await look_round(client, store, ask=ask) if found.lost]
