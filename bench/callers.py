"""Those who call at the portal's door: quick ones over connections that are kept, and slow ones that never finish."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from workers.ports import listen

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass
class Calls:
    """What came of many requests."""

    seconds: list[float] = field(default_factory=list)
    """How long each answer took."""
    wrong: int = 0
    """Answers of another status than was expected, and connections that broke."""
    lasted: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.lasted

    def percentile(self, part: float) -> float:
        """E.g. 0.99: so long or less took 99 of a hundred."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(part * len(self.seconds)))]


class Serving(NamedTuple):
    """The portal that is measured."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time that it has used so far; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def door(data: Path) -> AsyncIterator[Serving]:
    """A portal of its own process over the record of a folder."""
    listening = listen("127.0.0.1", 0)
    words = [sys.executable, "-m", "bench.door", str(data), str(listening.fileno())]
    child = await asyncio.create_subprocess_exec(*words, pass_fds=(listening.fileno(),))
    try:
        yield Serving(int(listening.getsockname()[1]), child.pid)
    finally:
        listening.close()
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        await child.wait()


async def once(port: int, request: bytes) -> bytes:
    """One whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    found = await _answer(reader)
    writer.close()
    return found


class _Quick(asyncio.Protocol):
    """One connection over which a request is sent as soon as the last one was answered, as cheaply as Python can.

    A caller that costs as much as the server would measure itself.
    """

    def __init__(self, next_request: Callable[[], bytes], status: bytes, until: float, calls: Calls) -> None:
        self._next, self._status, self._until, self._calls = next_request, b"HTTP/1.1 " + status, until, calls
        self._came = b""
        self._since = 0.0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._since = time.perf_counter()
        if request := self._next():
            self._transport.write(request)
        else:  # there is nothing more to ask
            self._until = 0.0
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._came += data
        end = self._came.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self._came, 0, end + 2)
        if len(self._came) < end + 4 + (int(length[1]) if length else 0):
            return
        now = time.perf_counter()
        self._calls.seconds.append(now - self._since)
        self._calls.wrong += not self._came.startswith(self._status)
        self._came = b""
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, _why: Exception | None) -> None:
        self._calls.wrong += time.perf_counter() < self._until
        self.over.set_result(None)


async def call(port: int, request: bytes | Iterator[bytes], status: bytes, connections: int, seconds: float) -> Calls:
    """Sends requests over so many connections, each as soon as its last answer has come, until there are no more.

    Args:
        port: of the portal.
        request: always the same, or one after another.
        status: which each answer should have.
        connections: how many.
        seconds: how long.
    """
    calls, loop = Calls(), asyncio.get_running_loop()
    following = (lambda: request) if isinstance(request, bytes) else (lambda: next(request, b""))
    began = time.perf_counter()
    callers = [
        (await loop.create_connection(lambda: _Quick(following, status, began + seconds, calls), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(caller.over for caller in callers))
    calls.lasted = time.perf_counter() - began
    return calls


async def visit(port: int, request: bytes, status: bytes, visitors: int, seconds: float, pause: float) -> Calls:
    """So many visitors who come, ask, read for a while, and come again."""
    calls = Calls()
    began = time.perf_counter()
    await asyncio.gather(*(_visitor(port, request, status, began + seconds, pause, calls) for _ in range(visitors)))
    calls.lasted = time.perf_counter() - began
    return calls


async def _visitor(port: int, request: bytes, status: bytes, until: float, pause: float, calls: Calls) -> None:
    while time.perf_counter() < until:
        since = time.perf_counter()
        try:
            found = await once(port, request)
        except (OSError, asyncio.IncompleteReadError):
            calls.wrong += 1
            continue
        calls.seconds.append(time.perf_counter() - since)
        calls.wrong += not found.startswith(b"HTTP/1.1 " + status)
        await asyncio.sleep(pause)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return head + await reader.readexactly(int(length[1]) if length else 0)


async def dawdle(port: int, until: float) -> None:
    """Sends a byte of a request each second and never the last one; ended, it calls again."""
    while time.perf_counter() < until:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /form HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
            while time.perf_counter() < until and not reader.at_eof():
                writer.write(b"x")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(4096), 1)
            writer.close()
        await asyncio.sleep(0.2)
