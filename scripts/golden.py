"""Keeps histories of cycles, so that every later version is tried on them: somebody has such cycles open.

    .venv/bin/python -m scripts.golden RELEASE      e.g. 0.1.0

plays the example's cycle on the time-skipping server three times — to its end, until registration is open, and until it
is cancelled — and writes for each, under ``tests/golden/``, the history, the journal, the state, what a run would carry
to the next, and the order of the workflow's commands.

Use it once for each release, and once more when a change to the order of commands has been made under a patch id. What
was kept is never overwritten. A test that fails on a kept history says that a change would break open cycles: mend the
change (a patch id, the state's rules version, an upcaster), not the history.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from exchange import record
from exchange.cancelling import Cancel
from store.store import open_store
from tests.workflows.conftest import A_YEAR, add_attributes, time_skipping
from tests.workflows.stage import Players, Stage, enter, worker
from workflows.carry import unpack

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
KINDS_OF_CYCLE = ("finished", "open", "cancelled")
NAMELESS = "worker"
"""What stands in a kept history in the place of processes and machines."""


def commands(history: WorkflowHistory) -> Iterator[str]:
    """The workflow's commands in their order, one line each."""
    for event in history.events:
        if line := _command(event):
            yield line


def _command(event: HistoryEvent) -> str:
    said, line = event.user_metadata.summary.data.decode(), ""
    match event.event_type:
        case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            line = f"activity {event.activity_task_scheduled_event_attributes.activity_type.name} {said}"
        case EventType.EVENT_TYPE_TIMER_STARTED:
            line = f"timer {said}"
        case EventType.EVENT_TYPE_TIMER_CANCELED:
            line = "timer cancelled"
        case EventType.EVENT_TYPE_MARKER_RECORDED:
            line = f"marker {event.marker_recorded_event_attributes.marker_name} {said}"
        case EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
            line = "attributes"
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            asked = event.workflow_execution_update_accepted_event_attributes.accepted_request
            line = f"update {asked.input.name}"
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
            line = "completed"
        case _:
            pass
    return line.rstrip()


def nameless(data: Any) -> Any:
    """The history without the names of processes and machines."""
    if isinstance(data, dict):
        return {key: NAMELESS if key == "identity" else nameless(value) for key, value in data.items()}
    return [nameless(item) for item in data] if isinstance(data, list) else data


async def play(stage: Stage, kind: str) -> None:
    """As far as that kind of cycle goes."""
    players = Players(stage)
    if kind == "finished":
        await players.play()
        await stage.handle.result()
        return
    await players.play(lambda cycle: cycle.desk("registration").confirmed == 20)
    if kind == "cancelled":
        coordinator = stage.plan.roles["coordinator"][0]
        await stage.tell(Cancel(at=await stage.now(), actor=coordinator, reason="t_funding"))
        await stage.handle.result()


async def settled(stage: Stage) -> tuple[dict[str, Any], WorkflowHistory]:
    """What a run would carry, and the history behind it, at a moment when the record has all of it and all is quiet."""
    while True:
        history = await stage.handle.fetch_history()
        carried: dict[str, Any] = await stage.handle.query("state")
        again, kept = await stage.handle.fetch_history(), stage.store.cycle(stage.plan.id).length
        if unpack(carried).cycle.position == kept and len(again.events) == len(history.events):
            return carried, history
        await stage.sleep(timedelta(minutes=1))


async def keep(env: WorkflowEnvironment, folder: Path, release: str, kind: str) -> None:
    """Plays one cycle and writes its five files."""
    store = open_store(f"sqlite:///{folder / kind}.db", domain="kierros.example")
    plan = enter(store, await env.get_current_time(), A_YEAR, id=f"cycle-{kind}")
    async with worker(env.client, store, kind):
        stage = Stage(store, env.client, plan, env.get_current_time, env.sleep, kind)
        await stage.start(kind)
        await play(stage, kind)
        carried, history = await settled(stage)
    journal = [record.events.pack(entry.event) for entry in store.journal(plan.id)]
    store.close()
    name = f"{release}-{kind}"
    _write(f"{name}.history.json", nameless(history.to_json_dict()))
    _write(f"{name}.journal.json", journal)
    _write(f"{name}.state.json", unpack(carried).cycle.model_dump(mode="json"))
    _write(f"{name}.carried.json", carried)
    (GOLDEN / f"{name}.commands.txt").write_text("\n".join(commands(history)) + "\n", "utf-8")


def _write(name: str, data: Any) -> None:
    (GOLDEN / name).write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


async def main(release: str) -> None:
    """Keeps all three, or none where that release has been kept."""
    if any(GOLDEN.glob(f"{release}-*")):
        sys.exit(f"{release} is kept already, and kept it stays: choose another name.")
    env = await time_skipping()
    async with env:
        await add_attributes(env)
        with tempfile.TemporaryDirectory() as folder:
            for kind in KINDS_OF_CYCLE:
                await asyncio.wait_for(keep(env, Path(folder), release, kind), timedelta(minutes=3).total_seconds())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(main(sys.argv[1]))
