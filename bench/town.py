"""A whole installation for a crowd: engine, workers, the portal, and a mail server that takes the call and then hangs.

Everybody has a personal link, and answers on the page behind it as a browser does: over a connection of her own, with
the seal of her form. Nobody waits for anybody: each answer leaves at the moment that was set for it, and what it takes
is counted from that moment, not from when this program came to it.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from activities.delivering import LIVE
from bench.callers import once
from bench.crowd import opened
from bench.ground import address, free_port, process, server
from bench.scenes import desk_plan, moment
from exchange.plan import Registration
from portal.house import House
from runtime.keys import Keys, read_keys
from runtime.settings import Settings
from store.links import Links
from store.models import Person
from store.store import Store

LANGUAGES = ("en", "fi", "sv", "da", "nb", "et", "lv", "lt", "ru")
UP_WITHIN = 60.0
_SEAL = re.compile(rb'name="seal" value="(\w+)"')


@dataclass
class Answers:
    """What the portal said to a crowd."""

    seconds: list[float] = field(default_factory=list)
    """From the moment set for an answer until it was acknowledged; those that were."""
    acknowledged: set[str] = field(default_factory=set)
    """Whose."""
    wrong: list[str] = field(default_factory=list)
    """Statuses of the other answers, and errors of connections."""

    def percentile(self, part: float) -> float:
        """E.g. 0.99: so long or less took 99 of a hundred."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("inf")


@dataclass
class Town:
    """The installation, and its people."""

    store: Store
    keys: Keys
    port: int

    def people(self, cycle: str, many: int, capacity: int, opens: datetime) -> dict[str, str]:
        """Starts a cycle with so many invited people, whose desk opens then; gives each one's token."""
        now = datetime.now(UTC)
        plan = desk_plan(cycle, now, capacity)
        desk = plan.step("registration").model_copy(update={"opens": moment(opens), "ask": ("diet", "access")})
        assert isinstance(desk, Registration)
        steps = tuple(desk if step.id == desk.id else step for step in plan.steps)
        people = [
            Person(
                ref=f"p_{cycle[6:]}_{n:06d}", cycle=cycle, name=f"Guest {n}", address=f"guest{n}@bench.example",
                language=LANGUAGES[n % len(LANGUAGES)],
            )
            for n in range(many)
        ]  # fmt: skip
        plan = plan.model_copy(update={"steps": steps, "practice": False})
        self.store.start_cycle(plan, people, [], now)
        links, wanted = Links(self.store, self.keys), ("invitation", "registration")
        with self.store.writing() as connection:
            return {
                one.ref: links.tokens(connection, cycle, one.ref, [wanted], now + timedelta(days=90), now)[wanted]
                for one in people
            }

    def form(self, token: str, *, kept: bool = False) -> bytes:
        """Her answer, as her browser sends it from her page; ``kept``: over a connection that stays."""
        house = House(self.store, Settings(data=Path.cwd()), self.keys)
        typed = {"seal": house.sealed("link", token), "seen": "invited", "diet": "no nuts", "access": ""}
        body = urlencode(typed).encode()
        head = (
            f"POST /l/{token}/yes HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: fi-FI,fi;q=0.9,en;q=0.8\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            f"Sec-Fetch-Site: same-origin\r\nConnection: {'keep-alive' if kept else 'close'}\r\n\r\n"
        )
        return head.encode() + body

    async def page(self, token: str) -> bytes:
        """The page behind her link."""
        return await once(
            self.port, f"GET /l/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
        )

    async def try_out(self, token: str) -> None:
        """Looks whether the forms are those that the pages have."""
        found = _SEAL.search(await self.page(token))
        assert found is not None, "there is no form on the page"
        assert found[0].split(b'"')[3] in self.form(token), "the page's seal is another"


@asynccontextmanager
async def town(data: Path) -> AsyncIterator[Town]:
    """Everything that runs in production, but for a mail server that answers."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(server(data))
        hanging = await asyncio.get_running_loop().create_server(_Hanging, "127.0.0.1", 0)
        stack.callback(hanging.close)
        port = free_port()
        store = opened(data)
        stack.callback(store.close)
        store.put_setting(LIVE, {"host": "127.0.0.1"}, "s_kristina")
        environment = {
            "TEMPORAL_ADDRESS": address(client), "KIERROS_DATA": str(data), "KIERROS_LOG_LEVEL": "warning",
            "KIERROS_TRANSPORT": "smtp", "KIERROS_SMTP_HOST": "127.0.0.1", "KIERROS_SMTP_SECURITY": "none",
            "KIERROS_SMTP_PORT": str(hanging.sockets[0].getsockname()[1]),
            "KIERROS_PORTAL_PORT": str(port), "KIERROS_PORTAL_URL": f"http://127.0.0.1:{port}",
            "KIERROS_SECRET": "a secret of the bench, 32 characters or more",
        }  # fmt: skip
        for name, words in {
            "cycles": ["workers", "--queue", "cycles"], "letters": ["workers", "--queue", "letters"],
            "portal": ["portal"],
        }.items():  # fmt: skip
            command = [sys.executable, "-m", *words, "--parent", str(os.getpid())]
            await stack.enter_async_context(process(command, data / f"{name}.log", environment))
        await _serves(port)
        keys = read_keys(Settings(data=data, secret=environment["KIERROS_SECRET"]))
        yield Town(store, keys, port)


class _Hanging(asyncio.Protocol):
    """A mail server that greets and then says nothing more."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"220 bench.example ESMTP\r\n")


async def _serves(port: int) -> None:
    until = time.monotonic() + UP_WITHIN
    while True:
        try:
            await once(port, b"GET /privacy HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        except OSError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.1)
        else:
            return


async def send(
    port: int, forms: Sequence[tuple[str, bytes]], moments: Sequence[float], status: bytes = b"303"
) -> Answers:
    """Sends each person's form at her moment, in seconds from now."""
    answers, began, under_way = Answers(), time.perf_counter(), set[asyncio.Task[None]]()
    for (who, form), due in zip(forms, moments, strict=True):
        if (wait := began + due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(_answered(port, who, form, began + due, status, answers))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    return answers


async def _answered(port: int, who: str, form: bytes, due: float, status: bytes, answers: Answers) -> None:
    try:
        async with asyncio.timeout(60):
            found = await once(port, form)
    except (OSError, asyncio.IncompleteReadError, TimeoutError) as why:
        answers.wrong.append(type(why).__name__)
        return
    if found.startswith(b"HTTP/1.1 " + status):
        answers.seconds.append(time.perf_counter() - due)
        answers.acknowledged.add(who)
    else:
        answers.wrong.append(found[9:12].decode())
