"""What doctor asks the engine: does it answer, does it know our search attributes, does a worker poll."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from cli.checkup import Finding

if TYPE_CHECKING:
    from temporalio.client import Client

    from runtime.settings import Settings

PATIENCE = 10.0
"""Seconds to wait for each answer."""


def engine_checks(settings: Settings) -> list[Finding]:
    """Reachability, search attributes, workers."""
    return asyncio.run(_engine_checks(settings))


async def _engine_checks(settings: Settings) -> list[Finding]:
    from runtime.engine import EngineUnreachable, connect
    from runtime.log import configure

    configure("error", json=False)
    try:
        client = await asyncio.wait_for(connect(settings), PATIENCE)
    except (EngineUnreachable, TimeoutError) as why:
        said = str(why) or "it does not answer in time"
        return [Finding("Engine", "wrong", said, "`kierros up` runs one on this computer.")]
    found = [Finding("Engine", "ok", f"{client.service_client.config.target_host}, namespace {client.namespace}")]
    for check in (_attributes, _workers, _cycles):
        try:
            found += await asyncio.wait_for(check(client, settings), PATIENCE)
        except Exception as why:  # noqa: BLE001 - whatever the server does not tell is the finding
            found.append(Finding("Engine", "note", f"does not say more ({type(why).__name__})"))
    return found


async def _attributes(client: Client, _settings: Settings) -> list[Finding]:
    from temporalio.api.enums.v1 import IndexedValueType
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest

    from workflows.contract import SEARCH_ATTRIBUTES

    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    there = {
        name: IndexedValueType.Name(kind).removeprefix("INDEXED_VALUE_TYPE_")
        for name, kind in answer.custom_attributes.items()
    }
    wanted = {name: _constant(kind) for name, kind in SEARCH_ATTRIBUTES.items()}
    lacking = [name for name, kind in wanted.items() if there.get(name) != kind]
    if not lacking:
        return [Finding("Search attributes", "ok", f"all {len(wanted)} are known")]
    words = f"{', '.join(lacking)} missing or of another type"
    return [Finding("Search attributes", "wrong", words, "Run deploy/search-attributes.sh.")]


def _constant(kind: str) -> str:
    """Temporal's constant for a type: ``KeywordList`` is ``KEYWORD_LIST``."""
    return "".join(f"_{c}" if c.isupper() and at else c for at, c in enumerate(kind)).upper()


async def _cycles(client: Client, settings: Settings) -> list[Finding]:
    """Whether every open cycle has a workflow that fits its record."""
    from store.store import open_store
    from workers.lookout import look_round

    store = open_store(settings.database_url, domain=settings.mail_domain)
    try:
        found = [one for one in await look_round(client, store) if one.lost or one.state == "newer"]
    finally:
        store.close()
    if not found:
        return [Finding("Workflows", "ok", "every open cycle has one that fits its record")]
    newer = "Start the newer release again: the cycle goes on with it."
    mend = {one.cycle: f"kierros recover {one.cycle}" if one.lost else newer for one in found}
    return [Finding("Workflows", "wrong", f"{one.cycle}: {one.said}", mend[one.cycle]) for one in found]


async def _workers(client: Client, settings: Settings) -> list[Finding]:
    from temporalio.api.enums.v1 import TaskQueueType

    kinds = {
        settings.task_queue: ("Cycles worker", TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
        settings.letters_queue: ("Letters worker", TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
    }
    return [await _worker(client, queue, name, kind) for queue, (name, kind) in kinds.items()]


async def _worker(client: Client, queue: str, name: str, kind: Any) -> Finding:
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
    )
    answer = await client.workflow_service.describe_task_queue(request)
    if answer.pollers:
        return Finding(name, "ok", f"takes work from {queue}")
    mend = "Run `kierros up`, or `kierros worker` beside a server of your own."
    return Finding(name, "wrong", f"nobody takes work from {queue}", mend)
