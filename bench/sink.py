"""``python -m bench.sink PORT SEED``: a mail server that takes letters, or fails one in five of them.

It obeys lines on stdin: ``faulty`` and ``well`` change its mood, ``counts`` is answered by one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from email.parser import BytesHeaderParser
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

FAULTS = ("refused", "lost 250", "dropped", "slow")
SHARE = 0.05
"""How often each of them happens."""
SLOW = 0.25
"""Seconds that a slow letter takes longer."""


class Sink:
    """aiosmtpd's handler."""

    def __init__(self, seed: int) -> None:
        self.faulty, self.dice = False, random.Random(seed)
        self.copies: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """The fault is chosen here; two of them happen here."""
        fault = self._fault()
        if fault == "dropped":
            _hang_up(server)
        if fault == "refused":
            return "451 4.3.2 come back later"
        envelope.fault = fault  # type: ignore[attr-defined]  # noted for DATA
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 yes"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Counts the letter; its answer may be lost, or slow."""
        content: Any = envelope.content
        self.copies[BytesHeaderParser().parsebytes(content)["Message-ID"]] += 1
        fault = envelope.fault  # type: ignore[attr-defined]
        if fault == "slow":
            await asyncio.sleep(SLOW)
        if fault == "lost 250":
            _hang_up(server)
        return "250 2.0.0 taken"

    def _fault(self) -> str:
        roll = int(self.dice.random() / SHARE)
        fault = FAULTS[roll] if self.faulty and roll < len(FAULTS) else ""
        self.faults[fault] += bool(fault)
        return fault


def _hang_up(server: SMTP) -> None:
    transport = server.transport
    assert transport is not None
    transport.abort()  # type: ignore[attr-defined]  # a socket's transport has it


async def serve(port: int, seed: int) -> None:
    """Until stdin ends."""
    sink, loop = Sink(seed), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="127.0.0.1", loop=loop), "127.0.0.1", port)
    async with server:
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip() == "counts":
                print(json.dumps({"copies": sink.copies, "faults": sink.faults}), flush=True)
            else:
                sink.faulty = line.strip() == "faulty"


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
