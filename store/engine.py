"""The connection to the database: how it is opened, how transactions begin, and what its errors mean.

SQLite keeps a write-ahead log, flushes every commit to the disk and overwrites what is deleted; writers begin with
``BEGIN IMMEDIATE``, because a transaction that turns into a writer half-way fails at once, however long it may wait.
PostgreSQL readers see one snapshot; writers lock the row of the cycle they change.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from store.columns import NaiveTime, dumps, loads
from store.faults import StoreBroken, StoreFault, StoreLocked, StoreUnreachable

PATIENCE = 5
"""Seconds to wait for another writer, and for a connection."""

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_UNUSABLE = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_NOTADB", "SQLITE_CORRUPT")
_WAITING = {"55P03", "40P01", "40001", "57014"}
"""SQLSTATE of a lock not available, a deadlock, a serialization failure, a query cancelled."""


class Ground:
    """What the parts of the store stand on: transactions for reading and for writing."""

    def __init__(self, engine: Engine, where: str, domain: str) -> None:
        self._where = where
        self._domain = domain
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        calm = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = engine.execution_options(**calm) if engine.dialect.name == "postgresql" else engine
        self._here = threading.local()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the record throughout."""
        outer: Connection | None = getattr(self._here, "together", None)
        if outer is not None:
            yield outer
            return
        with sentences(self._where), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that this thread reads inside sees one state of the record, in one transaction.

        What is written meanwhile, here or elsewhere, is not seen.
        """
        with self.reading() as connection:
            outer = getattr(self._here, "together", None)
            self._here.together = connection
            try:
                yield
            finally:
                self._here.together = outer

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes. Committed at the end, undone by any exception."""
        with sentences(self._where), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Lets go of all connections."""
        self._engine.dispose()


def connect(url: str) -> tuple[Engine, str]:
    """An engine for the address, and the address as it may be shown (without a password).

    Raises:
        StoreUnreachable: no address of a database, or a folder that is not there.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreUnreachable(
            "the given address", "write sqlite:///file or postgresql://user@host/database."
        ) from None
    where = address.render_as_string(hide_password=True)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address), where
    if address.get_backend_name() in {"postgresql", "postgres"}:
        return _postgresql(address), where
    raise StoreUnreachable(where, "only sqlite:///file and postgresql://user@host/database are known.")


def _sqlite(address: URL) -> Engine:
    if not address.database or address.database == ":memory:":
        raise StoreUnreachable(str(address), "it needs a file; what is kept in memory is no record.")
    file = Path(address.database)
    if not file.parent.is_dir():
        raise StoreUnreachable(str(file), "its folder does not exist.")
    try:
        _make(file)
    except OSError as why:
        raise StoreUnreachable(str(file), f"{why.strerror or why}.") from None
    engine = create_engine(
        address.set(drivername="sqlite+pysqlite"),
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
        hide_parameters=True,
        json_serializer=dumps,
        json_deserializer=loads,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make(file: Path) -> None:
    """Makes the file, nobody else's to read: it holds names and addresses.

    One that is there is not opened: closing it would drop the locks that SQLite holds on it for this process, and
    whoever else leaves last would take the write-ahead log away under our feet.
    """
    if not file.is_file():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_sqlite` does
    _keep_a_log(connection)
    for pragma in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _keep_a_log(connection: Any) -> None:
    """Turns the write-ahead log on. SQLite refuses this at once where another is at it, whatever its busy timeout."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
            return
        except sqlite3.OperationalError as why:
            if not why.sqlite_errorname.startswith(_BUSY) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(address: URL) -> Engine:
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={
            "connect_timeout": PATIENCE,
            # a plan that was made while a table was empty must not be kept when it is full
            "options": f"-c lock_timeout={PATIENCE}s -c timezone=UTC -c plan_cache_mode=force_custom_plan",
        },
        hide_parameters=True,
        json_serializer=dumps,
        json_deserializer=loads,
        pool_pre_ping=True,
    )
    engine.dialect.use_insertmanyvalues_wo_returning = True  # many rows as one statement: half the time
    return engine


@contextmanager
def sentences(where: str) -> Iterator[None]:
    """Turns the errors of databases into sentences that hold no data."""
    try:
        yield
    except DBAPIError as error:
        raise _sentence(error.orig, where) from None
    except PoolTimeout:
        raise StoreLocked(where) from None
    except StatementError as error:
        if isinstance(error.orig, NaiveTime):
            raise error.orig from None
        raise


def _sentence(error: BaseException | None, where: str) -> StoreFault:
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        if name.startswith(_BUSY):
            return StoreLocked(where)
        if name.startswith(_UNUSABLE):
            return StoreUnreachable(where, f"{error}.")
        return StoreBroken(where, name)
    if getattr(error, "sqlstate", None) in _WAITING:
        return StoreLocked(where)
    if error is not None and any(kind.__name__ == "OperationalError" for kind in type(error).__mro__):
        return StoreUnreachable(where, _first_line(error))
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    return StoreBroken(where, " ".join(filter(None, (type(error).__name__, constraint))))


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{lines[0].rstrip('.')}." if lines else "the database does not answer."
