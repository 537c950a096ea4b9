"""From orders to letters: what the rules order becomes rows of the outbox, held, queued, released or dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select, update

from exchange.correspondence import Mail
from store.joining import TOLD_LATE, as_shown
from store.models import OutboxRow
from store.schema import outbox
from store.sealed import NOT_APPROVED, intact, stop
from store.settled import UNSETTLED
from store.standing import LAST_WORD
from store.writing import chunks, insert_new

NEWER = "a newer letter about the same takes its place"
"""Why a letter that had not left was dropped."""


def key_of(mail: Mail, ref: str) -> str:
    """What the letter is and to whom: an order carried out twice makes one letter."""
    key = f"{mail.kind}:{mail.step}:{mail.slot}:{mail.host}:{mail.mark}:{ref}"
    return f"{key}@{mail.batch}" if mail.batch else key


def letter_row(cycle: str, mail: Mail, ref: str, state: str, domain: str, now: datetime) -> dict[str, Any]:
    """A new row of the outbox, with the Message-ID that it keeps."""
    return {
        "cycle": cycle, "key": key_of(mail, ref), "message_id": f"<{uuid4()}@{domain}>", "kind": mail.kind,
        "to_ref": ref, "step": mail.step, "slot": mail.slot, "host": mail.host, "mark": mail.mark,
        "batch": mail.batch, "facts": mail.facts, "entries": [entry.model_dump(mode="json") for entry in mail.entries],
        "state": state, "tries": 0, "maybe_delivered": 0, "in_data": False, "not_before": now, "claimed_until": None,
        "first_try_at": None, "data": None, "subject": "", "digest": "", "language": "", "last_error": "",
        "created_at": now, "sent_at": None, **UNSETTLED,
    }  # fmt: skip


def outbox_row(row: Mapping[Any, Any]) -> OutboxRow:
    """The row as a letter."""
    return OutboxRow.model_validate(dict(row))


def post(connection: Connection, cycle: str, mails: Iterable[Mail], domain: str, now: datetime) -> None:
    """Carries the orders out, in their order."""
    queued: list[dict[str, Any]] = []
    for mail in mails:
        match mail.op:
            case "send":
                if mail.kind == LAST_WORD:
                    _look_again(connection, cycle, mail.to, now)
                if not mail.instead:
                    queued += _sent(connection, cycle, mail, domain, now)
                if mail.instead:
                    insert_new(connection, outbox, queued)
                    queued = _instead(connection, cycle, mail, domain, now)
            case "release":
                queued += _release(connection, cycle, mail, domain, now)
            case "copy":
                queued += _copies(connection, cycle, mail, domain, now)
            case "drop":
                drop_held(connection, cycle, mail.batch)
            case "hold":
                raise ValueError("Letters are held by Store.hold, which renders them first.")
    insert_new(connection, outbox, queued)


def _sent(connection: Connection, cycle: str, mail: Mail, domain: str, now: datetime) -> list[dict[str, Any]]:
    """New rows. Who joins the group of a seminar that was announced gets its letter as it was approved."""
    rows = [letter_row(cycle, mail, ref, "queued", domain, now) | {"not_before": now + mail.rest} for ref in mail.to]
    return as_shown(connection, cycle, mail, rows) if mail.kind in TOLD_LATE else rows


def _instead(connection: Connection, cycle: str, mail: Mail, domain: str, now: datetime) -> list[dict[str, Any]]:
    """New rows; those about the same that have not left are dropped, and the new ones leave when those would have."""
    same = (outbox.c.cycle == cycle, outbox.c.kind == mail.kind, outbox.c.state.in_(("queued", "overdue")))
    place = (outbox.c.step == mail.step, outbox.c.slot == mail.slot, outbox.c.host == mail.host)
    found = connection.execute(
        select(outbox.c.id, outbox.c.to_ref, outbox.c.not_before, outbox.c.facts).where(*same, *place)
    ).all()
    older = {row.to_ref: row for row in found if row.to_ref in mail.to}
    known = {ref: {**mail.facts, **_as_told(row.facts)} for ref, row in older.items()}
    for part in chunks(row.id for row in older.values()):
        gone = {"state": "dropped", "data": None, "last_error": NEWER}
        connection.execute(update(outbox).where(outbox.c.id.in_(part)).values(**gone))
    leaves = {ref: min(now + mail.rest, older[ref].not_before) if ref in older else now + mail.rest for ref in mail.to}
    return [
        {
            **letter_row(cycle, mail, ref, "queued", domain, now),
            "not_before": leaves[ref],
            "facts": known.get(ref, mail.facts),
        }
        for ref in mail.to
    ]


def _as_told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a letter that never left says of the time that she was told last: the one in its place says the same."""
    return {field: facts[field] for field in ("was", "was_ends") if field in facts}


def _release(connection: Connection, cycle: str, mail: Mail, domain: str, now: datetime) -> list[dict[str, Any]]:
    """Lets the held letters go; gives back new rows for those for whom none was ever held.

    What was dropped meanwhile stays dropped. If what is held is not what was approved, none of it leaves.
    """
    same = (outbox.c.cycle == cycle, outbox.c.batch == mail.batch, outbox.c.kind == mail.kind)
    place = (outbox.c.step == mail.step, outbox.c.slot == mail.slot, outbox.c.host == mail.host)
    columns = (outbox.c.id, outbox.c.to_ref, outbox.c.state)
    rows = connection.execute(select(*columns).where(*same, *place)).all()
    wanted = set(mail.to)
    held = [row.id for row in rows if row.state == "held" and row.to_ref in wanted]
    if stopped := bool(held) and not intact(connection, cycle, mail.batch):
        stop(connection, cycle, held)
    else:
        for part in chunks(held):
            leaves = {"state": "queued", "not_before": now + mail.rest}
            connection.execute(update(outbox).where(outbox.c.id.in_(part)).values(leaves))
    there = {row.to_ref for row in rows}
    joined = [letter_row(cycle, mail, ref, "queued", domain, now) for ref in mail.to if ref not in there]
    joined = [row | {"not_before": now + mail.rest} for row in joined]
    if stopped:
        joined = [row | {"state": "failed", "last_error": NOT_APPROVED} for row in joined]
    return as_shown(connection, cycle, mail, joined)


def _copies(connection: Connection, cycle: str, mail: Mail, domain: str, now: datetime) -> list[dict[str, Any]]:
    """How what is held under the batch reads, for staff: the first letter of each kind in each language.

    They are kept under no batch: what was approved is the letters, not their copies.
    """
    held = (outbox.c.cycle == cycle, outbox.c.batch == mail.batch, outbox.c.state == "held")
    columns = [column for column in outbox.c if column.name in OutboxRow.model_fields and column.name != "data"]
    first: dict[tuple[str, str], OutboxRow] = {}
    for found in connection.execute(select(*columns).where(*held).order_by(outbox.c.id)):
        row = outbox_row(found._mapping)
        first.setdefault((row.kind, row.language), row)
    if not first or not intact(connection, cycle, mail.batch):
        return []
    copies = [_copy_of(row, mail) for row in first.values()]
    return [letter_row(cycle, copy, ref, "queued", domain, now) for copy in copies for ref in copy.to]


def _copy_of(row: OutboxRow, mail: Mail) -> Mail:
    facts = {**row.facts, "copied": row.kind, "language": row.language, "as": row.to_ref}
    return mail.model_copy(
        update={
            "slot": row.slot, "host": row.host, "mark": f"{mail.batch}/{row.kind}/{row.language}", "batch": "",
            "facts": facts, "entries": row.entries,
        }
    )  # fmt: skip


def _look_again(connection: Connection, cycle: str, to: Iterable[str], now: datetime) -> None:
    """Invitations that wait are looked at at once: by the new deadline they may have no time left to wait."""
    waits = (outbox.c.cycle == cycle, outbox.c.kind == "invitation", outbox.c.state == "queued")
    for part in chunks(to):
        hers = (*waits, outbox.c.to_ref.in_(part), outbox.c.not_before > now)
        connection.execute(update(outbox).where(*hers).values(not_before=now))


def drop_held(connection: Connection, cycle: str, batch: str) -> None:
    """Throws away what is still held under the batch; all that the cycle holds, when it is empty.

    The digest stays: what was approved is still known by it.
    """
    where = [outbox.c.cycle == cycle, outbox.c.state == "held"]
    if batch:
        where.append(outbox.c.batch == batch)
    connection.execute(update(outbox).where(*where).values(state="dropped", data=None, subject=""))
