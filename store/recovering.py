"""Recovering: what a cycle's workflow has to know, taken from the record alone.

The journal's fold is the state, the inbox says which answers are decided, and the events' causes which decisions of
staff were taken. With it the record gets a new writer: whatever an older workflow still sends is refused.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, func, select, update

from exchange.cycle import begin
from exchange.essential import essential
from exchange.record import events
from exchange.wire import VERSION
from store.cycles import first_plan, get_cycle
from store.faults import JournalBroken, NothingToRecover
from store.models import CycleRow, JournalEntry, Recovered
from store.reading import folded, read_journal
from store.schema import cycles, inbox, outbox
from store.writing import lock_cycle

ANSWER = re.compile(r"i[0-9]+")
"""The cause of what follows from a row of the inbox."""


def recovered(connection: Connection, cycle: str) -> Recovered:
    """What the record knows of a running cycle, to start its workflow from. Changes nothing.

    Raises:
        NoSuchCycle: there is none of that id.
        NothingToRecover: it is over.
        CycleNewer: only a newer release can go on with it.
        JournalBroken: the journal is not whole.
    """
    return _read(connection, cycle, get_cycle(connection, cycle))


def recover(connection: Connection, cycle: str) -> Recovered:
    """The same, with the record given to a new writer. The workflow still has to be started."""
    lock_cycle(connection, cycle)  # nothing is kept between the reading and the change of writers
    found = _read(connection, cycle, get_cycle(connection, cycle))
    writer = secrets.token_hex(8)
    connection.execute(update(cycles).where(cycles.c.id == cycle).values(writer=writer, engine="lost"))
    return found.model_copy(update={"writer": writer})


def _read(connection: Connection, cycle: str, row: CycleRow) -> Recovered:
    if row.phase in {"finished", "cancelled"}:
        raise NothingToRecover(cycle, row.phase)
    entries = list(read_journal(connection, cycle, None))
    if len(entries) != row.length:
        where = min(len(entries), row.length) + 1
        raise JournalBroken(cycle, where, f"holds {len(entries)} events where it should hold {row.length}: it breaks")
    plan, rules = first_plan(connection, cycle)
    waiting = select(func.count()).where(inbox.c.cycle == cycle, inbox.c.state == "received")
    letters = select(outbox.c.state, func.count()).where(outbox.c.cycle == cycle).group_by(outbox.c.state)
    return Recovered(
        state=folded(begin(essential(plan), rules), entries),
        decided_to=row.decided_to,
        needs=max([rules, *(events.pack(entry.event, rules).get(VERSION, 1) for entry in entries)]),
        taken=_taken(entries),
        writer=row.writer,
        recorded_at=entries[-1].recorded_at if entries else None,
        waiting=connection.execute(waiting).scalar_one(),
        letters={row.state: row[1] for row in connection.execute(letters)},
    )


def _taken(entries: Iterable[JournalEntry]) -> dict[str, int]:
    """Each staff decision's id and the position after it: one that is sent again is not taken again."""
    taken: dict[str, int] = {}
    for entry in entries:
        cause = entry.event.cause
        if cause and not ANSWER.fullmatch(cause):
            taken.pop(cause, None)  # the newest stands last
            taken[cause] = entry.position
    return taken
