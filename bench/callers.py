"""Those who call at the portal's door: quick ones over connections that are kept, and slow ones that never finish."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

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


@asynccontextmanager
async def door(data: Path) -> AsyncIterator[int]:
    """The port of the portal that is measured."""
    listening = listen("127.0.0.1", 0)
    words = [sys.executable, "-m", "bench.door", str(data), str(listening.fileno())]
    child = await asyncio.create_subprocess_exec(*words, pass_fds=(listening.fileno(),))
    try:
        yield int(listening.getsockname()[1])
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


async def call(port: int, request: bytes, status: bytes, connections: int, seconds: float, pause: float = 0.0) -> Calls:
    """Sends the same request over so many connections, each as soon as its answer has come."""
    calls = Calls()
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(_caller(port, request, status, until, pause, calls) for _ in range(connections)))
    calls.lasted = time.perf_counter() - began
    return calls


async def _caller(port: int, request: bytes, status: bytes, until: float, pause: float, calls: Calls) -> None:
    reader = writer = None
    while time.perf_counter() < until:
        since = time.perf_counter()
        try:
            if writer is None or reader is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            found = await _answer(reader)
        except (OSError, asyncio.IncompleteReadError):
            calls.wrong += 1
            reader = writer = None
            continue
        calls.seconds.append(time.perf_counter() - since)
        calls.wrong += not found.startswith(b"HTTP/1.1 " + status)
        if pause:
            await asyncio.sleep(pause)
            writer.close()
            reader = writer = None
    if writer is not None:
        writer.close()


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
