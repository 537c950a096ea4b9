"""The ground of every measurement: a server, a record and worker processes of its own, gone when it is over.

Everything lies in a temporary folder and binds to 127.0.0.1; processes are ended by their own id.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

from temporalio.api.enums.v1 import EventType, IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from runtime.engine import CONVERTER, EngineUnreachable, connect, sdk_runtime
from runtime.settings import Settings
from workers.up import server_command, temporal_program
from workflows.contract import SEARCH_ATTRIBUTES

ROOT = Path(__file__).absolute().parent.parent
READY_WITHIN = 60.0
"""Seconds until a server or a worker must have come up."""


def free_port() -> int:
    """A port on 127.0.0.1 that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="kierros-bench-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextlib.asynccontextmanager
async def server(data: Path) -> AsyncIterator[Client]:
    """The server of `kierros up`, over a file that is written through; gives a client of it."""
    port = free_port()
    command = server_command(temporal_program(), port, free_port(), data / "temporal.db")
    async with process(command, data / "server.log"):
        yield await _client(f"127.0.0.1:{port}", data)


async def _client(address: str, data: Path) -> Client:
    until = time.monotonic() + READY_WITHIN
    while True:
        try:
            client = await connect(
                Settings(data=data), environment={"TEMPORAL_ADDRESS": address}, runtime=sdk_runtime()
            )
            await client.service_client.check_health()
        except (EngineUnreachable, RuntimeError):
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.1)
        else:
            return client


async def joined(data: Path) -> Client:
    """A client of the stack that `kierros up` is starting over the folder."""
    written, until = Settings(data=data).stack_file, time.monotonic() + READY_WITHIN
    while not written.exists():
        if time.monotonic() > until:
            raise TimeoutError(f"no stack over {data}; see its up.log")
        await asyncio.sleep(0.1)
    return await _client(json.loads(written.read_text())["temporal"], data)


LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of one line that a child may say: what became of thousands of letters is one."""


@contextlib.asynccontextmanager
async def process(
    command: list[str], log: Path, environment: dict[str, str] | None = None, *, piped: bool = False
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A child that ends with the measurement; ``piped``: its stdin and stdout are ours."""
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    with log.open("ab") as written:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=pipe if piped else nothing,
            stdout=pipe if piped else written,
            stderr=written,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            limit=LONGEST_LINE,
        )
    try:
        yield child
    finally:
        await _end(child)


async def _end(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), 15)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


@contextlib.asynccontextmanager
async def cycles_worker(client: Client, data: Path) -> AsyncIterator[None]:
    """The worker of `kierros up` for cycles, with its postman, in a process of its own."""
    environment = {"TEMPORAL_ADDRESS": address(client), "KIERROS_DATA": str(data), "KIERROS_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "workers", "--queue", "cycles", "--parent", str(os.getpid())]
    async with process(command, data / "worker.log", environment):
        yield


def address(client: Client) -> str:
    """Where the client's server is."""
    return client.service_client.config.target_host


@contextlib.asynccontextmanager
async def skipping_server() -> AsyncIterator[WorkflowEnvironment]:
    """A server on which months pass in seconds."""
    kinds = {
        "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
        "KeywordList": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
        "Int": IndexedValueType.INDEXED_VALUE_TYPE_INT,
        "Datetime": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    }
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(Path(sys.executable).with_name("temporal-test-server")),
        test_server_startup_timeout=timedelta(seconds=READY_WITHIN),
        data_converter=CONVERTER,
        runtime=sdk_runtime(),
    )
    async with environment:
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace="default", search_attributes={n: kinds[kind] for n, kind in SEARCH_ATTRIBUTES.items()}
            )
        )
        yield environment


async def runs(client: Client, workflow: str) -> list[tuple[int, int]]:
    """Events and bytes of each run of a workflow, the first run first; runs are followed by what they continued as."""
    description = await client.get_workflow_handle(workflow).describe()
    run: str | None = description.run_id
    found: list[tuple[int, int]] = []
    while run:
        events = (await client.get_workflow_handle(workflow, run_id=run).fetch_history()).events
        found.append((len(events), sum(event.ByteSize() for event in events)))
        first = events[0]
        assert first.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
        run = first.workflow_execution_started_event_attributes.continued_execution_run_id or None
    return found[::-1]
