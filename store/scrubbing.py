"""Scrubbing: what was deleted from the tables is made to vanish from the files of the database, too.

SQLite overwrites what is deleted (``secure_delete``), but may leave older copies of a row between the rows of a page
and in the write-ahead log: the file is rebuilt, and the log written back and emptied. PostgreSQL keeps deleted rows in
its pages until a table is rebuilt. Both need a moment in which nobody else holds the database; until there was one, the
erasure is pending.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import Engine

from store.engine import PATIENCE

TOUCHED = (
    "people", "staff", "texts", "inbox", "envelopes", "answers", "outbox", "opt_outs", "reports", "links", "own_words",
    "drafts",
)  # fmt: skip
"""The tables from which erasing takes something."""

BUSY = "the database is in use; what was deleted is still in its files"
"""Why an erasure is pending while somebody reads or writes for long."""


def scrub(engine: Engine) -> str:
    """Makes what was deleted vanish from the files. Gives back why it could not; empty where it did."""
    return _sqlite(str(engine.url.database)) if engine.dialect.name == "sqlite" else _postgresql(engine)


def _sqlite(file: str) -> str:
    """Rebuilds the file and empties the log; a reader that began before keeps the log in use until it has gone."""
    try:
        with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete=ON").fetchall()
            connection.execute("PRAGMA temp_store=MEMORY").fetchall()
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as why:
        name = getattr(why, "sqlite_errorname", type(why).__name__)
        return BUSY if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) else f"the database cannot be rebuilt ({name})"
    return BUSY if busy else ""


def _postgresql(engine: Engine) -> str:
    """Rebuilds the tables, each under its own lock. No transaction may be around it."""
    connection = engine.raw_connection()
    try:
        inner = connection.driver_connection
        assert inner is not None
        inner.autocommit = True
        for table in TOUCHED:
            inner.execute(f"VACUUM (FULL, ANALYZE) {table}")
    except Exception as why:  # noqa: BLE001 - whatever the database says no with, the erasure stays pending
        waiting = getattr(why, "sqlstate", "") in {"55P03", "57014", "40P01"}
        return BUSY if waiting else f"the tables cannot be rebuilt ({type(why).__name__})"
    finally:
        connection.invalidate()  # it must not go back to the others as it is now
        connection.close()
    return ""
