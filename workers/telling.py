"""The part of :mod:`workers.waking` that knows the engine; loaded when there is something to tell."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from temporalio.client import Client
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode

from runtime.engine import connect, sdk_runtime
from runtime.settings import Settings
from workflows import contract

BRISK = timedelta(seconds=2)
"""How long one word may take."""
_AWAY = {RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}


@cache
def _runtime() -> Runtime:
    return sdk_runtime()


async def connected(settings: Settings) -> Client:
    """A client that is kept.

    Raises:
        EngineUnreachable: no engine answers.
    """
    return await connect(settings, runtime=_runtime())


async def tell(client: Client, cycle: str) -> None:
    """Tells a cycle that post has come. One that cannot be told keeps no other waiting: the postman sees to it.

    Raises:
        RPCError: the engine does not answer.
    """
    try:
        await client.get_workflow_handle(cycle).signal(contract.POST, rpc_timeout=BRISK)
    except RPCError as error:
        if error.status in _AWAY:
            raise
