"""A form at the portal beside the same server's hello world: one worker, thirty-two connections that are kept.

The form has its seal checked, its fields looked at and its answer committed to the record on disk. So has the answer to
an invitation behind its personal link, for which the link, the person, her cycle's plan and its state are read besides;
it is measured until its commit, for no engine decides here (`rush` has one). The floor is a plain answer of the same
server, behind the same guard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from bench.callers import Calls, Serving, call, door, once
from bench.crowd import opened
from bench.door import SECRET
from bench.figures import Line, Progress
from bench.ground import folder
from bench.town import Town
from runtime.keys import Keys

CONNECTIONS, SECONDS, ROUNDS = 32, 5.0, 3
MOST_A_SECOND = 1_000
"""So many people have links for each second; where all of them have answered, the round ends."""
HELLO = b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
FLOOR = "the same server's hello world"
TYPED = {"name": "Anna Berg", "diet": "vegetarian", "wishes": "How a small library reaches people who never come in."}


@dataclass
class Turn:
    """What came of one kind of request, round by round."""

    calls: list[Calls] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Microseconds of the server's processor for one request."""

    async def take(self, at: Serving, request: bytes | Iterator[bytes], status: bytes, seconds: float) -> None:
        """One round."""
        before = at.cpu()
        found = await call(at.port, request, status, CONNECTIONS, seconds)
        self.calls.append(found)
        self.cpu.append((at.cpu() - before) / max(1, len(found.seconds)) * 1e6)


async def measure(progress: Progress, *, seconds: float = SECONDS, rounds: int = ROUNDS) -> list[Line]:
    """Forms, answers and greetings in turns, so that all meet the same machine."""
    greetings, forms, links = Turn(), Turn(), Turn()
    with folder() as data:
        progress("people get their links")
        answers = behind_links(data, int(seconds * rounds * MOST_A_SECOND))
        async with door(data) as at:
            request = await form_request(at.port)
            await call(at.port, request, b"303", CONNECTIONS, 1.0)
            for number in range(rounds):
                progress(f"round {number + 1} of {rounds}")
                await greetings.take(at, HELLO, b"200", seconds)
                await forms.take(at, request, b"303", seconds)
                await links.take(at, answers, b"303", seconds)
    return lines(forms, links, greetings)


def behind_links(data: Path, many: int) -> Iterator[bytes]:
    """Everybody's answer to her invitation, as it is sent from the page behind her link."""
    store = opened(data)
    here = Town(store, Keys(SECRET), 0)
    tokens = here.people("cycle-bench-2030-links", many, many, datetime.now(UTC) - timedelta(hours=1))
    forms = [here.form(token, kept=True) for token in tokens.values()]
    store.close()
    return iter(forms)


async def form_request(port: int) -> bytes:
    """The form as a browser sends it, with the seal of its page and the cookie that belongs to it."""
    page = await once(port, b"GET /form HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    seal = re.search(rb'name="seal" value="(\w+)"', page)
    cookie = re.search(rb"kierros-form=([\w-]+)", page)
    assert seal is not None, "the page has no form"
    assert cookie is not None, "the page sets no cookie"
    body = urlencode({"seal": seal[1].decode(), **TYPED}).encode()
    head = (
        f"POST /form HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: kierros-form={cookie[1].decode()}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def lines(forms: Turn, links: Turn, greetings: Turn) -> list[Line]:
    """What came of it."""
    return [
        *_lines("a form", forms, greetings, goal=0.30),
        *_lines("an answer behind its link", links, greetings),
        Line("answers that went wrong", [sum(one.wrong for one in (*forms.calls, *links.calls))], goal=0),
    ]


def _lines(name: str, turn: Turn, greetings: Turn, goal: float | None = None) -> list[Line]:
    each, least = [one.per_second for one in turn.calls], [one.per_second for one in greetings.calls]
    late, low = ([one.percentile(0.99) * 1000 for one in calls] for calls in (turn.calls, greetings.calls))
    return [
        Line(f"{name}, committed", each, least, "/s", goal, "ratio", least=True, floor_is=FLOOR),
        Line("99 of 100 take at most", late, low, "ms", 25 if goal else None, floor_is=FLOOR),
        Line("the server's CPU for it", turn.cpu, greetings.cpu, "µs", floor_is=FLOOR),
    ]
