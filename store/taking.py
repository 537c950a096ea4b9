"""An answer and what belongs to it, taken in one go: the words that it refers to, and somebody whom it names anew.

Half of it is never kept. The id says what was answered, so that a second click, or the same page sent again, is the
same answer: what came first stands, and nothing is added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from store.inbox import receive
from store.models import LastAnswer, Letterbox, Newcomer, Receipt, TextRow
from store.own_words import tell
from store.people import add_texts, find_or_add
from store.refs import clock
from store.schema import inbox
from store.writing import lock_cycle

AT_ONCE = timedelta(seconds=1)
"""A page waits so long for the decision."""


def take(
    connection: Connection,
    cycle: str,
    item: Letterbox,
    texts: Sequence[TextRow] = (),
    newcomer: Newcomer | None = None,
    told: Mapping[str, Any] | None = None,
    received_at: datetime | None = None,
) -> Receipt:
    """Takes one answer. Idempotent by its command id, whatever stands in it the second time.

    Args:
        connection: in a transaction that writes.
        cycle: the cycle's id.
        item: the answer; its command refers to ``texts``.
        texts: words of the person's own.
        newcomer: somebody the answer names, who is looked up by her address and added where nobody has it.
        told: what the person tells of herself with it (:func:`store.own_words.tell`).
        received_at: what it counts by; the clock where nothing is said.

    Raises:
        NoSuchCycle, CycleIsOver: nobody will decide it.
        CommandTooLarge: the command is larger than any should be.
    """
    lock_cycle(connection, cycle)
    mine = (inbox.c.command_id == item.command_id, inbox.c.cycle == cycle)
    known = connection.execute(select(inbox.c.number, inbox.c.state).where(*mine)).one_or_none()
    if known is not None:
        return Receipt(number=known.number, state=known.state)
    now = received_at or clock()
    add_texts(connection, cycle, texts, now)
    if newcomer is not None:
        ref = find_or_add(connection, cycle, newcomer.person, now)
        item = item.model_copy(update={"command": {**item.command, newcomer.field: ref}})
    tell(connection, cycle, item.actor, told or {}, now)
    return receive(connection, cycle, [item], received_at)[0]


def last_answer(connection: Connection, cycle: str, actor: str) -> LastAnswer | None:
    """What somebody answered last; None where she has not answered anything."""
    mine = (inbox.c.cycle == cycle, inbox.c.actor == actor)
    row = connection.execute(select(inbox).where(*mine).order_by(inbox.c.number.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    late = row.decided_at is not None and row.decided_at - row.received_at > AT_ONCE
    said = {"kind": row.command.get("kind", ""), "number": row.number, "state": row.state}
    return LastAnswer(**said, name=row.name, facts=row.facts, late=late)
