"""The one place where a staff decision is checked for who sent it, before any rule sees it.

Runs live and never on replay, leaves no history and awaits nothing. What it demands today: the command names a staff
reference, and an actor of time's or the plan's own cannot come in through a door. The proof that the door made, once
the portal signs people in, is verified here as well.
"""

from __future__ import annotations

from typing import Any

from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)


class ProofInterceptor(Interceptor):
    """Puts the check before every update of every workflow."""

    def workflow_interceptor_class(self, _input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:
        return _Check


class _Check(WorkflowInboundInterceptor):
    def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002 - the SDK's name
        actor = _actor(input.args[0] if input.args else None)
        if not actor.startswith("s_"):
            raise ApplicationError(
                "A decision must say which member of staff takes it (--as or KIERROS_STAFF).",
                type="NobodySigned",
                non_retryable=True,
            )
        super().handle_update_validator(input)


def _actor(command: Any) -> str:
    return str(getattr(command, "actor", ""))
