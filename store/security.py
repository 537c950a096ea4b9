"""The log of the doors: who signed in and out, and what was refused for want of a proof. No names, words or tokens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from store.access import security_log
from store.models import SecurityEntry
from store.refs import clock

KEPT = timedelta(days=400)
"""How long: a cycle lasts a year, and who may have decided what is asked at its end."""
MOST = 10_000
"""At most so many lines, for whoever reaches a door could fill the disk with refusals."""
ALL_THE_SAME = ("needs_read",)
"""What no refusals push out, however many: only who has signed in and may read has it noted."""


def note(
    connection: Connection, what: str, *, door: str = "", staff: str = "", cycle: str = "", detail: str = "",
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Writes one line down, and lets go of what is too old, or too much.

    Args:
        connection: of the transaction that it belongs to.
        what: what happened, as :data:`store.models.SecurityEntry.what` names it.
        door: ``terminal``, ``portal``, or ``engine`` for what came to a cycle's workflow directly.
        staff: the reference that was given, which is not always that of who was there.
        cycle: its id.
        detail: a few words by this program: the name of an update, a reason. Never anything that somebody typed.
        at: when; now.
    """
    values: dict[str, Any] = {"door": door, "staff": staff, "cycle": cycle, "detail": detail}
    moment = at or clock()
    made = connection.execute(insert(security_log).values(at=moment, what=what, **values))
    newest = int(made.inserted_primary_key[0]) if made.inserted_primary_key else 0
    too_much = (security_log.c.id <= newest - MOST) & security_log.c.what.not_in(ALL_THE_SAME)
    gone = (security_log.c.at < moment - KEPT) | too_much
    connection.execute(delete(security_log).where(gone))


def entries(
    connection: Connection, since: datetime | None, what: Collection[str], cycle: str, most: int
) -> list[SecurityEntry]:
    """The newest lines, newest first; of some kinds or of one cycle only, where these are named."""
    query = select(security_log).order_by(security_log.c.id.desc()).limit(most)
    if since is not None:
        query = query.where(security_log.c.at >= since)
    if what:
        query = query.where(security_log.c.what.in_(what))
    if cycle:
        query = query.where(security_log.c.cycle == cycle)
    return [SecurityEntry.model_validate(dict(row._mapping)) for row in connection.execute(query)]
