"""Delivering letters: what the outbox holds for now is sent, one letter and one recipient at a time.

At least once, at most three times: a letter's Message-ID and bytes are fixed before its first try, and a try of which
nobody knows whether it delivered (the connection was lost after DATA, the worker was killed) is counted as one. Nothing
here is final: what a mail server refuses for good becomes a failed letter, and the cycle prompts staff about it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import get_args

from temporalio import activity

from activities import names
from activities.wording import Wording
from exchange.base import RULES, Model
from exchange.mail import LetterKind
from exchange.overtaken import LOOKED_AT
from letters.facts import Sender
from letters.headers import UnsafeHeader
from letters.mailbox import MailboxTransport
from letters.scene import FactsMissing
from letters.transport import Deferred, Delivered, Outcome, Refused, SenderRefused, SmtpTransport, Suspect, Transport
from runtime.log import logger
from runtime.settings import Settings
from store.faults import CycleNewer, JournalBroken
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


class PostOffice:
    """Sends letters over the transport that the settings name."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._sender = Sender(name=settings.sender_name, address=settings.sender_address)
        self._log = logger()

    @activity.defn(name=names.DELIVER_LETTERS)
    async def deliver_letters(self) -> Sent:
        """One round: until nothing is due, or the round has lasted long enough."""
        until = datetime.now(UTC) + A_ROUND
        counts: Counter[str] = Counter()
        if held := await asyncio.to_thread(self._store.awake, datetime.now(UTC)):
            self._log.warning("letters overdue after an absence wait for staff", letters=held)
        live = await asyncio.to_thread(self._may_leave)
        async with _beating(), MailboxTransport(self._settings.mailbox) as practice, self._real(practice) as real:
            while datetime.now(UTC) < until:
                rows = await asyncio.to_thread(self._store.claim, datetime.now(UTC), AT_ONCE, LEASE)
                if not rows:
                    break
                wording = await asyncio.to_thread(Wording, self._store, self._sender)
                for row in rows:
                    counts[await self._one(row, wording, practice, real if live else None)] += 1
        following = await asyncio.to_thread(self._store.next_delivery_at)
        pause = None if following is None else max(0.0, (following - datetime.now(UTC)).total_seconds())
        failed = counts["failed"] + counts["suspect"]
        return Sent(sent=counts["sent"], waiting=counts["queued"], failed=failed, next_in=pause)

    def _may_leave(self) -> bool:
        """Whether letters in earnest may be sent: into the mailbox folder always, by a mail server after go-live."""
        return self._settings.transport == "mailbox" or self._store.get_setting(LIVE) is not None

    @contextlib.asynccontextmanager
    async def _real(self, practice: MailboxTransport) -> AsyncIterator[Transport]:
        """The mail server or the mailbox folder, as the settings say."""
        here = self._settings
        if here.transport == "mailbox":
            yield practice
            return
        server = SmtpTransport(
            here.smtp_host,
            here.smtp_port,
            security=here.smtp_security,
            user=here.smtp_user,
            password=here.smtp_password,
            timeout=here.smtp_timeout,
        )
        async with server:
            yield server

    async def _one(self, row: OutboxRow, wording: Wording, practice: Transport, real: Transport | None) -> str:
        """One letter.

        Where its cycle needs a newer release, or has a journal that cannot be read, it waits, and holds up no other.
        """
        try:
            if row.kind not in KINDS:
                raise CycleNewer(row.cycle, RULES + 1)
            plan = await asyncio.to_thread(wording.plan, row.cycle)
            return await self._turn(row, wording, practice if plan.practice else real)
        except (CycleNewer, JournalBroken) as why:
            self._log.warning("letter waits", cycle=row.cycle, letter=row.id, why=type(why).__name__)
            return await asyncio.to_thread(self._store.postponed, row, datetime.now(UTC) + OURS_TO_MEND)

    async def _turn(self, row: OutboxRow, wording: Wording, transport: Transport | None) -> str:
        """One letter: sent, or laid back until later, or dropped because it has lost its sense."""
        now = datetime.now(UTC)
        if transport is None:
            return await asyncio.to_thread(self._store.postponed, row, now + NOT_LIVE_YET)
        looked_at = row.kind in LOOKED_AT or await asyncio.to_thread(wording.cancelled, row)
        if looked_at and await asyncio.to_thread(wording.overtaken, row, now):
            return await asyncio.to_thread(self._store.dropped, row, "overtaken")
        later = await asyncio.to_thread(wording.quiet_until, row, now)
        if later is not None:
            return await asyncio.to_thread(self._store.postponed, row, later)
        return await self._send(row, wording, transport)

    async def _send(self, row: OutboxRow, wording: Wording, transport: Transport) -> str:
        """One letter to one person; what became of it stands in the outbox before the next is begun."""
        reader = await asyncio.to_thread(wording.reader, row)
        if reader is None:
            return await asyncio.to_thread(self._store.dropped, row, "nobody to send it to")
        ready = await asyncio.to_thread(self._ready, row, wording)
        if ready is None or ready.data is None:
            return await asyncio.to_thread(self._store.refused, row, "it cannot be written as a letter")
        if not await asyncio.to_thread(self._store.began_data, ready):
            return "waiting"
        outcome = await transport.send(ready.data, self._sender.address, reader.address)
        return await asyncio.to_thread(self._note, ready, outcome)

    def _ready(self, row: OutboxRow, wording: Wording) -> OutboxRow | None:
        """The letter with its final form kept: every copy of it will be the same bytes."""
        if row.data is not None:
            return row
        try:
            letter = wording.render(row, datetime.now(UTC))
        except (UnsafeHeader, FactsMissing) as fault:
            self._log.warning("letter cannot be written", cycle=row.cycle, letter=row.id, fault=type(fault).__name__)
            letter = None
        return None if letter is None else self._store.rendered(row, letter)

    def _note(self, row: OutboxRow, outcome: Outcome) -> str:
        match outcome:
            case Delivered():
                return self._store.delivered(row)
            case Refused(detail=detail):
                state = self._store.refused(row, detail)
            case Deferred(detail=detail):
                state = self._store.deferred(row, detail)
            case SenderRefused(detail=detail):
                state = self._store.postponed(row, datetime.now(UTC) + OURS_TO_MEND, detail)
            case Suspect(detail=detail):
                state = self._store.suspect(row, detail)
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
