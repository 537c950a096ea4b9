"""The sandbox that workflows run in."""

from __future__ import annotations

from typing import Any

from temporalio.converter import (
    DataConverter,
    SerializationContext,
    StorageDriverStoreContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

from runtime.engine import CONVERTER

RULES = ("exchange", "rpds", "activities.names")
"""Passed through: without it a replay is 22 to 47 times slower (measured). They are pure."""

WORKFLOWS = "workflows"
"""Passed through by workers: a copy for each cycle takes 75 kB more memory, and 19 ms more to be read again."""


def runner() -> SandboxedWorkflowRunner:
    """The runner of every worker."""
    return _runner(*RULES, WORKFLOWS)


def strict_runner() -> SandboxedWorkflowRunner:
    """The runner of the tests: what the code of a workflow must not do (a clock, chance, a file) is refused there."""
    return _runner(*RULES)


def _runner(*passed: str) -> SandboxedWorkflowRunner:
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*passed)
    return (_Quick if heeds_no_context(CONVERTER) else SandboxedWorkflowRunner)(restrictions=restrictions)


def heeds_no_context(converter: DataConverter) -> bool:
    """Whether the converter makes the same bytes of a payload whatever workflow or activity it belongs to."""
    if converter.payload_codec is not None or converter.external_storage is not None:
        return False
    some = WorkflowSerializationContext(namespace="", workflow_id="")
    parts: tuple[object, ...] = (converter.payload_converter_class(), converter.failure_converter_class())
    return all(not isinstance(part, WithSerializationContext) or part.with_context(some) is part for part in parts)


class _Quick(SandboxedWorkflowRunner):
    """Does not enter the sandbox to ask for a context that the converter does not heed.

    The SDK asks for each payload of each command, and compiles a piece of code for every question: a third of the CPU
    time of a replay (measured).
    """

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _Contextless(super().create_instance(det))


class _Contextless(WorkflowInstance):
    def __init__(self, inside: WorkflowInstance) -> None:
        self._inside = inside

    def activate(self, act: Any) -> Any:
        return self._inside.activate(act)

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:  # noqa: ARG002 - the SDK's
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:  # noqa: ARG002
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        return self._inside.get_info()

    def get_thread_id(self) -> int | None:
        return self._inside.get_thread_id()
