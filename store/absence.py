"""After an absence: letters whose hour went by while nothing ran are shown to staff, to send or to drop.

The post office notes in every round that it is there. Where the last note is more than a day old, nothing has left for
so long, whatever the reason: what has waited for more than a day by then becomes ``overdue``, and so do the letters
that time asks for late because their hour fell into the absence. None of them leaves before somebody has seen it; of
several reminders to one person about the same only the newest is kept. What staff themselves are told leaves at once,
and so does what follows from an answer: that is decided only now. Practice runs know no absence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, text, update

from exchange.mail import Mail
from exchange.overtaken import AFTER_CANCELLING, REMINDERS
from store.delivery import to_people
from store.models import Overdue
from store.posting import key_of
from store.schema import cycles, outbox, settings
from store.writing import chunks, insert_one, lock_cycle

ABSENT = timedelta(hours=24)
"""So long nothing must have run, and so long a letter must have waited, to be overdue."""

NOTED_EVERY = timedelta(minutes=10)
"""The post office looks into the outbox at least every hour; so often it notes it."""

TO_STAFF = ("decision_waiting", "decision_reminder", "copy")
"""What staff are told about decisions, and their own copies, are never held back from them."""

NEWER = "a newer reminder stands for it"
CANCELLED = "the cycle was cancelled"

_AWAKE = "awake"
_OVERDUE = outbox.c.state == text("'overdue'")


def noted(connection: Connection, now: datetime) -> int:
    """Notes that letters are being sent; after an absence, holds back what is overdue. Gives back how many letters.

    To be called before the first letter is claimed.
    """
    known = connection.execute(select(settings.c.value).where(settings.c.key == _AWAKE).with_for_update()).scalar()
    if known is None:
        first = {"key": _AWAKE, "value": {"at": now.isoformat()}, "by": "", "at": now}
        insert_one(connection, settings, first)
        return 0
    last = datetime.fromisoformat(known["at"])
    if now - last > ABSENT:
        return _returned(connection, last, now)
    if now - last >= NOTED_EVERY:
        _note(connection, {**known, "at": now.isoformat()}, now)
    return 0


def _note(connection: Connection, value: dict[str, Any], now: datetime) -> None:
    connection.execute(update(settings).where(settings.c.key == _AWAKE).values(value=value, at=now))


def _gone(connection: Connection) -> tuple[datetime, datetime] | None:
    """The last absence; None where there was none."""
    known = connection.execute(select(settings.c.value).where(settings.c.key == _AWAKE)).scalar() or {}
    if "gone" not in known:
        return None
    since, until = map(datetime.fromisoformat, known["gone"])
    return since, until


def _returned(connection: Connection, last: datetime, now: datetime) -> int:
    """Notes the absence, and holds back what has waited for too long.

    One that follows another within a day belongs to it: in between, time may not have caught up.
    """
    before = _gone(connection)
    since = before[0] if before is not None and last - before[1] <= ABSENT else last
    _note(connection, {"at": now.isoformat(), "gone": [since.isoformat(), now.isoformat()]}, now)
    waited = and_(outbox.c.state == text("'queued'"), outbox.c.not_before <= now - ABSENT)
    # a sender died over it, and nobody has looked since; the try that it had begun stays counted
    to_people(connection, now - ABSENT)
    left_lying = and_(outbox.c.state == text("'sending'"), outbox.c.claimed_until <= now - ABSENT)
    held = _hold_back(connection, or_(waited, left_lying))
    newest_only(connection)
    return held


def _hold_back(connection: Connection, which: ColumnElement[bool], **changes: Any) -> int:
    earnest = outbox.c.cycle.in_(select(cycles.c.id).where(cycles.c.practice.is_(False)))
    held = update(outbox).where(which, earnest, outbox.c.kind.not_in(TO_STAFF))
    return connection.execute(held.values(state="overdue", claimed_until=None, in_data=False, **changes)).rowcount


def hold_late(connection: Connection, cycle: str, mails: Iterable[Mail], now: datetime) -> None:
    """Holds back those of the letters just ordered that time asked for in an absence."""
    late = [mail for mail in mails if mail.hour is not None]
    if not late:
        return
    noted(connection, now)
    since, until = _gone(connection) or (now, now)
    for mail in late:
        assert mail.hour is not None
        if since <= mail.hour < until:
            for part in chunks(mail.to):
                _hold_back(connection, _ordered(cycle, mail, part), not_before=mail.hour)
    newest_only(connection)


def _ordered(cycle: str, mail: Mail, to: Collection[str]) -> ColumnElement[bool]:
    """The letters of that order which would leave, of those to the people named."""
    waits = (outbox.c.cycle == cycle, outbox.c.state == text("'queued'"), outbox.c.to_ref.in_(to))
    if mail.op != "release":
        return and_(*waits, outbox.c.key.in_([key_of(mail, ref) for ref in to]))
    about = (outbox.c.kind == mail.kind, outbox.c.step == mail.step, outbox.c.slot == mail.slot)
    return and_(*waits, *about, outbox.c.host == mail.host, outbox.c.batch == mail.batch)


def newest_only(connection: Connection) -> None:
    """Of several reminders to one person about the same, those that wait are dropped, save the newest of all."""
    about = (outbox.c.cycle, outbox.c.kind, outbox.c.to_ref, outbox.c.step, outbox.c.slot, outbox.c.host)
    reminders = outbox.c.kind.in_(sorted(REMINDERS - set(TO_STAFF)))
    there = outbox.c.state.in_(("queued", "overdue", "sending", "sent"))
    newest = select(func.max(outbox.c.id)).where(reminders, there).group_by(*about)
    older = and_(reminders, outbox.c.state.in_(("queued", "overdue")), outbox.c.id.not_in(newest))
    connection.execute(update(outbox).where(older).values(state="dropped", data=None, last_error=NEWER))


def overdue(connection: Connection) -> list[Overdue]:
    """How many letters of which cycle wait for somebody to say whether they still make sense, and since when."""
    if _gone(connection) is None:
        return []
    oldest = func.min(outbox.c.not_before).label("since")
    query = select(outbox.c.cycle, func.count().label("count"), oldest).where(_OVERDUE)
    rows = connection.execute(query.group_by(outbox.c.cycle).order_by(outbox.c.cycle))
    return [Overdue.model_validate(dict(row._mapping)) for row in rows]


def release(connection: Connection, cycle: str, letters: Collection[int], by: str, now: datetime) -> list[int]:
    """Lets overdue letters leave after all, each as it is. Gives back the numbers of those that leave.

    What has lost its sense meanwhile (the answer has come) is still left out when its turn comes.

    Raises:
        NoSuchCycle: there is none of that id.
    """
    return _settle(connection, cycle, letters, {"state": "queued", "not_before": now, "settled_by": by})


def drop(connection: Connection, cycle: str, letters: Collection[int], by: str, why: str, now: datetime) -> list[int]:
    """Throws overdue letters away, for a reason (a text reference). Gives back the numbers of those that are gone.

    Raises:
        NoSuchCycle: there is none of that id.
    """
    said = {"settled_at": now, "settled_by": by, "settled_why": why}
    return _settle(connection, cycle, letters, {"state": "dropped", "data": None, **said})


def _settle(connection: Connection, cycle: str, letters: Collection[int], values: dict[str, Any]) -> list[int]:
    lock_cycle(connection, cycle)
    newest_only(connection)
    found = connection.execute(select(outbox.c.id).where(outbox.c.cycle == cycle, _OVERDUE).order_by(outbox.c.id))
    chosen = [number for number in found.scalars() if number in letters]
    for part in chunks(chosen):
        connection.execute(update(outbox).where(outbox.c.id.in_(part)).values(**values))
    return chosen


def cancelled(connection: Connection, cycle: str) -> None:
    """The cycle has been cancelled: what was overdue has lost its sense, except for what takes something back."""
    mine = (outbox.c.cycle == cycle, _OVERDUE, outbox.c.kind.not_in(sorted(AFTER_CANCELLING)))
    connection.execute(update(outbox).where(*mine).values(state="dropped", data=None, last_error=CANCELLED))
