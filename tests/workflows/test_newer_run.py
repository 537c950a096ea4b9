"""What a worker does with what only a newer release knows: it says so, and leaves everything as it is."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.client import WorkflowExecutionStatus

from exchange.base import RULES
from exchange.essential import essential
from exchange.noting import TakeNote
from tests.workflows.conftest import Enter
from workers import desk
from workers.desk import RefusedByRule
from workflows.contract import CycleStart

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_decision_that_only_a_newer_release_knows_is_refused_by_a_sentence(stages: Enter) -> None:
    stage = await stages()
    await stage.wait(lambda cycle: cycle.prompts, days=5)
    before = stage.store.cycle(stage.plan.id).length
    note = TakeNote(at=await stage.now(), actor=stage.plan.starter, note="n_1")
    with pytest.raises(RefusedByRule, match=rf"\(TakeNote\) needs the rules of version {RULES + 1}") as refused:
        await stage.tell(note.model_copy(update={"needs": RULES + 1}))
    assert refused.value.name == "NewerRules"
    assert stage.store.cycle(stage.plan.id).length == before
    assert (await stage.tell(note)).position == before + 1


async def test_a_workflow_that_a_newer_release_began_waits_and_says_for_what(stages: Enter) -> None:
    stage = await stages(served=False)
    plan = stage.plan.model_copy(update={"id": f"{stage.plan.id}-newer"})
    await desk.launch(stage.client, plan, CycleStart(plan=essential(plan), rules=RULES + 1), stage.queue)
    await stage.serve()
    handle, failed = stage.client.get_workflow_handle(plan.id), []
    while not failed:
        events = (await handle.fetch_history()).events
        failed = [e for e in events if e.HasField("workflow_task_failed_event_attributes")]
        await asyncio.sleep(0.05)
    said = failed[0].workflow_task_failed_event_attributes.failure.message
    assert f"{plan.id} needs the rules of version {RULES + 1}" in said
    assert (await handle.describe()).status == WorkflowExecutionStatus.RUNNING
    await handle.terminate()
