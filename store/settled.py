"""Letters that reached nobody, until somebody says that they are settled: seen, and dealt with in another way.

While a cycle runs, a decision waits for staff about them. A letter that fails after the cycle's end has nobody to ask,
so it is shown until it is settled, by whom, when and why.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text, update

from store.models import Trouble
from store.schema import outbox
from store.writing import lock_cycle

UNSETTLED: dict[str, Any] = {"settled_at": None, "settled_by": "", "settled_why": ""}
"""How every letter begins, and begins again when it is tried once more."""

_LOST = (text("outbox.state IN ('failed', 'suspect')"), outbox.c.settled_at.is_(None))


def troubles(connection: Connection) -> list[Trouble]:
    """What has not arrived and is not settled, counted by cycle and state, also of cycles that are over."""
    columns = (outbox.c.cycle, outbox.c.state)
    query = select(*columns, func.count().label("count")).where(*_LOST).group_by(*columns).order_by(*columns)
    return [Trouble.model_validate(dict(row._mapping)) for row in connection.execute(query)]


def waiting_for_us(connection: Connection, reason: str) -> str:
    """The reason of one letter that waits because of it; empty while none does."""
    mine = (outbox.c.state == "queued", outbox.c.last_error.startswith(reason, autoescape=True))
    return connection.execute(select(outbox.c.last_error).where(*mine).limit(1)).scalar() or ""


def settle(connection: Connection, cycle: str, letters: Collection[int], by: str, why: str, at: datetime) -> list[int]:
    """Marks letters that did not arrive as settled: those named, or all of the cycle where none is.

    Args:
        connection: in a transaction.
        cycle: its id.
        letters: their numbers.
        by: the staff reference of who says so.
        why: the text reference of the reason.
        at: now.

    Returns:
        The numbers of those that were not settled before.

    Raises:
        NoSuchCycle: there is none of that id.
    """
    lock_cycle(connection, cycle)
    mine = (outbox.c.cycle == cycle, *_LOST)
    found = connection.execute(select(outbox.c.id).where(*mine).order_by(outbox.c.id)).scalars().all()
    chosen = [number for number in found if not letters or number in letters]
    values = {"settled_at": at, "settled_by": by, "settled_why": why}
    for number in chosen:
        connection.execute(update(outbox).where(outbox.c.id == number).values(**values))
    return chosen
