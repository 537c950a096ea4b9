"""Correcting what is kept of a person: her name, address, language or time zone."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from store.faults import AddressTaken, NobodyToErase
from store.models import Person
from store.refs import normal_address
from store.schema import outbox, people
from store.writing import lock_cycle

MAY = ("name", "address", "language", "zone")
"""What can be corrected; who she is otherwise follows from the plan and from what she answers."""


def correct(connection: Connection, cycle: str, ref: str, changes: Mapping[str, str]) -> Person:
    """Corrects a person of one cycle. Letters to her that wait without having been approved are written anew.

    Those that were approved, or wait for agreement, go to the new address as they are.

    Raises:
        NoSuchCycle: there is none of that id.
        NobodyToErase: the cycle knows nobody of that reference.
        AddressTaken: somebody else of the cycle has that address.
    """
    lock_cycle(connection, cycle)
    values = {key: value for key, value in changes.items() if key in MAY and value}
    mine = (people.c.cycle == cycle, people.c.ref == ref)
    if "address" in values:
        values["address_norm"] = normal_address(values["address"])
        taken = select(people.c.ref).where(people.c.cycle == cycle, people.c.address_norm == values["address_norm"])
        if connection.execute(taken.where(people.c.ref != ref)).first() is not None:
            raise AddressTaken(cycle)
    if values and not connection.execute(update(people).where(*mine).values(**values)).rowcount:
        raise NobodyToErase(cycle)
    row = connection.execute(select(people).where(*mine)).one_or_none()
    if row is None:
        raise NobodyToErase(cycle)
    waits = (outbox.c.cycle == cycle, outbox.c.to_ref == ref, outbox.c.state.in_(("queued", "overdue")))
    fresh = (outbox.c.batch == "", outbox.c.maybe_delivered == 0)
    connection.execute(update(outbox).where(*waits, *fresh).values(data=None, subject="", digest=""))
    return Person.model_validate(dict(row._mapping))
