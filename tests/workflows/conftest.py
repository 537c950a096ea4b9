"""A time-skipping server for each module, and a stage of its own for each test."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner

from runtime.engine import CONVERTER, sdk_runtime
from store.store import Store, open_store
from tests.workflows.stage import Stage, enter, worker
from workflows.contract import SEARCH_ATTRIBUTES

KINDS = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "KeywordList": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
    "Int": IndexedValueType.INDEXED_VALUE_TYPE_INT,
    "Datetime": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}
A_YEAR = timedelta(days=300)

Enter = Callable[..., Awaitable[Stage]]


async def time_skipping() -> WorkflowEnvironment:
    """A server on which months pass in seconds."""
    return await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(Path(sys.executable).with_name("temporal-test-server")),
        test_server_startup_timeout=timedelta(seconds=60),
        data_converter=CONVERTER,
        runtime=sdk_runtime(),
    )


async def add_attributes(server: WorkflowEnvironment) -> None:
    """Makes our search attributes known to it."""
    attributes = {name: KINDS[kind] for name, kind in SEARCH_ATTRIBUTES.items()}
    await server.client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace="default", search_attributes=attributes)
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def env() -> AsyncIterator[WorkflowEnvironment]:
    """One for each module."""
    server = await time_skipping()
    async with server:
        await add_attributes(server)
        yield server


async def idle(stage: Stage) -> None:
    """Until nothing is at work, nor has been for a moment: an activity that is cut off by the end of its cycle would
    hold up the server's clock for all others, and a turn may be about to begin one."""
    cycle = WorkflowExecution(workflow_id=stage.plan.id)
    asked = DescribeWorkflowExecutionRequest(namespace="default", execution=cycle)
    still = 0
    for _ in range(200):
        seen = await stage.client.workflow_service.describe_workflow_execution(asked)
        still = 0 if seen.pending_activities or seen.HasField("pending_workflow_task") else still + 1
        if still == 4:
            return
        await asyncio.sleep(0.05)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = open_store(f"sqlite:///{tmp_path / 'kierros.db'}", domain="library.example")
    yield opened
    opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stages(env: WorkflowEnvironment, store: Store) -> AsyncIterator[Enter]:
    """Begins a cycle with a worker of its own; ``open_box`` runs it outside the sandbox, where tests may patch.

    ``ago``: so long ago it was put into the record, and no engine has been there since.
    """
    async with contextlib.AsyncExitStack() as stack:
        begun: list[Stage] = []

        async def begin(
            *, open_box: bool = False, served: bool = True, ago: timedelta = timedelta(0), **changes: Any
        ) -> Stage:
            queue = str(uuid4())
            plan = enter(store, await env.get_current_time() - ago, A_YEAR, **{"id": f"cycle-{uuid4()}", **changes})
            options = {"workflow_runner": UnsandboxedWorkflowRunner()} if open_box else {}
            stage = Stage(store, env.client, plan, env.get_current_time, env.sleep, queue)
            begun.append(stage)
            stage.serve = lambda: stack.enter_async_context(worker(env.client, store, queue, **options))
            if served:
                await stage.serve()
            await stage.start(queue)
            return stage

        yield begin
        for stage in begun:
            with contextlib.suppress(RPCError):  # it has ended
                await idle(stage)
                await stage.handle.terminate()
