"""A letter with somebody's links once more: for whoever has lost hers, or comes with one that stands no more.

The letter goes to the address that is on record and nowhere else; nobody is shown a link.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from exchange.mail import Mail
from store.links import supersede
from store.posting import post
from store.refs import normal_address
from store.schema import cycles, links, outbox, people

IN_EVERY_LETTER = frozenset({"data", "optout"})
"""Purposes of links that stand in a letter anyhow, or end letters of its kind."""


def send_links(
    connection: Connection, cycle: str, ref: str, domain: str, now: datetime, *, fresh: bool, again: bool
) -> bool:
    """Queues a letter with all links that the person has had in the cycle.

    Args:
        connection: of a transaction that writes.
        cycle: its id.
        ref: whose links.
        domain: of the letter's Message-ID.
        now: the instant.
        fresh: the older links end, and the letter has new ones.
        again: also where such a letter was ordered within this hour; otherwise that one is enough.

    Returns:
        Whether a letter was queued; not where the cycle knows nobody of that reference.
    """
    mine = (people.c.cycle == cycle, people.c.ref == ref)
    part = connection.execute(select(people.c.part).where(*mine)).scalar()
    if part is None:
        return False
    if fresh:
        supersede(connection, cycle, ref, now)
    mark = now.isoformat() if again else f"{now:%Y%m%d%H}"
    same = (outbox.c.cycle == cycle, outbox.c.kind == "new_link", outbox.c.to_ref == ref, outbox.c.mark == mark)
    if connection.execute(select(outbox.c.id).where(*same)).first() is not None:
        return False
    found = had(connection, cycle, ref) or ([("place", "")] if part == "delegate" else [])
    facts = {"links": as_written(found)}
    post(connection, cycle, [Mail(kind="new_link", to=(ref,), mark=mark, facts=facts)], domain, now)
    return True


def send_links_to(connection: Connection, address: str, domain: str, now: datetime) -> int:
    """The same for whoever has that address, in every cycle that is open; how many letters were queued.

    Links that stand are left standing: else whoever knows her address could end them.
    """
    mine = (people.c.address_norm == normal_address(address), cycles.c.phase.in_(["running", "suspended"]))
    query = select(people.c.cycle, people.c.ref).join(cycles, cycles.c.id == people.c.cycle).where(*mine)
    known = connection.execute(query.order_by(people.c.cycle)).all()
    return sum(send_links(connection, row.cycle, row.ref, domain, now, fresh=False, again=False) for row in known)


def had(connection: Connection, cycle: str, ref: str) -> list[tuple[str, str]]:
    """What links she has been sent, but for those that stand in every letter."""
    mine = (links.c.cycle == cycle, links.c.ref == ref, links.c.purpose.not_in(sorted(IN_EVERY_LETTER)))
    found = {
        (purpose, about) for purpose, about in connection.execute(select(links.c.purpose, links.c.about).where(*mine))
    }
    return sorted(found)


def as_written(found: list[tuple[str, str]]) -> str:
    """Links as the letter's facts hold them, e.g. ``host=visits/first/helsinki place=``."""
    return " ".join(f"{purpose}={about}" for purpose, about in found)
