"""Staff: who may act, by name, address or reference; and what was said once for the whole installation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from store.faults import AmbiguousStaff, NoSuchStaff, StaffExists
from store.models import Setting, Staff
from store.refs import new_ref, normal_address
from store.schema import settings, staff
from store.sessions import end_all
from store.writing import put

_BY_REF = select(staff).where(staff.c.ref.in_(bindparam("refs", expanding=True)))


def add_staff(
    connection: Connection, name: str, address: str, language: str, zone: str, roles: Iterable[str], now: datetime
) -> str:
    """Makes a member of staff known, or takes one back who had been removed; gives back the reference ``s_…``.

    Raises:
        StaffExists: the address belongs to somebody who is active.
    """
    norm = normal_address(address)
    known = connection.execute(select(staff).where(staff.c.address_norm == norm)).one_or_none()
    if known is not None and known.active:
        raise StaffExists(known.ref, known.name)
    ref = known.ref if known is not None else new_ref("s")
    values = {"name": name, "address": address, "address_norm": norm, "language": language, "zone": zone}
    put(connection, staff, {"ref": ref, **values, "roles": list(roles), "active": True, "added_at": now})
    return str(ref)


def list_staff(connection: Connection, everybody: bool) -> list[Staff]:
    """Who may act, by name; ``everybody`` adds those who were removed."""
    rows = connection.execute(select(staff).order_by(staff.c.name, staff.c.ref))
    return [_staff(row) for row in rows if everybody or row.active]


def find_staff(connection: Connection, who: str) -> Staff:
    """The active member of staff of that name, address or reference, in whatever case.

    Raises:
        NoSuchStaff: there is none.
        AmbiguousStaff: several have that name.
    """
    plain, norm = _plain(who), normal_address(who)
    active = list_staff(connection, everybody=False)
    exact = [s for s in active if s.ref == plain or normal_address(s.address) == norm]
    found = exact or [s for s in active if _plain(s.name) == plain]
    if not found:
        raise NoSuchStaff(who)
    if len(found) > 1:
        raise AmbiguousStaff(who, [s.ref for s in found])
    return found[0]


def get_staff(connection: Connection, refs: Iterable[str]) -> dict[str, Staff]:
    """The staff behind the references, also those who were removed; who is not known is left out."""
    wanted = list(dict.fromkeys(refs))
    rows = connection.execute(_BY_REF, {"refs": wanted})
    found = {row.ref: _staff(row) for row in rows}
    return {ref: found[ref] for ref in wanted if ref in found}


def remove_staff(connection: Connection, ref: str, now: datetime) -> None:
    """Takes the right to act away, and ends her sessions; the row stays, because decisions name it.

    Raises:
        NoSuchStaff: nobody active has that reference.
    """
    gone = update(staff).where(staff.c.ref == ref, staff.c.active).values(active=False)
    if not connection.execute(gone).rowcount:
        raise NoSuchStaff(ref)
    end_all(connection, ref, now, why="removed")


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def _staff(row: Row[Any]) -> Staff:
    return Staff.model_validate(dict(row._mapping))


def get_setting(connection: Connection, key: str) -> Setting | None:
    """What was said under that key, by whom and when."""
    row = connection.execute(select(settings).where(settings.c.key == key)).one_or_none()
    return None if row is None else Setting.model_validate(dict(row._mapping))


def put_setting(connection: Connection, key: str, value: Any, by: str, at: datetime) -> None:
    """Says it; what was said before is replaced."""
    put(connection, settings, {"key": key, "value": value, "by": by, "at": at})
