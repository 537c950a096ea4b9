"""Holding: letters are rendered before they are approved, kept as they are, and known by one digest.

What is approved is the digest; what is sent is the bytes it stands for. TRUST invariant 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from exchange.record import Preparation, Ready
from store.delivery import form_of
from store.erasing import erased_since
from store.faults import ErasedMeanwhile
from store.models import LetterState, OutboxRow, Rendered
from store.posting import letter_row, outbox_row
from store.schema import outbox
from store.sealed import digest_of
from store.writing import lock_cycle

Render = Callable[[OutboxRow], Rendered | None]
"""Gives a letter its final form, which includes the row's Message-ID; None where its reader is not known any more."""

_LISTED = [column for column in outbox.c if column.name in OutboxRow.model_fields and column.name != "data"]
LARGEST = 2**63 - 1
"""Numbers of rows are not larger; SQLite fails at one that is."""


def drafts(preparation: Preparation, domain: str, now: datetime) -> list[dict[str, Any]]:
    """The rows that the preparation asks for, not rendered and not kept yet."""
    rows = [
        letter_row(preparation.cycle, mail, ref, "held", domain, now) for mail in preparation.mails for ref in mail.to
    ]
    return list({row["key"]: row for row in rows}.values())


def formed(row: dict[str, Any], render: Render) -> dict[str, Any]:
    """The row with its letter rendered, or dropped where there is nobody to render it for."""
    letter = render(outbox_row(row))
    if letter is None:
        return {**row, "state": "dropped", "last_error": "nobody to send it to"}
    return {**row, **form_of(letter)}


def as_held(connection: Connection, preparation: Preparation, rows: Iterable[dict[str, Any]]) -> Ready | None:
    """What lies ready, if exactly these letters are held already, or some have been released since.

    A preparation that is carried out twice (the first answer was lost) must not replace what may be approved by now.
    """
    wanted = {row["key"]: (row["facts"], row["entries"]) for row in rows}
    columns = (outbox.c.key, outbox.c.facts, outbox.c.entries, outbox.c.state)
    there = connection.execute(_in_batches(preparation, *columns)).all()
    states = {row.state for row in there} - {"dropped"}
    same = {row.key: (row.facts, row.entries) for row in there} == wanted
    if states and (same or states != {"held"}):
        return ready(connection, preparation)
    return None


def replace(connection: Connection, preparation: Preparation, rows: list[dict[str, Any]]) -> Ready:
    """Keeps the rendered rows instead of what was held under the same batches.

    Raises:
        NoSuchCycle: there is none of that id.
        ErasedMeanwhile: somebody was erased while they were rendered.
    """
    lock_cycle(connection, preparation.cycle)
    if (held_meanwhile := as_held(connection, preparation, rows)) is not None:
        return held_meanwhile
    if rows and erased_since(connection, preparation.cycle, min(row["created_at"] for row in rows)):
        raise ErasedMeanwhile(preparation.cycle)
    batches = _batches(preparation)
    connection.execute(delete(outbox).where(outbox.c.cycle == preparation.cycle, outbox.c.batch.in_(batches)))
    if rows:
        connection.execute(insert(outbox), rows)
    return ready(connection, preparation)


def ready(connection: Connection, preparation: Preparation) -> Ready:
    """The digest over all letters of the preparation, the number of those that would leave, and their languages."""
    columns = (outbox.c.key, outbox.c.digest, outbox.c.language, outbox.c.state)
    rows = connection.execute(_in_batches(preparation, *columns)).all()
    there = [row for row in rows if row.state != "dropped"]
    languages = tuple(sorted({row.language for row in there}))
    digest = digest_of((row.key, row.digest) for row in rows if row.digest)
    return Ready(digest=digest, letters=len(there), languages=languages)


def held(connection: Connection, cycle: str, batch: str) -> list[OutboxRow]:
    """The letters held under the batch, whole, in the order in which they were asked for."""
    mine = (outbox.c.cycle == cycle, outbox.c.batch == batch, outbox.c.state == "held")
    return [outbox_row(row._mapping) for row in connection.execute(select(outbox).where(*mine).order_by(outbox.c.id))]


def letters(
    connection: Connection, cycle: str, states: Iterable[LetterState], kind: str | None, to_ref: str | None
) -> list[OutboxRow]:
    """The letters of a cycle, oldest first, without their bytes; all states, when none is named."""
    query = select(*_LISTED).where(outbox.c.cycle == cycle).order_by(outbox.c.id)
    if wanted := list(states):
        query = query.where(outbox.c.state.in_(wanted))
    if kind is not None:
        query = query.where(outbox.c.kind == kind)
    if to_ref is not None:
        query = query.where(outbox.c.to_ref == to_ref)
    return [outbox_row(row._mapping) for row in connection.execute(query)]


def letter(connection: Connection, letter_id: int) -> OutboxRow | None:
    """One letter, whole."""
    if letter_id > LARGEST:
        return None
    row = connection.execute(select(outbox).where(outbox.c.id == letter_id)).one_or_none()
    return None if row is None else outbox_row(row._mapping)


def _batches(preparation: Preparation) -> list[str]:
    return sorted({mail.batch for mail in preparation.mails})


def _in_batches(preparation: Preparation, *columns: Any) -> Any:
    mine = (outbox.c.cycle == preparation.cycle, outbox.c.batch.in_(_batches(preparation)))
    return select(*columns).where(*mine)
