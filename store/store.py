"""The door to the record: everything that the rest of Kierros asks of it."""

from __future__ import annotations

from store.doorkeeping import Doorkeeping
from store.engine import connect
from store.erasures import Erasures
from store.letterbox import Letters
from store.migrating import migrate
from store.records import Records
from store.registers import Registers


class Store(Registers, Records, Letters, Doorkeeping, Erasures):
    """The record. Safe to use from several threads; every call is one transaction of its own.

    All instants are aware; those that come back are in UTC.
    """


def open_store(url: str, *, domain: str = "kierros.invalid") -> Store:
    """Opens the record and brings its form up to this release.

    Args:
        url: ``sqlite:////folder/kierros.db`` or ``postgresql://user@host/database``.
        domain: what stands behind the @ of every Message-ID, e.g. ``library.example``.

    Raises:
        StoreUnreachable: there is no database, or it cannot be used.
        StoreLocked: another process held it for too long.
        StoreNewer: a newer release wrote it.
    """
    engine, where = connect(url)
    store = Store(engine, where, domain)
    try:
        migrate(store, where)
    except BaseException:
        store.close()
        raise
    return store
