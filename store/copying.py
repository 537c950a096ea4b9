"""The whole record as plain lines and back: one form for SQLite and PostgreSQL.

Each table is a text of JSON lines. The first names its columns and what kind of value each holds; every other is a row.
It says so itself what it holds, so that an older form is laid into tables as they were then and migrated from there.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    LargeBinary,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.types import NullType, TypeEngine

from store.access import NOT_COPIED
from store.columns import Data, Utc, dumps, iso, loads
from store.faults import CopyBroken, NotEmpty, StoreNewer
from store.migrating import revision, upgrade
from store.schema import metadata

TABLES = tuple(found.name for found in metadata.sorted_tables if found.name not in NOT_COPIED)
"""All tables that a backup holds, those that others refer to first."""

_TYPES: dict[str, type[TypeEngine[Any]] | TypeEngine[Any]] = {
    "plain": NullType(), "truth": Boolean(), "data": Data, "instant": Utc(), "bytes": LargeBinary(),
}  # fmt: skip
_AT_ONCE = 500


def dump(connection: Connection, name: str) -> Iterator[str]:
    """One table as lines. All tables of one transaction show one moment."""
    found = metadata.tables[name]
    kinds = [_kind(col) for col in found.c]
    yield dumps({"table": name, "columns": [col.name for col in found.c], "kinds": kinds})
    for row in connection.execute(select(found).order_by(*found.primary_key)):
        yield dumps([_plain(value, kind) for value, kind in zip(row, kinds, strict=True)])


def _kind(found: Column[Any]) -> str:
    if isinstance(found.type, Utc):
        return "instant"
    if isinstance(found.type, LargeBinary):
        return "bytes"
    if isinstance(found.type, Boolean):
        return "truth"
    return "data" if isinstance(found.type, JSON) else "plain"


def _plain(value: Any, kind: str) -> Any:
    if value is None or kind in {"plain", "truth", "data"}:
        return value
    return iso(value) if kind == "instant" else base64.b64encode(value).decode()


def _lifted(value: Any, kind: str) -> Any:
    if value is None or kind in {"plain", "truth", "data"}:
        return value
    return datetime.fromisoformat(value) if kind == "instant" else base64.b64decode(value)


def prepare(connection: Connection, where: str, form: str) -> None:
    """Makes the tables of an empty database as they were in ``form``.

    Raises:
        NotEmpty: there are tables already; they are left as they are.
        StoreNewer: this release does not know that form.
    """
    if inspect(connection).get_table_names():
        raise NotEmpty(where)
    upgrade(connection, where, form)
    if revision(connection) != form:
        raise StoreNewer(where, form)


def load(connection: Connection, name: str, lines: Iterable[str]) -> int:
    """Lays the lines of a table into it and gives back how many rows there were.

    Raises:
        CopyBroken: a line is not what it should be.
    """
    rest = iter(lines)
    try:
        head = loads(next(rest))
        kinds = head["kinds"]
        columns = [column(col, _TYPES[kind]) for col, kind in zip(head["columns"], kinds, strict=True)]
    except (StopIteration, ValueError, KeyError, TypeError):
        raise CopyBroken(name, 1) from None
    into, count = table(name, *columns), 0
    while part := list(islice(rest, _AT_ONCE)):
        connection.execute(insert(into), [_row(name, count + n, head["columns"], kinds, p) for n, p in enumerate(part)])
        count += len(part)
    return count


def _row(name: str, number: int, columns: list[str], kinds: list[str], line: str) -> dict[str, Any]:
    try:
        values = loads(line)
        return {col: _lifted(v, kind) for col, kind, v in zip(columns, kinds, values, strict=True)}
    except (ValueError, TypeError):
        raise CopyBroken(name, number + 2) from None


def finish(connection: Connection, where: str) -> None:
    """Brings the tables to today's form, and lets PostgreSQL count on from the highest number."""
    upgrade(connection, where)
    if connection.dialect.name == "postgresql":
        highest = connection.execute(select(func.max(metadata.tables["outbox"].c.id))).scalar()
        if highest is not None:
            connection.execute(text("SELECT setval(pg_get_serial_sequence('outbox', 'id'), :n)"), {"n": highest})
