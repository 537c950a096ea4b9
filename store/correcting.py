"""Correcting what is kept of a person: her name, address, language or time zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from exchange.mail import Mail
from store import own_words
from store.faults import AddressTaken, NobodyToErase
from store.models import Person
from store.posting import post
from store.refs import normal_address
from store.schema import outbox, people
from store.writing import lock_cycle

MAY = ("name", "address", "language", "zone")
"""What can be corrected; who she is otherwise follows from the plan and from what she answers."""


def correct(
    connection: Connection, cycle: str, ref: str, changes: Mapping[str, str], domain: str, now: datetime
) -> Person:
    """Corrects a person of one cycle. Letters to her that wait without having been approved are written anew.

    Those that were approved, or wait for agreement, go to the new address as they are. By what she was known before is
    remembered until she is erased: it stands in letters to others, and goes from there with the rest. Where her letters
    went before is told that they go elsewhere now, so that nobody takes them over unseen.

    Raises:
        NoSuchCycle: there is none of that id.
        NobodyToErase: the cycle knows nobody of that reference.
        AddressTaken: somebody else of the cycle has that address.
    """
    lock_cycle(connection, cycle)
    values = {key: value for key, value in changes.items() if key in MAY and value}
    mine = (people.c.cycle == cycle, people.c.ref == ref)
    before = connection.execute(select(people).where(*mine)).one_or_none()
    if before is None:
        raise NobodyToErase(cycle)
    if "address" in values:
        values["address_norm"] = normal_address(values["address"])
        taken = select(people.c.ref).where(people.c.cycle == cycle, people.c.address_norm == values["address_norm"])
        if connection.execute(taken.where(people.c.ref != ref)).first() is not None:
            raise AddressTaken(cycle)
    if values:
        connection.execute(update(people).where(*mine).values(**values))
    names = {name: getattr(before, name) for name in ("name", "address")}
    if gone := [was for name, was in names.items() if values.get(name, was) != was]:
        own_words.known_as(connection, cycle, ref, gone, now)
    if values.get("address_norm", before.address_norm) != before.address_norm:
        _tell_the_old(connection, cycle, ref, before.address, domain, now)
    waits = (outbox.c.cycle == cycle, outbox.c.to_ref == ref, outbox.c.state.in_(("queued", "overdue")))
    fresh = (outbox.c.batch == "", outbox.c.maybe_delivered == 0)
    connection.execute(update(outbox).where(*waits, *fresh).values(data=None, subject="", digest=""))
    row = connection.execute(select(people).where(*mine)).one()
    return Person.model_validate(dict(row._mapping))


def _tell_the_old(connection: Connection, cycle: str, ref: str, address: str, domain: str, now: datetime) -> None:
    """Word to the address that she had, which the row knows as one of those by which she was known."""
    known = own_words.told(connection, cycle, ref).get(own_words.FORMERLY) or []
    facts = {"formerly": str(known.index(address)), "at": now.isoformat()}
    mail = Mail(kind="address_changed", to=(ref,), mark=now.isoformat(), facts=facts)
    post(connection, cycle, [mail], domain, now)
