"""Keeping: what the workflow has decided becomes the record, in one transaction, once.

Events go to the journal and change what lists show; answers get their outcomes; letters go to the outbox. The next
answers come back. All of it is done under the lock of the cycle's row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from exchange.record import MOST_ROWS, Post, Record
from store import absence
from store.answering import word_of
from store.erasing import nobody_left_to_tell, untold
from store.faults import JournalDiffers, JournalGap, RecordAhead, Superseded
from store.inbox import waiting
from store.outcomes import settle
from store.posting import post
from store.projecting import project
from store.schema import cycles, journal
from store.writing import lock_cycle


def keep(connection: Connection, record: Record, domain: str, now: datetime) -> Post:
    """Keeps the record and gives back the next answers. Keeping it again changes nothing.

    Raises:
        NoSuchCycle: there is none of that id.
        JournalGap: the journal does not end where these events begin.
        JournalDiffers: it holds other events there.
        RecordAhead: the record knows more than whoever sends this.
        Superseded: another workflow was started from the record since.
    """
    row = lock_cycle(connection, record.cycle)
    if row.writer != record.writer:
        raise Superseded(record.cycle)
    if _older(record, row):
        raise RecordAhead(record.cycle, row.length, row.decided_to, record.after, record.decided_to)
    if row.length == record.after:
        _write(connection, record, row, domain, now)
    elif row.length >= record.after + len(record.events):
        _compare(connection, record)
    else:
        raise JournalGap(record.cycle, row.length, record.after, len(record.events))
    most = MOST_ROWS if record.collect and row.received_to > record.decided_to else 0
    back = waiting(connection, record.cycle, most, after=record.decided_to)
    gone = untold(connection, record.cycle)
    return back.model_copy(update={"gone": gone}) if gone else back


def _older(record: Record, row: Row[Any]) -> bool:
    """Whether it comes from somebody who stands at an older moment, e.g. after a reset in Temporal's UI.

    A copy of what was kept long ago does no harm and is told by its events; one without events can only be that.
    """
    if row.length > record.after:
        return not record.events
    return row.length == record.after and row.ended_at is None and row.decided_to > record.decided_to


def _write(connection: Connection, record: Record, row: Row[Any], domain: str, now: datetime) -> None:
    if record.events:
        connection.execute(insert(journal), _lines(record, now))
    changes = project(connection, record, row, now)
    settle(connection, record, row, changes, now)
    word = word_of(connection, record.cycle, row.decided_to, changes.get("decided_to", 0), record.mails)
    post(connection, record.cycle, [*record.mails, *word], domain, now)
    absence.hold_late(connection, record.cycle, record.mails, now)
    if changes.get("phase") == "cancelled":
        absence.cancelled(connection, record.cycle)
    if changes.get("ended_at"):
        nobody_left_to_tell(connection, record.cycle, now)
    connection.execute(update(cycles).where(cycles.c.id == record.cycle).values(**changes))


def _lines(record: Record, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "cycle": record.cycle, "position": position, "kind": data["kind"],
            "at": datetime.fromisoformat(data["at"]), "recorded_at": now, "data": data,
        }
        for position, data in enumerate(record.events, record.after + 1)
    ]  # fmt: skip


def _compare(connection: Connection, record: Record) -> None:
    """An activity that is tried again brings what is there already; anything else must not pass for it."""
    first, last = record.after + 1, record.after + len(record.events)
    lines = select(journal.c.position, journal.c.data).where(
        journal.c.cycle == record.cycle, journal.c.position.between(first, last)
    )
    for line, data in zip(connection.execute(lines.order_by(journal.c.position)), record.events, strict=True):
        if line.data != data:
            raise JournalDiffers(record.cycle, line.position)
