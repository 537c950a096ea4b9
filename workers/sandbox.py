"""The sandbox that workflows run in."""

from __future__ import annotations

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

OURS = ("exchange", "rpds", "activities.names")
"""Passed through: without it a replay is 22 to 47 times slower (measured). They are pure."""


def runner() -> SandboxedWorkflowRunner:
    """The runner of every worker and of every replay."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*OURS))
