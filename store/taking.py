"""An answer and what belongs to it, taken in one go: the words that it refers to, and somebody whom it names anew.

Half of it is never kept. The id says what was answered, so that a second click, or the same page sent again, is the
same answer: what came first stands, and nothing is added.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from store.inbox import receive
from store.models import Letterbox, Newcomer, Receipt, TextRow
from store.people import add_texts, find_or_add
from store.refs import clock
from store.schema import inbox
from store.writing import lock_cycle


def take(
    connection: Connection,
    cycle: str,
    item: Letterbox,
    texts: Sequence[TextRow] = (),
    newcomer: Newcomer | None = None,
    received_at: datetime | None = None,
) -> Receipt:
    """Takes one answer. Idempotent by its command id, whatever stands in it the second time.

    Args:
        connection: in a transaction that writes.
        cycle: the cycle's id.
        item: the answer; its command refers to ``texts``.
        texts: words of the person's own.
        newcomer: somebody the answer names, who is looked up by her address and added where nobody has it.
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
    return receive(connection, cycle, [item], received_at)[0]
