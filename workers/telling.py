"""The part of :mod:`workers.waking` that knows the engine; loaded when there is something to tell."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from runtime.engine import connect
from runtime.settings import Settings
from workflows import contract

BRISK = timedelta(seconds=2)
"""How long one word may take."""
_AWAY = {RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}


async def connected(settings: Settings) -> Client:
    """A client that is kept.

    Raises:
        EngineUnreachable: no engine answers.
    """
    return await connect(settings)


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
