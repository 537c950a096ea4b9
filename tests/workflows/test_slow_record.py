"""A record that is away for a while: the cycle waits for it, and another worker can read again what then happened."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from runtime.engine import CONVERTER
from tests.workflows.conftest import Enter
from tests.workflows.stage import Stage
from workers.sandbox import strict_runner
from workflows import contract
from workflows.cycle import CycleWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def looked_in_vain(stage: Stage) -> WorkflowHistory:
    """The history, once a quick look into the record has taken too long and was given up."""
    for _ in range(600):
        history = await stage.handle.fetch_history()
        if any(event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED for event in history.events[-12:]):
            kept = [event for event in history.events if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED]
            if kept[-1].marker_recorded_event_attributes.HasField("failure"):
                return history
        await asyncio.sleep(0.1)
    raise AssertionError("no quick look into the record was given up")


async def test_a_history_in_which_the_record_was_locked_is_read_again_to_the_same_end(
    stages: Enter, tmp_path: Path
) -> None:
    stage = await stages()
    await stage.wait(lambda _: stage.open_prompt())
    with closing(sqlite3.connect(tmp_path / "kierros.db", isolation_level=None, timeout=30)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        await stage.handle.signal(contract.POST)
        history = await looked_in_vain(stage)
        lock.execute("ROLLBACK")
    told = [event.marker_recorded_event_attributes.failure for event in history.events]
    assert any(failure.HasField("timeout_failure_info") for failure in told)
    replayer = Replayer(workflows=[CycleWorkflow], data_converter=CONVERTER, workflow_runner=strict_runner())
    await replayer.replay_workflow(history)
    prompt = stage.open_prompt()
    assert prompt is not None
    await stage.approve(prompt)
    await stage.wait(lambda cycle: cycle.guests("invitations").stage == "sent")
