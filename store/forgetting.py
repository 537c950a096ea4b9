"""Around an erasure: who still has to hear of it, what is still on its way, and what a restored backup brought back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from exchange.mail import Mail
from store.access import sessions, sign_ins
from store.erasing import ERASED, HERSELF, OVER, find, mark_of
from store.faults import HoldsARole, NobodyToErase, NoSuchStaff
from store.models import Erasure
from store.posting import post
from store.schema import cycles, erasures, outbox, people, staff
from store.writing import insert_one


def untold_cycles(connection: Connection) -> list[str]:
    """Running cycles whose workflow has yet to hear that somebody was erased."""
    running = select(cycles.c.id).where(cycles.c.phase.not_in(sorted(OVER)), cycles.c.engine == "started")
    mine = (erasures.c.told_at.is_(None), erasures.c.cycle.in_(running))
    return list(connection.execute(select(erasures.c.cycle).where(*mine).distinct()).scalars())


def leaving(connection: Connection, cycle: str, now: datetime) -> bool:
    """Whether a blanked letter is just being handed over: its bytes may still arrive, and leave a copy."""
    going = (outbox.c.cycle == cycle, outbox.c.data.is_(None), outbox.c.state == "sending", outbox.c.in_data)
    return (
        connection.execute(select(outbox.c.id).where(*going, outbox.c.claimed_until > now).limit(1)).first() is not None
    )


def blanked(connection: Connection, cycle: str) -> list[str]:
    """The Message-IDs of the letters whose bytes were erased; copies of them may lie in the mailbox folder."""
    mine = (outbox.c.cycle == cycle, outbox.c.last_error == ERASED)
    return list(connection.execute(select(outbox.c.message_id).where(*mine)).scalars())


def to_repeat(connection: Connection, listed: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Cycle, reference and mark of everybody who is on a list of erasures and is there all the same.

    A backup from before the erasure was restored. Staff stand under no cycle.

    Args:
        connection: for reading.
        listed: cycle and mark.
    """
    wanted = set(listed)
    known = connection.execute(select(people.c.cycle, people.c.ref)).all()
    colleagues = connection.execute(select(staff.c.ref).where(staff.c.address_norm.not_like("%@erased.invalid")))
    there = [(row.cycle, row.ref) for row in known] + [("", ref) for ref in colleagues.scalars()]
    marked = ((cycle, ref, mark_of(ref)) for cycle, ref in there)
    return [one for one in marked if (one[0], one[2]) in wanted]


def ask_to_confirm(connection: Connection, cycle: str, ref: str, domain: str, now: datetime) -> bool:
    """Queues the letter that asks her to confirm, by its link, that she wants to be erased; at most one an hour.

    Gives back whether a letter was queued: the one before it is still good.

    Raises:
        NobodyToErase: the cycle knows nobody of that reference.
    """
    mine = (people.c.cycle == cycle, people.c.ref == ref)
    if connection.execute(select(people.c.ref).where(*mine)).first() is None:
        raise NobodyToErase(cycle)
    mark = f"{now:%Y%m%d%H}"
    same = (outbox.c.cycle == cycle, outbox.c.kind == "erasure_asked", outbox.c.to_ref == ref, outbox.c.mark == mark)
    if connection.execute(select(outbox.c.id).where(*same)).first() is not None:
        return False
    post(connection, cycle, [Mail(kind="erasure_asked", to=(ref,), mark=mark)], domain, now)
    return True


def erase_staff(connection: Connection, ref: str, by: str, now: datetime) -> Erasure:
    """Replaces the name and address of somebody who is staff no more; what she decided stays, by her reference.

    Raises:
        NoSuchStaff: there is none of that reference.
        HoldsARole: she is active, or an open cycle waits for her.
    """
    row = connection.execute(select(staff).where(staff.c.ref == ref)).one_or_none()
    if row is None:
        raise NoSuchStaff(ref)
    if (known := find(connection, "", mark_of(ref))) is not None and row.address_norm.endswith("@erased.invalid"):
        return known
    open_plans = connection.execute(select(cycles.c.id, cycles.c.plan).where(cycles.c.phase.not_in(sorted(OVER))))
    holding = [one.id for one in open_plans if any(ref in who for who in one.plan.get("roles", {}).values())]
    if row.active or holding:
        raise HoldsARole(row.name, holding)
    nobody = f"{ref}@erased.invalid"
    gone = {"name": "somebody who left", "address": nobody, "address_norm": nobody}
    connection.execute(update(staff).where(staff.c.ref == ref).values(**gone))
    blank = {"data": None, "subject": "", "last_error": ERASED}
    connection.execute(update(outbox).where(outbox.c.to_ref == ref).values(**blank))
    for table in (sign_ins, sessions):
        connection.execute(delete(table).where(table.c.staff == ref))
    waits = (outbox.c.to_ref == ref, outbox.c.state.not_in(("sent", "sending")))
    connection.execute(update(outbox).where(*waits).values(state="dropped", claimed_until=None))
    values = {
        "mark": mark_of(ref), "cycle": "", "ref": ref, "asked_at": now, "asked_by": by or HERSELF, "role": "",
        "steps": [], "told_at": now, "done_at": None, "pending": "",
    }  # fmt: skip
    if not insert_one(connection, erasures, values):
        again = (erasures.c.mark == mark_of(ref), erasures.c.cycle == "")
        connection.execute(update(erasures).where(*again).values(ref=ref, done_at=None))
    found = find(connection, "", mark_of(ref))
    assert found is not None
    return found
