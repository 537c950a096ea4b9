"""Delivering letters: what the outbox holds for now is sent, each letter to one recipient, over several connections.

At least once, at most three times: a letter's Message-ID and bytes are fixed before its first try, and a try of which
nobody knows whether it delivered (the connection was lost after DATA, the worker was killed) is counted as one. Nothing
here is final: what a mail server refuses for good becomes a failed letter, and the cycle prompts staff about it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import get_args

from sqlalchemy import Connection
from temporalio import activity

from activities import names
from activities.lanes import MOST, Came, Lanes, Together
from activities.wording import Wording
from exchange.base import RULES, Model
from exchange.lasting import links_last_until
from exchange.mail import LetterKind
from exchange.overtaken import LOOKED_AT
from letters.facts import Sender
from letters.headers import UnsafeHeader
from letters.mailbox import MailboxTransport
from letters.personal import About, stamped
from letters.scene import FactsMissing
from letters.transport import Deferred, Delivered, Outcome, Refused, SenderRefused, Suspect, Transport
from letters.ways import way_of
from runtime.keys import read_keys
from runtime.log import logger
from runtime.portal_url import portal_address
from runtime.settings import Settings
from store import delivery
from store.faults import CycleNewer, StoreBroken, StoreLocked, StoreUnreachable
from store.links import Links
from store.models import OutboxRow
from store.store import Store

AT_ONCE = 50
"""Letters claimed at a time."""
LEASE = timedelta(minutes=2)
"""How long a claim holds: longer than one letter may take on a hanging server, per claim renewed."""
A_ROUND = timedelta(minutes=8)
"""A round ends by itself before its activity would time out."""
NOT_LIVE_YET = timedelta(seconds=30)
"""After how long letters are looked at again that wait for `kierros go-live`."""
OURS_TO_MEND = timedelta(minutes=5)
"""After how long letters are tried again when the mail server takes none from our sender."""
LINKS_AT_LEAST = timedelta(days=30)
"""How long new links stand, however long ago the cycle ended: whoever asks late for what is kept of her finds it."""
KINDS = frozenset(get_args(LetterKind))
"""The letters that this release can write."""
LIVE = "live"
"""The store's setting that `kierros go-live` makes."""
BEAT = 2.0
"""Seconds between two heartbeats, also while a mail server hangs."""


class Sent(Model):
    """What one round did. The names stand in :class:`workflows.contract.Delivery` as well."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    next_in: float | None = None


@dataclass(frozen=True)
class Ways:
    """How letters leave: into the mailbox folder, and in earnest; ``real`` is None before `kierros go-live`."""

    practice: Transport
    real: Transport | None


@dataclass(frozen=True)
class Addressed:
    """A letter that is to be sent now."""

    row: OutboxRow
    data: bytes
    address: str
    practice: bool
    links: dict[str, About]
    """Its personal links, by what holds their place in it."""
    until: datetime
    """When they end."""


class PostOffice:
    """Sends letters over the transport that the settings name."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._sender = Sender(name=settings.sender_name, address=settings.sender_address)
        self._links = Links(store, read_keys(settings))
        self._together = Together(store)
        self._log = logger()

    @activity.defn(name=names.DELIVER_LETTERS)
    async def deliver_letters(self) -> Sent:
        """One round: until nothing is due, or the round has lasted long enough."""
        if held := await asyncio.to_thread(self._store.awake, datetime.now(UTC)):
            self._log.warning("letters overdue after an absence wait for staff", letters=held)
        await asyncio.to_thread(self._store.take_over)  # rounds come one after another (ADR 0006)
        live = await asyncio.to_thread(self._may_leave)
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(_beating())
            practice = await stack.enter_async_context(MailboxTransport(self._settings.mailbox))
            ways = [await stack.enter_async_context(self._real(practice)) for _ in range(MOST)]
            counts = await self._rounds(ways, practice, live=live)
        following = await asyncio.to_thread(self._store.next_delivery_at)
        pause = None if following is None else max(0.0, (following - datetime.now(UTC)).total_seconds())
        failed = counts["failed"] + counts["suspect"]
        return Sent(sent=counts["sent"], waiting=counts["queued"], failed=failed, next_in=pause)

    async def _rounds(self, ways: list[Transport], practice: Transport, *, live: bool) -> Counter[str]:
        """Claims and sends while anything is due; how many letters came to which state."""
        until, counts = datetime.now(UTC) + A_ROUND, Counter[str]()
        wording = self._wording([])

        async def turn(row: OutboxRow, way: Transport) -> Came:
            came = await self._one(row, wording, Ways(practice, way if live else None))
            counts[came.state] += 1
            return came

        lanes = Lanes(ways, turn, self._lay_back)
        while datetime.now(UTC) < until:
            rows = await asyncio.to_thread(self._store.claim, datetime.now(UTC), AT_ONCE, LEASE)
            if not rows:
                break
            wording = await asyncio.to_thread(self._wording, rows)
            await lanes.send(rows)
        return counts

    def _wording(self, rows: list[OutboxRow]) -> Wording:
        wording = Wording(self._store, self._sender, portal_address(self._settings))
        wording.meet(rows)
        return wording

    def _may_leave(self) -> bool:
        """Whether letters in earnest may be sent: into the mailbox folder always, by a mail server after go-live."""
        return self._settings.transport == "mailbox" or self._store.get_setting(LIVE) is not None

    @contextlib.asynccontextmanager
    async def _real(self, practice: MailboxTransport) -> AsyncIterator[Transport]:
        """The mail server or the mailbox folder, as the settings say."""
        if self._settings.transport == "mailbox":
            yield practice
            return
        async with way_of(self._settings) as server:
            yield server

    async def _one(self, row: OutboxRow, wording: Wording, ways: Ways) -> Came:
        """One letter: sent, or laid back until later, or dropped because it has lost its sense.

        Where its cycle needs a newer release, has a journal that cannot be read, or something else is wrong with it
        that nobody has thought of, it waits, and holds up no other.
        """
        try:
            ready = await asyncio.to_thread(self._looked_at, row, wording, live=ways.real is not None)
        except (StoreLocked, StoreUnreachable, StoreBroken):
            raise  # that holds up all of them, and the round is tried again
        except Exception as why:  # noqa: BLE001 - one letter must not stop the others
            self._log.warning("letter waits", cycle=row.cycle, letter=row.id, why=type(why).__name__)
            return Came(await asyncio.to_thread(self._store.postponed, row, datetime.now(UTC) + OURS_TO_MEND))
        if isinstance(ready, str):
            return Came(ready)
        return await self._send(ready, ways.practice if ready.practice or ways.real is None else ways.real)

    async def _send(self, ready: Addressed, transport: Transport) -> Came:
        """Tries it; what came of that stands in the outbox before the lane is free again."""
        began = partial(self._begin, ready=ready, now=datetime.now(UTC))
        tokens = await self._together.write(began, undo=partial(delivery.not_begun, row=ready.row))
        if tokens is None:
            return Came("waiting")
        letter = stamped(ready.data, tokens) if tokens else ready.data
        outcome = await transport.send(letter, self._sender.address, ready.address)
        state = await self._together.write(partial(self._note, row=ready.row, outcome=outcome))
        lost = isinstance(outcome, Suspect) or (isinstance(outcome, Deferred) and not outcome.reached)
        return Came(state, clear=not lost, again=state == "queued")

    def _begin(self, connection: Connection, ready: Addressed, now: datetime) -> dict[str, str] | None:
        """Begins the try, with the links that the letter is to carry; None where it may not go any more."""
        row = ready.row
        if not delivery.began_data(connection, row, now):
            return None
        if not ready.links:
            return {}
        found = self._links.tokens(connection, row.cycle, row.to_ref, ready.links.values(), ready.until, now)
        return {code: found[about] for code, about in ready.links.items()}

    async def _lay_back(self, first: OutboxRow, rest: Sequence[OutboxRow]) -> None:
        """The other letters to a reader are tried when the first is, after it."""
        found = await asyncio.to_thread(self._store.letter, first.id)
        until = datetime.now(UTC) if found is None else found.not_before
        for row in rest:
            await self._together.write(partial(delivery.postponed, row=row, until=until))

    def _looked_at(self, row: OutboxRow, wording: Wording, *, live: bool) -> Addressed | str:
        """The letter in its final form and whom it goes to; or what has become of it without being sent."""
        if row.kind not in KINDS:
            raise CycleNewer(row.cycle, RULES + 1)
        now, plan = datetime.now(UTC), wording.plan(row.cycle)
        if not live and not plan.practice:
            return self._store.postponed(row, now + NOT_LIVE_YET)
        if (row.kind in LOOKED_AT or wording.cancelled(row)) and wording.overtaken(row, now):
            return self._store.dropped(row, "overtaken")
        later = wording.quiet_until(row, now)
        if later is not None:
            return self._store.postponed(row, later)
        reader = wording.reader(row)
        if reader is None:
            return self._store.dropped(row, "nobody to send it to")
        ready = self._ready(row, wording)
        if ready is None or ready.data is None:
            return self._store.refused(row, "it cannot be written as a letter")
        links, until = wording.links(ready, ready.data), max(links_last_until(plan), now + LINKS_AT_LEAST)
        return Addressed(ready, ready.data, reader.address, plan.practice, links, until)

    def _ready(self, row: OutboxRow, wording: Wording) -> OutboxRow | None:
        """The letter with its final form kept: every copy of it will be the same bytes.

        Raises:
            ErasedMeanwhile: it may name somebody who was erased since; it is written again in a moment.
        """
        if row.data is not None:
            return row
        try:
            letter = wording.render(row, datetime.now(UTC))
        except (UnsafeHeader, FactsMissing) as fault:
            self._log.warning("letter cannot be written", cycle=row.cycle, letter=row.id, fault=type(fault).__name__)
            letter = None
        return None if letter is None else self._store.rendered(row, letter, wording.since)

    def _note(self, connection: Connection, row: OutboxRow, outcome: Outcome) -> str:
        """Writes down what came of a try."""
        now = datetime.now(UTC)
        match outcome:
            case Delivered():
                return delivery.delivered(connection, row, now)
            case Refused(detail=detail):
                state = delivery.refused(connection, row, detail)
            case Deferred(detail=detail):
                state = delivery.deferred(connection, row, detail, now)
            case SenderRefused(detail=detail):
                state = delivery.postponed(connection, row, now + OURS_TO_MEND, detail)
            case Suspect(detail=detail):
                state = delivery.suspect(connection, row, detail, now)
        self._log.warning(
            "letter not delivered", cycle=row.cycle, letter=row.id, kind=row.kind, state=state, detail=detail
        )
        return state


@contextlib.asynccontextmanager
async def _beating() -> AsyncIterator[None]:
    """Heartbeats while the round works, so that another worker takes over soon after this one dies."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(BEAT)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
