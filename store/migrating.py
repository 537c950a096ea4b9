"""Bringing a database to the form that this release reads: an empty one or an older one, never a newer one back.

A newer form says itself which older releases can still work on it: those leave it as it is, and go on (ADR 0017).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, inspect, select, text

from store.engine import Ground
from store.faults import StoreNewer
from store.schema import OLDEST, REVISION, settings

SCRIPTS = Path(__file__).parent / "migrations"

OLDEST_FORM = "oldest_form"
"""The setting under which a database keeps :data:`store.schema.OLDEST` of whoever migrated it."""

_LOCK = 0x6B696572
"""PostgreSQL's number for "this database is being migrated"."""


def migrate(ground: Ground, where: str) -> None:
    """Migrates the database where that is needed. Of several processes that start at once, one does it.

    Raises:
        StoreNewer: a newer release has given it a form on which this one cannot work.
    """
    with ground.reading() as connection:
        if workable(connection, revision(connection)):
            return
    import alembic.command  # noqa: F401, PLC0415 - slow to import: before the lock is taken, not while others wait

    with ground.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '60s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        if not workable(connection, revision(connection)):
            upgrade(connection, where)


def workable(connection: Connection, form: str | None) -> bool:
    """Whether this release can work on a database of that form as it is: its own, or a newer one that allows it."""
    if form is None or form <= REVISION:
        return form == REVISION
    oldest = connection.execute(select(settings.c.value).where(settings.c.key == OLDEST_FORM)).scalar()
    return isinstance(oldest, str) and "" < oldest <= REVISION


def revision(connection: Connection) -> str | None:
    """The form the database is in; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def upgrade(connection: Connection, where: str, to: str = "head") -> None:
    """Runs the migrations that are missing, within the transaction; those up to ``to``."""
    from alembic import command  # noqa: PLC0415 - slow to import, and needed once in the life of a database
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = revision(connection)
    if current == REVISION:
        return
    for form in (current, None if to == "head" else to):
        if form is not None and form not in known:
            raise StoreNewer(where, form)
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    if to == "head":
        _declare(connection)


def _declare(connection: Connection) -> None:
    """Writes down which older releases can still work here, for those who do not know this form."""
    connection.execute(delete(settings).where(settings.c.key == OLDEST_FORM))
    if OLDEST < REVISION:
        said = {"key": OLDEST_FORM, "value": OLDEST, "by": "", "at": datetime.now(UTC)}
        connection.execute(insert(settings), said)
