"""A mail server that behaves as it is told to, and counts what it was given."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Sink:
    """What it does with a letter: ``take`` it, refuse it ``for good`` or ``for now``, ``hang``, ``break off`` the talk
    before it has it, or take it and ``lose the 250`` that says so."""

    mood: str = "take"
    copies: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Message-ID and recipient to the number of copies taken."""
    asked: Counter[str] = field(default_factory=Counter)
    """How many letters came in each mood."""
    letters: list[str] = field(default_factory=list)
    """The words of each letter that was taken."""
    readers: Counter[int] = field(default_factory=Counter)
    """How many letters came for so many recipients at once."""

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.asked[mood := self.mood] += 1
        if mood == "hang":
            for _ in range(300):
                if self.mood != "hang":
                    break
                await asyncio.sleep(0.1)
            return "451 4.3.2 too busy"
        if mood == "for good":
            return "550 5.7.1 not here"
        if mood == "for now":
            return "451 4.3.2 come back"
        if mood == "break off":
            server.transport.abort()
            return "421 4.3.0 gone"
        self.readers[len(envelope.rcpt_tos)] += 1
        letter = message_from_bytes(envelope.content, policy=policy.default)
        words = letter.get_body(("plain",))
        self.letters.append(words.get_content() if words is not None else "")
        for recipient in envelope.rcpt_tos:
            self.copies[str(message_from_bytes(envelope.content)["Message-ID"]), recipient] += 1
        if mood == "lose the 250":
            server.transport.abort()
        return "250 2.0.0 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[Sink, dict[str, str]]]:
    """The server, and the settings that send letters to it."""
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    try:
        yield sink, {
            "KIERROS_TRANSPORT": "smtp", "KIERROS_SMTP_HOST": "127.0.0.1", "KIERROS_SMTP_PORT": str(port),
            "KIERROS_SMTP_SECURITY": "none", "KIERROS_SMTP_TIMEOUT": "3",
        }  # fmt: skip
    finally:
        sink.mood = "take"
        controller.stop()
