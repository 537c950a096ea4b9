"""Starting a cycle's workflow again from its record, and saying what is missing.

The record is read and given to a new writer first, in one transaction: from then on nothing that an older workflow
still sends is kept. If the start itself fails, the same can be done again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError

from exchange.record import Record
from store.models import Recovered
from store.recovering import ANSWER
from store.store import Store
from workers.desk import launch
from workers.lookout import Found, look
from workflows import carry
from workflows.chores import RECORDING
from workflows.contract import CycleStart
from workflows.ledger import REMEMBERED, Ledger


@dataclass(frozen=True)
class Missing:
    """What the engine had and the record has not."""

    first: int = 0
    last: int = 0
    """Positions in the journal; 0 where nothing is known to be missing."""
    events: dict[str, int] = field(default_factory=dict)
    """Kind to count, as far as Temporal's history tells them; quiet ones it does not."""
    decisions: int = 0
    """How many decisions of staff are among them."""
    answers: int = 0
    """How many answers of people are among them."""


@dataclass(frozen=True)
class Recovery:
    """What was found of a cycle, and what it goes on from."""

    cycle: str
    found: str
    """What was the matter, as a sentence; empty where nothing was."""
    done: bool
    """Whether its workflow was started again."""
    needed: bool
    events: int
    recorded_at: datetime | None
    waiting: int
    """Answers that wait in the inbox, and are decided now."""
    letters: dict[str, int]
    """State of letters that have not left to their count."""
    missing: Missing
    set_back: int = 0
    """How many events the record had and the engine no longer."""


async def recover(client: Client, store: Store, cycle: str, queue: str, *, really: bool, anyway: bool) -> Recovery:
    """Starts the workflow again from the record, where that is needed.

    Args:
        client: of the engine.
        store: the record.
        cycle: its id; it must not be over.
        queue: the task queue of cycles.
        really: False only looks.
        anyway: also where the workflow runs and does not answer, or fits.

    Raises:
        NoSuchCycle, NothingToRecover, JournalBroken: there is nothing to go on from; nothing was changed.
        RPCError: the engine does not answer.
    """
    here = await asyncio.to_thread(store.recovered, cycle)
    found = await look(client, store, cycle)
    needed = found.lost or anyway
    missing = await _missing(client, found, here) if needed else Missing()
    if needed and really:
        here = await asyncio.to_thread(store.recover, cycle)
        await _start(client, here, queue)
        await asyncio.to_thread(store.engine_started, cycle)
    stood = found.engine.position if found.engine else here.state.position
    return Recovery(
        cycle=cycle,
        found=found.said,
        done=needed and really,
        needed=needed,
        events=here.state.position,
        recorded_at=here.recorded_at,
        waiting=here.waiting,
        letters={
            state: here.letters[state] for state in ("held", "queued", "sending", "overdue") if state in here.letters
        },
        missing=missing,
        set_back=max(0, here.state.position - stood),
    )


def carried(here: Recovered) -> dict[str, Any]:
    """What the record knows, as a workflow carries it."""
    taken = dict(list(here.taken.items())[-REMEMBERED:])
    return carry.pack(Ledger(here.state, decided_to=here.decided_to, taken=taken, writer=here.writer, needs=here.needs))


async def _start(client: Client, here: Recovered, queue: str) -> None:
    start = CycleStart(carried=carried(here), post=here.waiting > 0)
    again, instead = WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.TERMINATE_EXISTING
    await launch(client, here.state.plan, start, queue, id_reuse_policy=again, id_conflict_policy=instead)


async def _missing(client: Client, found: Found, here: Recovered) -> Missing:
    """The events that the last workflow knew behind the end of the journal."""
    kept = here.state.position
    told = await _told(client, found, kept)
    last = max(found.engine.recorded if found.engine else 0, *told, 0)
    if last <= kept:
        return Missing()
    causes = {str(event.get("cause") or "") for event in told.values()} - {""}
    answers = sum(bool(ANSWER.fullmatch(cause)) for cause in causes)
    kinds = Counter(str(event["kind"]) for event in told.values())
    return Missing(kept + 1, last, dict(kinds), len(causes) - answers, answers)


async def _told(client: Client, found: Found, kept: int) -> dict[int, dict[str, Any]]:
    """Position to event, from what the last run asked to be recorded behind position ``kept``."""
    if found.state == "gone":
        return {}
    told: dict[int, dict[str, Any]] = {}
    try:
        async for event in client.get_workflow_handle(found.cycle).fetch_history_events():
            asked = event.activity_task_scheduled_event_attributes
            if asked.activity_type.name in RECORDING:
                (record,) = await client.data_converter.decode(list(asked.input.payloads), [Record])
                told |= dict(enumerate(record.events, record.after + 1))
    except (RPCError, ValueError):
        return {}
    return {position: event for position, event in told.items() if position > kept}
