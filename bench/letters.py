"""A thousand letters from the outbox to a mail server: how fast when nothing fails, and what arrives when much does.

They were made ready and approved before, as invitations are, and get their personal links as they leave. The floor: the
same bytes, one after another, over one SMTP connection that is kept, with nothing written down.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtplib import SMTP
from temporalio.testing import ActivityEnvironment

from activities.delivering import LIVE, PostOffice, Sent
from activities.preparing import Scribe
from bench.crowd import opened
from bench.figures import Line, Progress, watch
from bench.ground import folder, free_port, process
from bench.scenes import desk_plan
from exchange.approval import StepApproved
from exchange.mail import Mail
from exchange.record import Preparation, Record, Standing, events
from runtime.settings import Settings
from store.models import Person
from store.store import Store

LETTERS = 1_000
SEED = 20
ROUNDS = 3


class Sink:
    """The mail server's process, and how to speak with it."""

    def __init__(self, port: int, child: asyncio.subprocess.Process) -> None:
        self.port, self._child = port, child

    async def hear(self) -> str:
        """Its next line."""
        assert self._child.stdout is not None
        return (await self._child.stdout.readline()).decode().strip()

    async def say(self, word: str) -> None:
        """A line to it."""
        assert self._child.stdin is not None
        self._child.stdin.write(f"{word}\n".encode())
        await self._child.stdin.drain()

    async def counts(self) -> dict[str, dict[str, int]]:
        """Message-ID to copies taken, and fault to times."""
        await self.say("counts")
        found: dict[str, dict[str, int]] = json.loads(await self.hear())
        return found


@asynccontextmanager
async def sinking(data: Path) -> AsyncIterator[Sink]:
    """A mail server in a process of its own."""
    port = free_port()
    async with process([sys.executable, "-m", "bench.sink", str(port), str(SEED)], data / "sink.log", piped=True) as it:
        sink = Sink(port, it)
        assert await sink.hear() == "ready"
        yield sink


async def measure(progress: Progress, *, letters: int = LETTERS) -> list[Line]:
    """The rate when nothing fails, and what became of each letter when one in five did."""
    ours, floor = [], []
    with folder() as data:
        async with sinking(data) as sink:
            for turn in range(ROUNDS):
                progress(f"nothing fails, {turn + 1} of {ROUNDS}")
                post = Post(opened(data), data, sink.port, f"cycle-{turn}", letters)
                floor.append(letters / await one_connection(sink.port, post.bytes()))
                ours.append(letters / await post.sent())
            progress("one in five fails")
            return [
                Line("letters sent", ours, floor, "/s", 0.8, "ratio", least=True, floor_is="one SMTP connection"),
                *await faulty(Post(opened(data), data, sink.port, "cycle-faulty", letters), sink, letters),
            ]


async def faulty(post: Post, sink: Sink, letters: int) -> list[Line]:
    """All of them, whatever the server does."""
    await sink.say("faulty")
    seconds = await post.sent()
    await sink.say("well")
    found = await sink.counts()
    mine = [found["copies"].get(message, 0) for message in post.messages()]
    failed = sum(count for fault, count in found["faults"].items() if fault)
    return [
        Line("letters that arrived, a fifth failing", [sum(map(bool, mine))], goal=letters, least=True),
        Line("copies of one letter", [max(mine)], goal=3, of="largest"),
        Line("copies for each letter", [sum(mine) / letters]),
        Line("tries that failed", [failed]),
        Line("until the last of them had arrived", [seconds], unit="s"),
    ]


async def one_connection(port: int, letters: list[tuple[str, bytes]]) -> float:
    """Seconds for the same letters over one connection."""
    async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        with watch() as passed:
            for address, data in letters:
                await client.mail("kierros@bench.example")
                await client.rcpt(address)
                await client.data(data)
                await client.rset()
    return passed.seconds


class Post:
    """So many approved letters in an outbox, and its post office."""

    def __init__(self, store: Store, data: Path, port: int, cycle: str, letters: int) -> None:
        self._store, self._cycle, self._letters = store, cycle, letters
        settings = Settings(
            data=data, transport="smtp", smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", smtp_timeout=5,
            portal_url="https://exchange.bench.example",
        )  # fmt: skip
        self._office = PostOffice(store, settings)
        store.put_setting(LIVE, {"host": "127.0.0.1"}, "s_kristina")
        now = datetime.now(UTC)
        plan = desk_plan(cycle, now, letters).model_copy(update={"practice": False})
        people = [
            Person(ref=f"p_{cycle[6:]}_{n:06d}", cycle=cycle, name=f"Guest {n}", address=f"guest{n}@bench.example")
            for n in range(letters)
        ]
        store.start_cycle(plan, people, [], now)
        everybody = tuple(person.ref for person in people)
        held = Mail(op="hold", kind="invitation", to=everybody, step="invitations", batch="invitations/1")
        scribe = Scribe(store, settings)
        ready = ActivityEnvironment().run(
            scribe.prepare_letters, Preparation(cycle=cycle, step="invitations", revision=1, mails=(held,))
        )
        approved = StepApproved(at=now, actor="s_kristina", step="invitations", revision=1, digest=ready.digest)
        release = held.model_copy(update={"op": "release"})
        store.keep(Record(cycle=cycle, after=0, events=(events.pack(approved),), mails=(release,), standing=Standing()))

    def _rows(self) -> list[Any]:
        return list(self._store.letters(self._cycle))

    def bytes(self) -> list[tuple[str, bytes]]:
        """Address and bytes of each letter."""
        people = {person.ref: person.address for person in self._store.people(self._cycle)}
        whole = [self._store.letter(row.id) for row in self._rows()]
        return [(people[row.to_ref], row.data) for row in whole if row is not None and row.data is not None]

    def messages(self) -> list[str]:
        """Their Message-IDs."""
        return [row.message_id for row in self._rows()]

    async def sent(self) -> float:
        """Sends until none waits; seconds."""
        with watch() as passed:
            while True:
                done: Sent = await ActivityEnvironment().run(self._office.deliver_letters)
                if done.next_in is None:
                    break
                await asyncio.sleep(done.next_in)
        assert {row.state for row in self._rows()} <= {"sent", "suspect"}
        return passed.seconds
