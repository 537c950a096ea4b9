"""Small helpers for statements that both databases understand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from store.faults import NoSuchCycle
from store.schema import cycles

T = TypeVar("T")

MANY = 500
"""At most so many values in one list of a statement."""

_LIGHT = [column for column in cycles.c if column.name not in {"plan", "first_plan"}]

# Statements that every answer needs are put together once: that costs SQLAlchemy more than the database needs for them.
_LOCK = select(*_LIGHT).where(cycles.c.id == bindparam("its_id")).with_for_update(key_share=True)


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Inserts the rows that are not there yet; one that breaks a unique key is left out.

    Gives back how many were inserted, or -1 where the database has not counted.
    """
    if not rows:
        return 0
    return connection.execute(_insert_new(connection.dialect.name, table), list(rows)).rowcount


@cache
def _insert_new(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return _insert(dialect, table).on_conflict_do_nothing()


def insert_one(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Inserts the row unless a unique key is taken; says whether it did."""
    statement = _insert(connection.dialect.name, table).values(row).on_conflict_do_nothing()
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def put(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Inserts the row, or replaces the one with its primary key."""
    put_all(connection, table, [row])


def put_all(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """The same for several rows, which have the same columns."""
    if rows:
        connection.execute(_put(connection.dialect.name, table, tuple(rows[0])), list(rows))


@cache
def _put(dialect: str, table: Table, names: tuple[str, ...]) -> postgresql.Insert | sqlite.Insert:
    statement, keys = _insert(dialect, table), [column.name for column in table.primary_key]
    changes = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def chunks(values: Iterable[T], size: int = MANY) -> Iterator[list[T]]:
    """The values in lists of at most ``size``."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def lock_cycle(connection: Connection, cycle: str) -> Row[Any]:
    """The cycle's row but for its plans, held until the transaction ends (SQLite holds the whole database).

    Others may meanwhile add rows that refer to the cycle, but not take this lock.

    Raises:
        NoSuchCycle: there is none of that id.
    """
    row = connection.execute(_LOCK, {"its_id": cycle}).one_or_none()
    if row is None:
        raise NoSuchCycle(cycle)
    return row
