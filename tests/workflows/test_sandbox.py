"""The sandbox: strict where it is tested, and no context asked for that nothing heeds."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowFailureError
from temporalio.converter import (
    CompositePayloadConverter,
    DefaultFailureConverter,
    JSONPlainPayloadConverter,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
)
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from runtime.engine import CONVERTER
from tests.workflows.clockwatching import ClockWatchingWorkflow
from workers.sandbox import heeds_no_context, runner, strict_runner


class Sealing(PayloadCodec):
    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)


class Heeding(JSONPlainPayloadConverter, WithSerializationContext):
    def with_context(self, context: SerializationContext) -> Heeding:
        return Heeding()


class HeedingConverter(CompositePayloadConverter):
    def __init__(self) -> None:
        super().__init__(Heeding())


class HeedingFailures(DefaultFailureConverter, WithSerializationContext):
    def with_context(self, context: SerializationContext) -> HeedingFailures:
        return HeedingFailures()


def test_our_converter_heeds_no_context() -> None:
    assert heeds_no_context(CONVERTER)
    assert type(runner()) is not SandboxedWorkflowRunner


@pytest.mark.parametrize(
    "change",
    [
        {"payload_codec": Sealing()},
        {"payload_converter_class": HeedingConverter},
        {"failure_converter_class": HeedingFailures},
    ],
)
def test_a_converter_that_heeds_the_context_is_asked_for_it(change: dict[str, Any]) -> None:
    assert not heeds_no_context(dataclasses.replace(CONVERTER, **change))


@pytest.mark.asyncio(loop_scope="module")
async def test_the_runner_of_the_tests_refuses_a_workflow_the_clock(env: WorkflowEnvironment) -> None:
    async with Worker(
        env.client,
        task_queue="clocks",
        workflows=[ClockWatchingWorkflow],
        workflow_runner=strict_runner(),
        workflow_failure_exception_types=[Exception],
    ):
        with pytest.raises(WorkflowFailureError) as failed:
            await env.client.execute_workflow(ClockWatchingWorkflow.run, id="clock", task_queue="clocks")
    assert "time.time" in str(failed.value.cause)
