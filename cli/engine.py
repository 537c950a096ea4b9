"""Asking the engine: the only place of the terminal that loads temporalio, and only when a command needs it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from cli.terminal import progress, terminal

if TYPE_CHECKING:
    from temporalio.client import Client

    from exchange.base import Command
    from exchange.plan import CyclePlan
    from workflows.contract import Accepted

T = TypeVar("T")


def tell(cycle: str, command: Command) -> Accepted:
    """Has the cycle decide a staff command.

    Raises:
        RefusedByRule: a rule said no; nothing was changed.
        EngineUnreachable: no answer.
    """
    return tell_all(cycle, [command])[0]


def tell_all(cycle: str, commands: list[Command]) -> list[Accepted]:
    """Has the cycle decide several commands of who has signed in, one after another; the first refusal ends it."""
    from cli.signed import hand
    from workers import desk

    who = hand()

    async def ask(client: Client) -> list[Accepted]:
        return [await desk.tell(client, who, cycle, command, f"cli-{uuid4().hex}") for command in commands]

    with progress("Asking the engine …"):
        return with_client(ask)


def begin(plan: CyclePlan) -> bool:
    """Starts the cycle's workflow. False where it runs already.

    Raises:
        EngineUnreachable: no answer; the cycle is kept all the same.
    """
    from workers import desk

    async def ask(client: Client) -> bool:
        rules = terminal().store.cycle(plan.id).rules
        return await desk.start_cycle(client, plan, terminal().settings.task_queue, rules)

    with progress("Starting the cycle …"):
        return with_client(ask)


def with_client(ask: Callable[[Client], Awaitable[T]]) -> T:
    """Runs a question to the engine.

    Raises:
        EngineUnreachable: no answer.
    """
    from runtime.log import configure
    from workers import desk

    settings = terminal().settings
    configure("error", json=False)

    async def run() -> T:
        return await ask(await desk.connected(settings))

    return asyncio.run(run())
