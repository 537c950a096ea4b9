"""An answer and what belongs to it, taken in one go: the words that it refers to, and somebody whom it names anew.

Half of it is never kept. The id says what was answered, so that a second click, or the same page sent again, is the
same answer: what came first stands, and nothing is added. Answers of several people are taken together where they come
together: a commit is one flush of the disk, however many it holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from store.inbox import receive
from store.models import LastAnswer, Letterbox, Newcomer, Receipt, TextRow
from store.own_words import tell_all
from store.people import add_texts, find_or_add
from store.refs import clock
from store.schema import inbox
from store.writing import chunks, lock_cycle

AT_ONCE = timedelta(seconds=1)
"""A page waits so long for the decision."""

_KNOWN = select(inbox.c.cycle, inbox.c.command_id, inbox.c.number, inbox.c.state).where(
    inbox.c.command_id.in_(bindparam("ids", expanding=True))
)
_LAST = (
    select(inbox)
    .where(inbox.c.cycle == bindparam("its_cycle"), inbox.c.actor == bindparam("its_actor"))
    .order_by(inbox.c.number.desc())
    .limit(1)
)


class Taking(NamedTuple):
    """One answer and what belongs to it."""

    item: Letterbox
    """Its command refers to ``texts``."""
    texts: Sequence[TextRow] = ()
    """Words of the person's own."""
    newcomer: Newcomer | None = None
    """Somebody the answer names, who is looked up by her address and added where nobody has it."""
    told: Mapping[str, Any] | None = None
    """What the person tells of herself with it (:func:`store.own_words.tell`)."""

    @property
    def bare(self) -> bool:
        """Whether nothing belongs to it: then its id must always come with the same."""
        return not (self.texts or self.newcomer or self.told or self.item.answers)


def take(
    connection: Connection, cycle: str, takings: Sequence[Taking], received_at: datetime | None = None
) -> list[Receipt]:
    """Takes answers in their order; all of them or none. Idempotent by command id.

    What belongs to an answer may read otherwise the second time: what came first stands.

    Args:
        connection: in a transaction that writes.
        cycle: the cycle's id.
        takings: the answers.
        received_at: what they count by; the clock where nothing is said.

    Raises:
        NoSuchCycle, CycleIsOver: nobody will decide them.
        CommandIdReused: an id was used before for something else.
        CommandTooLarge: a command is larger than any should be.
    """
    found: dict[str, Receipt] = {}
    if fuller := {one.item.command_id for one in takings if not one.bare}:
        lock_cycle(connection, cycle)
        found = _known(connection, cycle, fuller)
    own: list[Taking] = []
    fresh, items, now = set(found), [], received_at or clock()
    for one in takings:
        if one.bare:
            items.append(one.item)
        elif one.item.command_id not in fresh:
            fresh.add(one.item.command_id)
            items.append(_named(connection, cycle, one, now))
            own.append(one)
    add_texts(connection, cycle, [text for one in own for text in one.texts], now)
    tell_all(connection, cycle, [(one.item.actor, one.told or {}) for one in own], now)
    receipts = receive(connection, cycle, items, received_at) if items else []
    found |= {item.command_id: receipt for item, receipt in zip(items, receipts, strict=True)}
    return [found[one.item.command_id] for one in takings]


def _known(connection: Connection, cycle: str, ids: set[str]) -> dict[str, Receipt]:
    found: dict[str, Receipt] = {}
    for part in chunks(ids):
        rows = connection.execute(_KNOWN, {"ids": part})
        found |= {row.command_id: Receipt(number=row.number, state=row.state) for row in rows if row.cycle == cycle}
    return found


def _named(connection: Connection, cycle: str, one: Taking, now: datetime) -> Letterbox:
    """The answer, which names the newcomer by her reference."""
    if one.newcomer is None:
        return one.item
    ref = find_or_add(connection, cycle, one.newcomer.person, now)
    return one.item.model_copy(update={"command": {**one.item.command, one.newcomer.field: ref}})


def named_by(connection: Connection, cycle: str, actor: str) -> dict[str, set[datetime]]:
    """Whom somebody named by answers that were accepted, and when."""
    mine = (inbox.c.cycle == cycle, inbox.c.actor == actor, inbox.c.state == "accepted")
    found: dict[str, set[datetime]] = {}
    for row in connection.execute(select(inbox.c.command, inbox.c.received_at).where(*mine)):
        for field in ("person", "newcomer"):
            if (ref := row.command.get(field)) and ref != actor:
                found.setdefault(ref, set()).add(row.received_at)
    return found


def last_answer(connection: Connection, cycle: str, actor: str) -> LastAnswer | None:
    """What somebody answered last; None where she has not answered anything."""
    row = connection.execute(_LAST, {"its_cycle": cycle, "its_actor": actor}).one_or_none()
    if row is None:
        return None
    late = row.decided_at is not None and row.decided_at - row.received_at > AT_ONCE
    said = {"kind": row.command.get("kind", ""), "number": row.number, "state": row.state}
    return LastAnswer(**said, name=row.name, facts=row.facts, late=late)
