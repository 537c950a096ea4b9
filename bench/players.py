"""Those who take part in the measured cycles: they listen to what was recorded, and answer at once."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio.client import Client

from bench.ground import address, process
from bench.scenes import HOLDERS, KEY
from bench.script import ANSWERED, APPROVALS
from exchange.approval import Approve
from runtime.proofs import LASTS, Proof, digest_of, sign
from workers.desk import with_proof
from workflows.contract import POST

PATIENCE = timedelta(seconds=60)
"""How long an approval may take when everything waits for everything else."""


@dataclass
class Server:
    """A worker process and what it says."""

    process: asyncio.subprocess.Process
    listeners: dict[str, asyncio.Queue[str]] = field(default_factory=dict)
    _cpu: asyncio.Queue[float] = field(default_factory=asyncio.Queue)

    async def listen(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            about, _, word = line.decode().strip().partition(" ")
            if about == "cpu":
                self._cpu.put_nowait(float(word))
            elif about in self.listeners:
                self.listeners[about].put_nowait(word)

    async def cpu(self) -> float:
        """CPU seconds, user and system, that the worker process has used."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"cpu\n")
        return await self._cpu.get()


@asynccontextmanager
async def served(client: Client, data: Path, side: str, queue: str) -> AsyncIterator[Server]:
    """A worker process for one side, ready."""
    command = [sys.executable, "-m", "bench.serving", side, address(client), queue]
    async with process(command, data / f"{side}.log", piped=True) as child:
        server = Server(child)
        server.listeners["worker"] = asyncio.Queue()
        listening = asyncio.create_task(server.listen())
        try:
            await asyncio.wait_for(server.listeners["worker"].get(), 60)
            yield server
        finally:
            listening.cancel()


class Players:
    """Everybody in one cycle. Both sides are played by them, with the same bytes."""

    def __init__(self, client: Client, cycle: str, heard: asyncio.Queue[str]) -> None:
        self._client, self._cycle, self._heard = client, cycle, heard
        self._handle = client.get_workflow_handle(cycle)
        self._said: set[str] = set()

    async def play(self) -> None:
        """Until the cycle has ended."""
        while not (word := await self._heard.get()).startswith("CycleFinished"):
            if word not in self._said:  # what is recorded locally may be recorded twice
                self._said.add(word)
                await self._turn(word)
        await self._handle.result()

    async def _turn(self, word: str) -> None:
        """What is said and decided when the cycle has come to rest after that word."""
        if word.startswith("Refused:"):
            raise AssertionError(f"A rule said no to what the players do ({word}).")
        if word in ANSWERED:
            await self._handle.signal(POST)
        elif step := APPROVALS.get(word):
            await self._approve(step)

    async def _approve(self, step: str) -> None:
        command = Approve(at=datetime.now(UTC), actor=HOLDERS[step], prompt=f"approve-{step}-1", digest=f"{step}-1")
        handle = with_proof(self._client, proof_of(self._cycle, command, step)).get_workflow_handle(self._cycle)
        await handle.execute_update("approve", command, id=f"approve-{step}", rpc_timeout=PATIENCE)


def proof_of(cycle: str, command: Approve, step: str) -> str:
    """The proof that a door would send along: the worker on our side verifies it, the floor carries it."""
    until = int(command.at.timestamp() + LASTS.total_seconds())
    said = Proof(command.actor, "coordinator", cycle, step, 1, digest_of(command), f"approve-{step}", until)
    return sign(KEY, said)
