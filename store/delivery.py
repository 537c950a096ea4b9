"""Delivery: which letter is to be tried now, and what came of the try.

A letter is claimed for a while (a lease), so that of several senders one tries it. Before the transport hands over the
letter itself (DATA), :func:`began_data` counts the try among those that may have delivered; a clear no from the mail
server takes it out again. Where nobody can know (the connection was lost, the sender died), it stays counted, and after
three such tries the letter is ``suspect``: people decide, not a machine. TRUST invariants 14, 15.

A letter that will not arrive by itself (``failed``, ``suspect``) is told to its cycle in the same transaction, as a row
of the inbox from the post office, so that staff are prompted whoever found out and whatever died thereafter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, delete, func, select, text, update

from store.erasing import ERASED, erased_since
from store.faults import ErasedMeanwhile
from store.models import LetterState, OutboxRow, Rendered
from store.posting import outbox_row
from store.schema import opt_outs, outbox
from store.sealed import NOT_APPROVED, free_stopped, tell_cycle
from store.settled import UNSETTLED
from store.standing import may_leave
from store.writing import chunks, insert_one

MOST_COPIES = 3
"""Tries that may have delivered a letter. Source: TRUST invariant 15."""

PAUSES = tuple(timedelta(seconds=s) for s in (1, 5, 30, 120, 600, 3600))
"""How long to wait after the first, second, … try; the last holds for all later ones."""

GIVE_UP = timedelta(days=3)
"""How long after its first try a letter that is put off is tried again."""

ALWAYS = frozenset({
    "cycle_cancelled", "visit_cancelled", "host_released", "place_withdrawn", "speaker_released",
    "erasure_asked", "new_link", "address_changed",
})  # fmt: skip
"""Letters that go also to those who asked for no more: cancellations, and what concerns the reader's own
data. Source: TRUST invariant 14."""

SENDER_REFUSED = "the mail server takes no letters from our sender"
"""Begins the reason of letters that wait because nothing of ours is taken: the operator's to mend."""

_QUEUED = outbox.c.state == text("'queued'")
_SENDING = outbox.c.state == text("'sending'")

# The two that every letter needs are put together once: that costs SQLAlchemy more than the database needs for them.
_BEGIN = (
    update(outbox)
    .where(outbox.c.id == bindparam("its_id"), _SENDING, outbox.c.tries == bindparam("its_tries"))
    .where(outbox.c.claimed_until > bindparam("its_time", type_=outbox.c.claimed_until.type))
    .where(outbox.c.in_data.is_(False), may_leave(), outbox.c.maybe_delivered < MOST_COPIES)
    .values(in_data=True, maybe_delivered=outbox.c.maybe_delivered + 1)
)
_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("its_id"), outbox.c.state != "sent")
    .values(
        state="sent",
        sent_at=bindparam("its_time", type_=outbox.c.sent_at.type),
        claimed_until=None,
        in_data=False,
        # whose bytes were erased while they were leaving is to be known by it
        last_error=case((outbox.c.last_error == ERASED, ERASED), else_=""),
    )
)


def claim(connection: Connection, now: datetime, limit: int, lease: timedelta) -> list[OutboxRow]:
    """Takes up to ``limit`` letters whose time has come, the longest waiting first, until ``now + lease``.

    Letters to people who opted out of them are dropped here. Those whose lease ran out are free again before.
    """
    _lapse(connection, now)
    claimed: list[Row[Any]] = []
    while len(claimed) < limit:
        ready = (_QUEUED, outbox.c.not_before <= now, may_leave())
        waiting = select(outbox).where(*ready).order_by(outbox.c.not_before, outbox.c.id)
        rows = connection.execute(waiting.limit(limit - len(claimed)).with_for_update(skip_locked=True)).all()
        refused = unwanted(connection, rows)
        _take(connection, [row.id for row in rows if row.id not in refused], now, now + lease)
        _drop(connection, refused)
        claimed += [row for row in rows if row.id not in refused]
        if not refused:
            break
    taken = {"state": "sending", "claimed_until": now + lease}
    return [outbox_row({**row._mapping, **taken, "tries": row.tries + 1}) for row in claimed]


def take_over(connection: Connection, now: datetime) -> None:
    """Frees at once what a former sender took and never reported on: whoever calls this is the only one by now.

    If that one only slept, :func:`began_data` stops it at its next letter, and a try that it had begun stays counted.
    """
    connection.execute(update(outbox).where(_SENDING).values(claimed_until=now))
    _lapse(connection, now)


def _lapse(connection: Connection, now: datetime) -> None:
    """Frees what a sender took and never reported on. If it had begun to hand it over, that try stays counted."""
    to_people(connection, now)
    over = (_SENDING, outbox.c.claimed_until <= now)
    again = {"state": "queued", "claimed_until": None, "not_before": now, "in_data": False}
    connection.execute(update(outbox).where(*over).values(**again))


def to_people(connection: Connection, now: datetime) -> None:
    """Letters whose sender died over the last try that they may have: ``suspect``, and told to their cycle."""
    doubtful = (_SENDING, outbox.c.claimed_until <= now, outbox.c.maybe_delivered >= MOST_COPIES)
    tell = [outbox_row(row._mapping) for row in connection.execute(select(outbox).where(*doubtful))]
    for row in tell:
        _report(connection, row, {"state": "suspect"}, sure=False)


def _take(connection: Connection, ids: list[int], now: datetime, until: datetime) -> None:
    first = func.coalesce(outbox.c.first_try_at, now)
    values = {"state": "sending", "claimed_until": until, "tries": outbox.c.tries + 1, "first_try_at": first}
    for part in chunks(ids):
        connection.execute(update(outbox).where(outbox.c.id.in_(part)).values(**values))


def _drop(connection: Connection, ids: set[int]) -> None:
    for part in chunks(ids):
        connection.execute(update(outbox).where(outbox.c.id.in_(part)).values(state="dropped", data=None))


def unwanted(connection: Connection, rows: Iterable[Any]) -> set[int]:
    """The numbers of those letters whose readers have opted out of them."""
    asked = [row for row in rows if row.kind not in ALWAYS]
    said: set[tuple[str, str, str]] = set()
    for part in chunks({row.to_ref for row in asked}):
        columns = (opt_outs.c.cycle, opt_outs.c.ref, opt_outs.c.kind)
        said |= {(c, r, k) for c, r, k in connection.execute(select(*columns).where(opt_outs.c.ref.in_(part)))}
    return {row.id for row in asked if {(row.cycle, row.to_ref, row.kind), (row.cycle, row.to_ref, "")} & said}


def rendered(connection: Connection, row: OutboxRow, letter: Rendered, since: datetime | None = None) -> OutboxRow:
    """Keeps the letter's final form before its first try. One that has a form keeps it: every copy is the same.

    Raises:
        ErasedMeanwhile: somebody was erased from its cycle since ``since``, and the form may name her.
    """
    if since is not None and erased_since(connection, row.cycle, since):
        raise ErasedMeanwhile(row.cycle)
    form = form_of(letter)
    connection.execute(update(outbox).where(outbox.c.id == row.id, outbox.c.data.is_(None)).values(**form))
    return outbox_row(connection.execute(select(outbox).where(outbox.c.id == row.id)).one()._mapping)


def form_of(letter: Rendered) -> dict[str, Any]:
    """What a row keeps of a rendered letter."""
    digest = hashlib.sha256(letter.data).hexdigest()
    return {"data": letter.data, "subject": letter.subject, "language": letter.language, "digest": digest}


def began_data(connection: Connection, row: OutboxRow, now: datetime) -> bool:
    """The last gate before the letter is handed over: counts the try, and says whether it may still go.

    False: the claim has run out, the letter was dropped or went another way meanwhile, or its cycle was suspended. Then
    nothing is sent.
    """
    return connection.execute(_BEGIN, {"its_id": row.id, "its_tries": row.tries, "its_time": now}).rowcount == 1


def not_begun(connection: Connection, row: OutboxRow) -> None:
    """It was not handed over after all: the sender was called off right after :func:`began_data`."""
    mine = update(outbox).where(*_held_by(row), outbox.c.in_data)
    connection.execute(mine.values(in_data=False, maybe_delivered=outbox.c.maybe_delivered - 1))


def delivered(connection: Connection, row: OutboxRow, now: datetime) -> LetterState:
    """The mail server has taken it. True whoever holds the claim by now."""
    connection.execute(_SENT, {"its_id": row.id, "its_time": now})
    return "sent"


def refused(connection: Connection, row: OutboxRow, error: str) -> LetterState:
    """The mail server will never take it (a 5xx answer)."""
    _report(connection, row, {"state": "failed", "last_error": scrubbed(error)}, sure=True)
    return _state(connection, row)


def deferred(connection: Connection, row: OutboxRow, error: str, now: datetime) -> LetterState:
    """Not now (a 4xx answer, or nobody answered): tried again after a pause, given up after three days."""
    first = connection.execute(select(outbox.c.first_try_at).where(outbox.c.id == row.id)).scalar() or now
    changes: dict[str, Any] = {"last_error": scrubbed(error), "state": "failed"}
    if now - first < GIVE_UP:
        changes |= {"state": "queued", "not_before": now + pause(row.tries)}
    _report(connection, row, changes, sure=True)
    return _state(connection, row)


def suspect(connection: Connection, row: OutboxRow, error: str, now: datetime) -> LetterState:
    """The connection was lost while the letter was handed over: nobody knows whether it arrived."""
    uncounted = update(outbox).where(*_held_by(row), outbox.c.in_data.is_(False))
    connection.execute(uncounted.values(maybe_delivered=outbox.c.maybe_delivered + 1))
    count = connection.execute(select(outbox.c.maybe_delivered).where(outbox.c.id == row.id)).scalar_one()
    changes: dict[str, Any] = {"last_error": scrubbed(error), "state": "suspect"}
    if count < MOST_COPIES:
        changes |= {"state": "queued", "not_before": now + pause(row.tries)}
    _report(connection, row, changes, sure=False)
    return _state(connection, row)


def postponed(connection: Connection, row: OutboxRow, until: datetime, why: str = "") -> LetterState:
    """It is to wait (quiet hours, quiet weeks), or nothing can leave at all. The claim does not count as a try."""
    first = None if row.tries <= 1 else outbox.c.first_try_at
    changes = {"state": "queued", "not_before": until, "tries": outbox.c.tries - 1, "first_try_at": first}
    changes["last_error"] = scrubbed(f"{SENDER_REFUSED}: {why}") if why else ""
    _report(connection, row, changes, sure=True)
    return _state(connection, row)


def dropped(connection: Connection, row: OutboxRow, why: str) -> LetterState:
    """It was not tried and will not be: there is nobody to send it to any more, or it lost its sense."""
    _report(connection, row, {"state": "dropped", "data": None, "last_error": scrubbed(why)}, sure=True)
    return _state(connection, row)


def _held_by(row: OutboxRow) -> tuple[Any, ...]:
    """Whether the claim is still that of ``row``: who was too slow has no say about another's try."""
    return outbox.c.id == row.id, _SENDING, outbox.c.tries == row.tries


def _report(connection: Connection, row: OutboxRow, changes: dict[str, Any], *, sure: bool) -> None:
    if sure:  # the server said so itself, or nothing was handed over: this try has delivered nothing
        certain = update(outbox).where(*_held_by(row), outbox.c.in_data)
        connection.execute(certain.values(maybe_delivered=outbox.c.maybe_delivered - 1))
    free = {"claimed_until": None, "in_data": False}
    done = connection.execute(update(outbox).where(*_held_by(row)).values(**changes, **free)).rowcount
    if done and changes["state"] in {"failed", "suspect"}:
        tell_cycle(connection, row.cycle, f"letter-{row.id}-{row.tries}", 1)


def _state(connection: Connection, row: OutboxRow) -> LetterState:
    found: LetterState = connection.execute(select(outbox.c.state).where(outbox.c.id == row.id)).scalar_one()
    return found


def pause(tries: int) -> timedelta:
    """How long to wait after that many tries."""
    return PAUSES[min(max(tries, 1), len(PAUSES)) - 1]


def scrubbed(error: str) -> str:
    """An error without addresses, at most 300 characters of it."""
    return re.sub(r"\S+@\S+", "…", error)[:300]


def next_delivery_at(connection: Connection) -> datetime | None:
    """When there will be something to claim; None while nothing waits."""
    queued = connection.execute(select(func.min(outbox.c.not_before)).where(_QUEUED, may_leave())).scalar()
    sending = connection.execute(select(func.min(outbox.c.claimed_until)).where(_SENDING)).scalar()
    return min((moment for moment in (queued, sending) if moment is not None), default=None)


def try_failed_again(connection: Connection, cycle: str, now: datetime) -> int:
    """Staff want the failed letters of a cycle tried once more. What is suspect has been tried often enough.

    What was stopped because it is not what was approved goes only if it is by now.
    """
    free_stopped(connection, cycle)
    mine = (outbox.c.cycle == cycle, outbox.c.state == "failed", outbox.c.last_error != NOT_APPROVED)
    failed = update(outbox).where(*mine)
    again = {"state": "queued", "first_try_at": None, "not_before": now, "last_error": "", **UNSETTLED}
    return connection.execute(failed.values(**again)).rowcount


def opt_out(connection: Connection, cycle: str, ref: str, kind: str, at: datetime) -> None:
    """The person wants no more letters of that kind; of no kind, when it is empty."""
    insert_one(connection, opt_outs, {"cycle": cycle, "ref": ref, "kind": kind, "at": at})


def opted_out(connection: Connection, cycle: str, ref: str) -> list[str]:
    """The kinds of letters that the person wants no more of; an empty one stands for all."""
    mine = (opt_outs.c.cycle == cycle, opt_outs.c.ref == ref)
    return list(connection.execute(select(opt_outs.c.kind).where(*mine).order_by(opt_outs.c.kind)).scalars())


def opt_in(connection: Connection, cycle: str, ref: str, kind: str) -> None:
    """The person wants letters of that kind again."""
    mine = (opt_outs.c.cycle == cycle, opt_outs.c.ref == ref, opt_outs.c.kind == kind)
    connection.execute(delete(opt_outs).where(*mine))
