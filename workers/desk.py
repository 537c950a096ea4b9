"""What a door asks of the engine: start a cycle, take a staff decision, bring word of post.

The only place where doors (terminal, portal) meet Temporal, and where what staff decide gets its proof; what they type
in for people goes by :mod:`workers.entering`. Importing it costs as much as importing
temporalio, so doors import it inside the commands that need it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowUpdateInput,
    WorkflowUpdateFailedError,
    WorkflowUpdateHandle,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from exchange.base import RULES, Command
from exchange.essential import essential
from exchange.plan import CyclePlan
from exchange.wire import needed
from runtime.engine import EngineUnreachable, connect
from runtime.proofs import HEADER
from runtime.settings import Settings
from workers.signing import Hand
from workflows import contract
from workflows.contract import Accepted, CycleStart

PATIENCE = timedelta(seconds=20)
"""How long one call waits: longer than a worker takes to come back after a crash (10.2 s measured)."""

A_TURN = timedelta(seconds=3)
"""How long the engine waits for a worker that has taken a turn of a cycle and is frozen, before another gets it. The
longest turn, a run of 1,200 events read again, takes about a second (374 ms for 297 events, ``bench replay``)."""


class Unanswered(EngineUnreachable):
    """The engine was asked and has not answered: the decision may still take effect, under the same id once."""


@dataclass
class RefusedByRule(Exception):
    """A rule said no: nothing was changed."""

    name: str
    sentence: str
    facts: dict[str, Any]
    cycle: str = ""
    """Which cycle's rule it was."""

    def __str__(self) -> str:
        return self.sentence


async def start_cycle(client: Client, plan: CyclePlan, task_queue: str, rules: int = RULES) -> bool:
    """Starts the cycle's workflow. False where it runs already: starting twice is starting once.

    Args:
        client: of the engine.
        plan: as it was started in the record.
        task_queue: of cycles.
        rules: the version that the record says the cycle began under.
    """
    once = WorkflowIDReusePolicy.REJECT_DUPLICATE
    try:
        await launch(client, plan, CycleStart(plan=essential(plan), rules=rules), task_queue, id_reuse_policy=once)
    except WorkflowAlreadyStartedError:
        return False
    return True


async def launch(client: Client, plan: CyclePlan, start: CycleStart, task_queue: str, **policies: Any) -> None:
    """Starts a cycle's workflow with all that the Temporal UI shows of it from the first moment."""
    theme = next(iter(plan.theme_name.values()), plan.theme)
    await client.start_workflow(
        contract.CYCLE,
        start,
        id=plan.id,
        task_queue=task_queue,
        static_summary=f"{theme} ({plan.programme} {plan.year})",
        task_timeout=A_TURN,
        search_attributes=TypedSearchAttributes(
            [SearchAttributePair(SearchAttributeKey.for_keyword("CycleTheme"), plan.theme)]
        ),
        **policies,
    )


async def tell(client: Client, hand: Hand, cycle: str, command: Command, update_id: str, *, tries: int = 6) -> Accepted:
    """Has the cycle decide a staff command of whoever has signed in, and waits until it is recorded.

    Tried again under the same id while the engine or its worker is away, so that it takes effect once.

    Args:
        client: of the engine.
        hand: who decides, and has signed in at a door; the command is in her name.
        cycle: its id.
        command: what she decides.
        update_id: one for each decision, which nobody can guess; the proof counts for it alone.
        tries: how often the engine is asked.

    Raises:
        SessionOver: she is signed out; nothing was asked.
        RefusedByRule: a rule said no.
        Unanswered: no answer within ``tries`` times :data:`PATIENCE`; the decision may still take effect.
    """
    if (version := needed(command)) > 1:
        command = command.model_copy(update={"needs": version})
    proof = await asyncio.to_thread(hand.signed, cycle, command, update_id)
    return await send(client, cycle, command, update_id, proof, tries=tries)


async def send(client: Client, cycle: str, command: Command, update_id: str, proof: str, *, tries: int = 6) -> Accepted:
    """The same, with its proof made already."""
    handle = with_proof(client, proof).get_workflow_handle(cycle)
    for attempt in range(tries):
        try:
            taken: Accepted = await handle.execute_update(
                contract.UPDATE_OF[type(command)],
                command,
                id=update_id,
                result_type=Accepted,
                rpc_timeout=PATIENCE,
            )
            return taken
        except WorkflowUpdateFailedError as failed:
            raise _refusal(cycle, failed) from None
        except (WorkflowUpdateRPCTimeoutOrCancelledError, RPCError) as error:
            if isinstance(error, RPCError) and error.status == RPCStatusCode.NOT_FOUND:
                said = f"{cycle} is not running in this Temporal. `kierros recover {cycle}` looks why, and mends it."
                raise RefusedByRule("NotRunning", said, {}) from None
            await asyncio.sleep(min(2.0, 0.2 * 2**attempt))
    raise Unanswered(
        f"The engine has not answered. Your decision ({update_id}) may still take effect; `kierros waiting` will tell. "
        "Is a worker running? `kierros doctor` looks."
    )


def with_proof(client: Client, proof: str) -> Client:
    """The client, sending that proof beside every update."""
    config = client.config()
    config["interceptors"] = [*config["interceptors"], _Proving(proof)]
    return Client(**config)


class _Proving(Interceptor):
    def __init__(self, proof: str) -> None:
        self._proof = proof

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the SDK's name
        return _Outbound(next, self._proof)


class _Outbound(OutboundInterceptor):
    def __init__(self, next: OutboundInterceptor, proof: str) -> None:  # noqa: A002 - the SDK's name
        super().__init__(next)
        self._payload = Payload(metadata={"encoding": b"json/plain"}, data=proof.encode())

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:  # noqa: A002
        input.headers = {**input.headers, HEADER: self._payload}
        return await super().start_workflow_update(input)


def _refusal(cycle: str, failed: WorkflowUpdateFailedError) -> RefusedByRule:
    cause = failed.cause
    if isinstance(cause, ApplicationError):
        facts = cause.details[0] if cause.details else {}
        return RefusedByRule(cause.type or "Refused", cause.message, facts if isinstance(facts, dict) else {}, cycle)
    return RefusedByRule("Failed", str(cause), {})


async def connected(settings: Settings) -> Client:
    """A client for one short command."""
    return await connect(settings)
