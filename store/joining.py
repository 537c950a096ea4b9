"""Who has joined since letters were made ready: she gets hers in a language in which whoever approved could read it.

Her own where it was among them, else one of the plan's or English; in no other. Where none of these was there to be
read, her letter waits, and staff decide whether it leaves. TRUST invariant 2.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from exchange.base import PLAN
from exchange.mail import Mail
from store.cycles import get_plan
from store.people import get_people
from store.schema import outbox
from store.sealed import approval_of, digest_of, tell_cycle

TOLD_LATE = frozenset({"seminar_programme", "seminar_speaker"})
"""Letters that were approved for a group, and go by themselves to who joins it later."""

NOT_SHOWN = "not sent yet: its reader joined later, and nobody who approved such letters could read one in her language"
"""Why a letter to somebody who joined waits for a decision of its own."""

ENGLISH = "en"


def as_shown(connection: Connection, cycle: str, mail: Mail, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """New letters to those for whom none was held, held to what was shown.

    Args:
        connection: within the transaction that releases or sends them.
        cycle: theirs.
        mail: the order that they follow from.
        rows: the letters, not kept yet.
    """
    shown = shown_in(connection, cycle, mail) if rows else None
    if shown is None or (not shown and not mail.batch):
        return rows
    if mail.kind == "word":  # its words are staff's own, and there are no others
        return [_only(row, shown) for row in rows if shown]
    can_read = _who_can_read(connection, cycle, rows, shown)
    unseen = [row["key"] for row in rows if row["to_ref"] not in can_read and row["state"] == "queued"]
    if unseen:
        tell_cycle(connection, cycle, f"letters-joined-{min(unseen)}", len(unseen))
    waits = {"state": "failed", "last_error": NOT_SHOWN}
    return [row | waits if row["key"] in unseen else _only(row, shown) for row in rows]


def _only(row: dict[str, Any], shown: tuple[str, ...]) -> dict[str, Any]:
    return {**row, "facts": {**row["facts"], "shown": ",".join(shown)}}


def _who_can_read(connection: Connection, cycle: str, rows: list[dict[str, Any]], shown: tuple[str, ...]) -> set[str]:
    """The readers in whose own language, or else in the plan's or English, such a letter could be read."""
    refs = {row["to_ref"] for row in rows}
    if {*get_plan(connection, cycle).languages, ENGLISH} & {*shown}:
        return refs
    found = get_people(connection, refs)
    return {ref for ref, person in found.items() if person.language.replace("_", "-").partition("-")[0] in shown}


def shown_in(connection: Connection, cycle: str, mail: Mail) -> tuple[str, ...] | None:
    """The languages in which whoever approved letters like this one could read them; None where nobody was asked.

    That is where the plan lets the step's letters go by themselves, or nothing has been made ready for anybody.
    """
    same = (outbox.c.cycle == cycle, outbox.c.kind == mail.kind, outbox.c.step == mail.step)
    place = (outbox.c.slot == mail.slot, outbox.c.host == mail.host)
    there = (outbox.c.digest != "", outbox.c.state != "dropped")
    which = outbox.c.batch == mail.batch if mail.batch else outbox.c.batch != ""
    columns = (outbox.c.batch, outbox.c.language)
    found = connection.execute(select(*columns).where(*same, *place, *there, which).distinct()).all()
    batches = {mail.batch} if mail.batch else {row.batch for row in found}
    asked = {batch for batch in batches if _by_staff(connection, cycle, batch)}
    languages = {row.language for row in found if row.batch in asked}
    return tuple(sorted(languages)) if asked else None


def _by_staff(connection: Connection, cycle: str, batch: str) -> bool:
    """Whether staff approved what lies under the batch: something, or knowingly nothing."""
    agreed = approval_of(connection, cycle, batch)
    if agreed is None or agreed.actor == PLAN:
        return False
    kept = select(outbox.c.id).where(outbox.c.cycle == cycle, outbox.c.batch == batch, outbox.c.digest != "")
    return agreed.digest == digest_of([]) or connection.execute(kept.limit(1)).first() is not None
