"""The inbox: answers are numbered under the lock of their cycle, so that the order of numbers is that of the commits.

Once :func:`receive` has been committed, an answer is acknowledged and will be decided, whatever else breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, text, update

from exchange.record import MOST_BYTES, Post
from exchange.record import Row as Answer
from exchange.wire import lowered
from store.columns import dumps
from store.faults import CommandIdReused, CommandTooLarge, CycleIsOver, NotSigned
from store.models import Letterbox, Outcome, Receipt, Session
from store.refs import clock
from store.schema import cycles, envelopes, inbox
from store.sessions import demand
from store.standing import SUSPENDED
from store.writing import chunks, lock_cycle

LARGEST = 32 * 1024
"""Most bytes of one command. Commands hold references, and a few hundred bytes are usual."""


POST_OFFICE = "post-office"
"""The actor of what a cycle is told about its letters."""

# put together once, as in `store.writing`
_BY_COMMAND = select(inbox).where(inbox.c.command_id.in_(bindparam("ids", expanding=True)))
_BY_NUMBER = select(inbox).where(
    inbox.c.cycle == bindparam("its_cycle"), inbox.c.number.in_(bindparam("numbers", expanding=True))
)
_ADD = insert(inbox)
_COUNT = (
    update(cycles)
    .where(cycles.c.id == bindparam("its_id"))
    .values(received_to=bindparam("newest"), received_at=bindparam("at"))
)


def receive(
    connection: Connection,
    cycle: str,
    items: Sequence[Letterbox],
    received_at: datetime | None,
    session: Session | None = None,
) -> list[Receipt]:
    """Takes the answers in their order; all of them or none. Idempotent by command id.

    Those that staff typed in come with a proof, and with the ``session`` in which it was made: it is looked at again
    here, so that nothing is taken from somebody who was signed out meanwhile. Without one an answer can only be a
    person's own, and says of nobody that she entered it.

    They count by ``received_at``, or by the clock once the lock is held: then an answer that a collection could not see
    yet is never older than the collection, and a deadline that was decided after it stays right. Within a cycle the
    time never goes back, whatever a clock does. They are kept as the release can read them that the cycle began under.

    Raises:
        NoSuchCycle, CycleIsOver: nobody will decide them.
        CommandIdReused: an id was used before for something else.
        CommandTooLarge: a command is larger than any should be.
        NotSigned, SessionOver: staff's, and not proven to be.
    """
    _demand_proofs(connection, cycle, items, session)
    for item in items:
        if (size := len(dumps(item.command))) > LARGEST:
            raise CommandTooLarge(item.command_id, size, LARGEST)
    row = lock_cycle(connection, cycle)
    items = [_lowered(item, row.rules) for item in items]
    known = _known(connection, cycle, items)
    at = received_at or clock()
    at = max(at, row.received_at or at)
    fresh = _numbered(connection, row, items, known)
    if fresh and row.phase in {"finished", "cancelled"}:
        raise CycleIsOver(cycle, row.phase, row.ended_at)
    _insert(connection, cycle, fresh.values(), at)
    return [
        Receipt(number=fresh[i][0])
        if (i := item.command_id) in fresh
        else Receipt(number=known[i].number, state=known[i].state)
        for item in items
    ]


def _numbered(
    connection: Connection, cycle: Row[Any], items: Iterable[Letterbox], known: Mapping[str, Row[Any]]
) -> dict[str, tuple[int, Letterbox]]:
    """Those that are new, by their ids, with their numbers.

    Raises:
        CommandIdReused: an id came with something else, before or now.
    """
    fresh: dict[str, tuple[int, Letterbox]] = {}
    for item in items:
        before, twin = known.get(item.command_id), fresh.get(item.command_id)
        if before is None and twin is None:
            fresh[item.command_id] = (cycle.received_to + len(fresh) + 1, item)
        elif (before is not None and _differs(connection, before, item)) or (
            twin is not None and not _same(twin[1], item)
        ):
            raise CommandIdReused(cycle.id, item.command_id)
    return fresh


def _demand_proofs(connection: Connection, cycle: str, items: Sequence[Letterbox], session: Session | None) -> None:
    if any(item.proof for item in items):
        if session is None:
            raise NotSigned(cycle)
        demand(connection, session, clock())
    if any(not item.proof and unproven(item.actor, item.command) for item in items):
        raise NotSigned(cycle)


def unproven(actor: str, command: dict[str, Any]) -> bool:
    """Whether an answer without a proof cannot be what it says: neither a person's own, nor the post office's word."""
    return bool(command.get("entered_by")) or not (actor.startswith("p_") or actor == POST_OFFICE)


def _lowered(item: Letterbox, rules: int) -> Letterbox:
    """The answer as the release reads it that the cycle began under; nearly always just as it came."""
    command = lowered(item.command, rules)
    same = command == item.command and list(command) == list(item.command)
    return item if same else item.model_copy(update={"command": command})


def _same(one: Letterbox, other: Letterbox) -> bool:
    """Whether both say the same; proofs are made anew each time."""
    ours, theirs = (it.model_copy(update={"proof": "", "command": _content(it.command)}) for it in (one, other))
    return ours == theirs


def _content(command: dict[str, Any]) -> dict[str, Any]:
    """What is wished, whoever typed it in: a list that a colleague has imported already is the same list."""
    return {name: value for name, value in command.items() if name != "entered_by"}


def _known(connection: Connection, cycle: str, items: Sequence[Letterbox]) -> dict[str, Row[Any]]:
    """The rows that hold one of the ids.

    The cycle is looked at here, not in the query: by the ids alone PostgreSQL finds the right index also while it knows
    nothing about the table's contents.
    """
    found: dict[str, Row[Any]] = {}
    for part in chunks({item.command_id for item in items}):
        rows = connection.execute(_BY_COMMAND, {"ids": part})
        found |= {row.command_id: row for row in rows if row.cycle == cycle}
    return found


def _differs(connection: Connection, row: Row[Any], item: Letterbox) -> bool:
    """Whether the same id came with something else. Answers can be compared as long as they lie beside their row."""
    if _content(row.command) != _content(item.command) or row.actor != item.actor:
        return True
    beside = (envelopes.c.cycle == row.cycle, envelopes.c.number == row.number)
    sealed = connection.execute(select(envelopes.c.answers).where(*beside)).scalar()
    return sealed is not None and sealed != item.answers


def _insert(connection: Connection, cycle: str, fresh: Iterable[tuple[int, Letterbox]], at: datetime) -> None:
    rows = [
        {
            "cycle": cycle, "number": number, "command_id": item.command_id, "command": item.command,
            "actor": item.actor, "received_at": at, "state": "received", "name": "", "facts": {}, "decided_at": None,
            "proof": item.proof,
        }
        for number, item in fresh
    ]  # fmt: skip
    if not rows:
        return
    connection.execute(_ADD, rows)
    sealed = [{"cycle": cycle, "number": n, "answers": item.answers} for n, item in fresh if item.answers is not None]
    if sealed:
        connection.execute(insert(envelopes), sealed)
    connection.execute(_COUNT, {"its_id": cycle, "newest": rows[-1]["number"], "at": at})


def outcome(connection: Connection, cycle: str, number: int) -> Outcome | None:
    """What became of a row; None where there is none of that number."""
    return outcomes(connection, cycle, [number]).get(number)


def taken_as(connection: Connection, cycle: str, command_id: str) -> Outcome | None:
    """What became of the row that was taken under that id; None where none was."""
    rows = connection.execute(_BY_COMMAND, {"ids": [command_id]})
    return next((Outcome.model_validate(dict(row._mapping)) for row in rows if row.cycle == cycle), None)


def outcomes(connection: Connection, cycle: str, numbers: Iterable[int]) -> dict[int, Outcome]:
    """What became of rows, by number; numbers there are not are left out."""
    found: dict[int, Outcome] = {}
    for part in chunks(numbers):
        rows = connection.execute(_BY_NUMBER, {"its_cycle": cycle, "numbers": part})
        found |= {row.number: Outcome.model_validate(dict(row._mapping)) for row in rows}
    return found


def undecided(connection: Connection) -> list[tuple[str, int]]:
    """The cycles with answers that wait to be decided, and the newest number of each; none that is suspended."""
    mine = (inbox.c.state == text("'received'"), inbox.c.cycle.not_in(SUSPENDED))
    query = select(inbox.c.cycle, func.max(inbox.c.number)).where(*mine)
    return [(cycle, number) for cycle, number in connection.execute(query.group_by(inbox.c.cycle))]


def waiting(connection: Connection, cycle: str, most: int, after: int = 0) -> Post:
    """The first answers behind number ``after`` that wait: at most ``most`` of them, and ``MOST_BYTES``."""
    columns = (inbox.c.number, inbox.c.received_at, inbox.c.actor, inbox.c.command)
    wanted = (inbox.c.cycle == cycle, inbox.c.number > after, inbox.c.state == text("'received'"))
    found = connection.execute(select(*columns).where(*wanted).order_by(inbox.c.number).limit(most + 1)).all()
    rows: list[Answer] = []
    size = 0
    for row in found[:most]:
        size += len(dumps(row.command)) + len(row.actor) + 64
        if rows and size > MOST_BYTES:
            break
        rows.append(Answer(number=row.number, at=row.received_at, actor=row.actor, data=row.command))
    return Post(rows=tuple(rows), more=len(rows) < len(found))


def proofs(connection: Connection, cycle: str, numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Under which id each row came, and its proof; rows that brought none are left out."""
    found: dict[int, tuple[str, str]] = {}
    for part in chunks(numbers):
        mine = (inbox.c.cycle == cycle, inbox.c.number.in_(part), inbox.c.proof != "")
        rows = connection.execute(select(inbox.c.number, inbox.c.command_id, inbox.c.proof).where(*mine))
        found |= {row.number: (row.command_id, row.proof) for row in rows}
    return found
