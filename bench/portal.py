"""A form at the portal beside the same server's hello world: one worker, thirty-two connections that are kept.

The form has its seal checked, its fields looked at and its answer committed to the record on disk. The floor is a plain
answer of the same server, behind the same guard.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from bench.callers import Calls, call, door, once
from bench.figures import Line, Progress
from bench.ground import folder

CONNECTIONS, SECONDS, ROUNDS = 32, 5.0, 3
HELLO = b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
FLOOR = "the same server's hello world"
TYPED = {"name": "Anna Berg", "diet": "vegetarian", "wishes": "How a small library reaches people who never come in."}


async def measure(progress: Progress, *, seconds: float = SECONDS, rounds: int = ROUNDS) -> list[Line]:
    """Forms and greetings in turns, so that both meet the same machine."""
    forms: list[Calls] = []
    greetings: list[Calls] = []
    with folder() as data:
        async with door(data) as port:
            request = await form_request(port)
            await call(port, request, b"303", CONNECTIONS, 1.0)
            for number in range(rounds):
                progress(f"round {number + 1} of {rounds}")
                greetings.append(await call(port, HELLO, b"200", CONNECTIONS, seconds))
                forms.append(await call(port, request, b"303", CONNECTIONS, seconds))
    return lines(forms, greetings)


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


def lines(forms: list[Calls], greetings: list[Calls]) -> list[Line]:
    """What came of it."""
    late = [one.percentile(0.99) * 1000 for one in forms]
    low = [one.percentile(0.99) * 1000 for one in greetings]
    each, least = [one.per_second for one in forms], [one.per_second for one in greetings]
    return [
        Line("a form, committed", each, least, "/s", 0.30, "ratio", least=True, floor_is=FLOOR),
        Line("99 of 100 take at most", late, low, "ms", 25, floor_is=FLOOR),
        Line("answers that went wrong", [sum(one.wrong for one in forms)], goal=0),
    ]
