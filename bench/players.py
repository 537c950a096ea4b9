"""Those who take part in the measured cycles: they listen to what was recorded, and answer at once."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle

from bench.ground import address, process
from bench.scenes import HOLDERS
from exchange.approval import Approve
from exchange.record import Post, Row
from workflows.contract import POST

IN_TIME = datetime(2012, 2, 1, tzinfo=UTC)
"""When everybody registers: the example's desk is open then."""
PEOPLE = tuple(f"p_{i:012d}" for i in range(1, 21))
FIRST = (("helsinki", "decline"), ("malmo", "confirm"), ("aarhus", "confirm"))
"""What the first three hosts say; the one that is asked in Helsinki's stead confirms."""
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
    pipe = asyncio.subprocess.PIPE
    async with process(command, data / f"{side}.log", stdin=pipe, stdout=pipe) as child:
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

    def __init__(self, handle: WorkflowHandle[Any, Any], heard: asyncio.Queue[str]) -> None:
        self._handle, self._heard = handle, heard
        self._said: set[str] = set()
        self._rows = 0

    async def play(self) -> None:
        """Until the cycle has ended."""
        while not (word := await self._heard.get()).startswith("CycleFinished"):
            if word not in self._said:  # what is recorded locally may be recorded twice
                self._said.add(word)
                await self._turn(word)
        await self._handle.result()

    async def _turn(self, word: str) -> None:
        """What is said and decided when the cycle has come to rest after that word."""
        match word.split(":"):
            case ["PromptOpened", "approve-visits-1"]:  # after the invitations' prompt
                await self._say(*(registering(person) for person in PEOPLE))
            case ["DelegateRegistered", person] if person == PEOPLE[-1]:
                await self._approve("invitations")
            case ["SeminarHeld", "introductory-seminar"]:
                await self._approve("visits")
            case ["HostAsked", "aarhus"]:  # the last of the first three
                await self._say(*(answering(host, said) for host, said in FIRST))
            case ["HostAsked", "espoo"]:  # in Helsinki's stead
                await self._say(answering("espoo", "confirm"))
            case ["VisitHeld", "aarhus"]:
                await self._approve("final-seminar")
            case ["PromptOpened", "approve-report-1"]:
                await self._approve("report")
            case _:
                pass

    async def _say(self, *commands: dict[str, str]) -> None:
        """Rows of the inbox, as the postman brings them."""
        rows = []
        for command in commands:
            self._rows += 1
            registers = "person" in command
            at, actor = (IN_TIME, command["person"]) if registers else (datetime.now(UTC), "s_olga")
            rows.append(Row(number=self._rows, at=at, actor=actor, data=command))
        await self._handle.signal(POST, Post(rows=tuple(rows)))

    async def _approve(self, step: str) -> None:
        command = Approve(
            at=datetime.now(UTC), actor=HOLDERS[step], prompt=f"approve-{step}-1", digest=f"{step}-1"
        )
        await self._handle.execute_update("approve", command, id=f"approve-{step}", rpc_timeout=PATIENCE)


def registering(person: str) -> dict[str, str]:
    """A registration from a library that sends nobody else."""
    return {"kind": "Register", "person": person, "home": f"library-{person[-2:]}"}


def answering(host: str, answer: str) -> dict[str, str]:
    """A host's answer."""
    return {"kind": "AnswerAsHost", "host": host, "answer": answer}
