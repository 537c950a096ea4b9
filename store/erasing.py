"""Erasing a person: all that is hers goes from the record in one transaction, and stays away.

Hers are her row, what she said and what was said about her (by reference), the letters to her, her choice of letters
and an answer that was not decided yet. Where others' letters, reports and words name her, the name goes; what has been
sent is blanked, what waits is written anew without her. The journal, which knows her by a reference that leads nowhere
now, keeps counts and money. A row of ``erasures`` stands for it until nothing is left (:mod:`store.erasures`), and for
good, in case an older backup is restored. TRUST invariants 25, 26.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from exchange.erasing import PersonErased
from exchange.record import Gone
from store import own_words
from store.faults import NobodyToErase
from store.models import Erasure
from store.reported import strike_from_reports
from store.schema import (
    answers,
    envelopes,
    erasures,
    inbox,
    journal,
    links,
    opt_outs,
    outbox,
    people,
    texts,
)
from store.sealed import tell_cycle
from store.traces import Traces
from store.writing import chunks, insert_one, lock_cycle

HERSELF = "herself"
"""Who asked, where it was the person: her reference is not kept in the list."""

ERASED = "erased"
"""Why a letter has no bytes any more."""
NAMED = "not sent: it named somebody whose data was erased after it was approved"
"""Why an approved letter to somebody else was stopped."""

_TEXT = re.compile(r"n_[0-9a-z]+")
_GOING = ("queued", "sending", "overdue")
OVER = {"finished", "cancelled"}


def mark_of(ref: str) -> str:
    """What stands for an erased reference: nobody can tell the reference from it."""
    return hashlib.sha256(f"kierros erased {ref}".encode()).hexdigest()[:40]


@dataclass(frozen=True)
class Looked:
    """Letters that were searched for her before anything was locked."""

    seen: frozenset[tuple[int, str]]
    """Number and digest of each that was read."""
    naming: frozenset[int]
    """Those to others that name her."""


def look(connection: Connection, cycle: str, ref: str) -> Looked:
    """Searches the letters to others for her, without a lock: there may be thousands."""
    person = _person(connection, cycle, ref)
    if person is None:
        return Looked(frozenset(), frozenset())
    return _look_on(connection, cycle, ref, traces_of(connection, person), Looked(frozenset(), frozenset()))


def _look_on(connection: Connection, cycle: str, ref: str, traces: Traces, before: Looked) -> Looked:
    """Searches those that have come, or been written, since."""
    known = (outbox.c.cycle == cycle, outbox.c.to_ref != ref, outbox.c.data.is_not(None))
    there = [(row.id, row.digest) for row in connection.execute(select(outbox.c.id, outbox.c.digest).where(*known))]
    naming = {number for number, _ in there if number in before.naming}
    for part in chunks(number for number, digest in there if (number, digest) not in before.seen):
        rows = connection.execute(select(outbox.c.id, outbox.c.data).where(outbox.c.id.in_(part)))
        naming |= {row.id for row in rows if traces.in_letter(row.data)}
    return Looked(frozenset(there), frozenset(naming))


def _person(connection: Connection, cycle: str, ref: str) -> Row[Any] | None:
    return connection.execute(select(people).where(people.c.cycle == cycle, people.c.ref == ref)).one_or_none()


def traces_of(connection: Connection, person: Any) -> Traces:
    """What others' words may name her by, also from before it was corrected."""
    formerly = own_words.told(connection, person.cycle, person.ref).get(own_words.FORMERLY) or []
    return Traces((person.name, person.address, person.address_norm, *formerly))


def erase(connection: Connection, cycle: str, ref: str, by: str, role: str, looked: Looked, now: datetime) -> Erasure:
    """Erases one person of a cycle. Twice is once.

    Args:
        connection: in a transaction that writes.
        cycle: its id.
        ref: her reference in it.
        by: the staff reference of who has it done, ``time``, or :data:`HERSELF`.
        role: the role in which staff do.
        looked: what :func:`look` found.
        now: the moment.

    Raises:
        NoSuchCycle: there is none of that id.
        NobodyToErase: the cycle knows nobody of that reference.
    """
    row = lock_cycle(connection, cycle)
    person = _person(connection, cycle, ref)
    if person is None:
        if (known := find(connection, cycle, mark_of(ref))) is None:
            raise NobodyToErase(cycle)
        return known
    traces = traces_of(connection, person)
    steps = strike_from_reports(connection, cycle, traces, ref)
    _her_own(connection, cycle, ref)
    _letters_to_her(connection, cycle, ref)
    steps |= _letters_naming_her(connection, cycle, _look_on(connection, cycle, ref, traces, looked).naming)
    _words_of_others(connection, cycle, traces)
    connection.execute(delete(people).where(people.c.ref == ref, people.c.cycle == cycle))
    heard = row.phase in OVER or _in_journal(connection, cycle, ref)
    return _note(connection, cycle, ref, by, role, sorted(steps), now, now if heard else None)


def _note(
    connection: Connection, cycle: str, ref: str, by: str, role: str, steps: list[str], now: datetime,
    told: datetime | None,
) -> Erasure:  # fmt: skip
    mark = mark_of(ref)
    values = {
        "mark": mark, "cycle": cycle, "ref": ref, "asked_at": now, "asked_by": by, "role": role, "steps": steps,
        "told_at": told, "done_at": None, "pending": "",
    }  # fmt: skip
    if not insert_one(connection, erasures, values):  # a backup brought her back
        again = {key: value for key, value in values.items() if key not in {"mark", "cycle", "asked_at"}}
        mine = (erasures.c.mark == mark, erasures.c.cycle == cycle)
        connection.execute(update(erasures).where(*mine).values(**again))
    found = find(connection, cycle, mark)
    assert found is not None
    return found


def find(connection: Connection, cycle: str, mark: str) -> Erasure | None:
    """The erasure of that mark."""
    mine = (erasures.c.cycle == cycle, erasures.c.mark == mark)
    row = connection.execute(select(erasures).where(*mine)).one_or_none()
    return None if row is None else Erasure.model_validate(dict(row._mapping))


def _in_journal(connection: Connection, cycle: str, ref: str) -> bool:
    """Whether her cycle knows already, as after the restore of a backup that has the event."""
    mine = (journal.c.cycle == cycle, journal.c.kind == PersonErased.__name__)
    return any(data.get("person") == ref for data in connection.execute(select(journal.c.data).where(*mine)).scalars())


# -- hers, by reference ------------------------------------------------------------------------------------------------


def _her_own(connection: Connection, cycle: str, ref: str) -> None:
    for part in chunks(texts_about(connection, cycle, ref)):
        connection.execute(delete(texts).where(texts.c.cycle == cycle, texts.c.ref.in_(part)))
    hers = select(inbox.c.number).where(inbox.c.cycle == cycle, inbox.c.actor == ref)
    connection.execute(delete(envelopes).where(envelopes.c.cycle == cycle, envelopes.c.number.in_(hers)))
    own_words.forget(connection, cycle, ref)
    for table in (opt_outs, links):
        connection.execute(delete(table).where(table.c.cycle == cycle, table.c.ref == ref))


def texts_about(connection: Connection, cycle: str, ref: str) -> list[str]:
    """References of what she said and of what was said about her: reasons, notes, letters to her alone."""
    events = select(journal.c.data).where(journal.c.cycle == cycle)
    said = select(inbox.c.command, inbox.c.actor).where(inbox.c.cycle == cycle)
    rows: Iterator[dict[str, Any]] = iter(connection.execute(events).scalars())
    found = [text for data in rows if _is_about(data, ref) for text in _texts_in(data)]
    for row in connection.execute(said):
        if row.actor == ref or _is_about(row.command, ref):
            found += _texts_in(row.command)
    return list(dict.fromkeys(found))


def _is_about(data: dict[str, Any], ref: str) -> bool:
    alone = data.get("people") == [ref] and not data.get("groups")
    return alone or ref in {data.get("actor"), data.get("person"), data.get("about")}


def _texts_in(data: dict[str, Any]) -> Iterable[str]:
    return (value for value in data.values() if isinstance(value, str) and _TEXT.fullmatch(value))


def _letters_to_her(connection: Connection, cycle: str, ref: str) -> None:
    """What waits is dropped and what was sent is blanked; whose bytes are just leaving is known by its state."""
    hers = (outbox.c.cycle == cycle, outbox.c.to_ref == ref)
    blank = {"data": None, "subject": "", "last_error": ERASED}
    connection.execute(update(outbox).where(*hers).values(**blank))
    waits = outbox.c.state.not_in(("sent", "sending"))
    idle = (outbox.c.state == "sending", outbox.c.in_data.is_(False))
    for which in ((waits,), idle):
        gone = update(outbox).where(*hers, *which)
        connection.execute(gone.values(state="dropped", claimed_until=None))


# -- others', by name --------------------------------------------------------------------------------------------------


def _letters_naming_her(connection: Connection, cycle: str, naming: Iterable[int]) -> set[str]:
    """Blanks letters to others that name her; gives back the steps whose letters that wait for agreement did.

    What waits without having been approved is written anew before it leaves. What was approved is stopped, and staff
    are told: it would not be what they agreed to.
    """
    steps: set[str] = set()
    stopped: list[int] = []
    columns = (outbox.c.id, outbox.c.state, outbox.c.batch, outbox.c.in_data)
    for part in chunks(sorted(naming)):
        for row in connection.execute(select(*columns).where(outbox.c.id.in_(part))).all():
            change = _without_her(connection, cycle, row)
            stopped += [row.id] if change.get("last_error") == NAMED else []
            if row.state == "held":
                steps.add(row.batch.rpartition("/")[0])
            blank = {"data": None, "subject": "", "last_error": ERASED}
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(**{**blank, **change}))
    if stopped:
        tell_cycle(connection, cycle, f"letters-named-{min(stopped)}", len(stopped))
    return steps


def _without_her(connection: Connection, cycle: str, row: Any) -> dict[str, Any]:
    approved = bool(row.batch) and _approved(connection, cycle, row.batch)
    if row.state == "held" and approved:
        return {"state": "dropped", "last_error": NAMED}
    if row.state in _GOING and approved and not row.in_data:
        return {"state": "failed", "last_error": NAMED, "claimed_until": None}
    if row.state == "sending" and not row.in_data:
        return {"state": "queued", "claimed_until": None}
    return {}


def _approved(connection: Connection, cycle: str, batch: str) -> bool:
    step, _, revision = batch.rpartition("/")
    mine = (journal.c.cycle == cycle, journal.c.kind == "StepApproved")
    given = connection.execute(select(journal.c.data).where(*mine)).scalars()
    return any((data["step"], str(data.get("revision", 1))) == (step, revision) for data in given)


def _words_of_others(connection: Connection, cycle: str, traces: Traces) -> None:
    """Takes her name out of reasons, notes and paragraphs about something else, and out of others' answers."""
    for table, key, column in ((texts, texts.c.ref, "words"), (answers, answers.c.id, "value")):
        rows = connection.execute(select(key, table.c[column]).where(table.c.cycle == cycle)).all()
        for ident, words in rows:
            if (without := traces.struck_in(words)) != words:
                connection.execute(update(table).where(key == ident).values({column: without}))
    own_words.strike(connection, cycle, traces.struck_in)


# -- what the cycle's workflow hears -----------------------------------------------------------------------------------


def untold(connection: Connection, cycle: str) -> tuple[Gone, ...]:
    """Who was erased and has not left her cycle yet, in the order in which it was asked."""
    mine = (erasures.c.cycle == cycle, erasures.c.told_at.is_(None), erasures.c.ref != "")
    rows = connection.execute(select(erasures).where(*mine).order_by(erasures.c.asked_at, erasures.c.mark))
    return tuple(
        Gone(person=row.ref, actor=row.ref if row.asked_by == HERSELF else row.asked_by, role=row.role, steps=row.steps)
        for row in rows
    )


def told(connection: Connection, cycle: str, refs: Iterable[str], now: datetime) -> None:
    """Notes that the cycle has let them go."""
    for ref in refs:
        mine = (erasures.c.cycle == cycle, erasures.c.mark == mark_of(ref), erasures.c.told_at.is_(None))
        connection.execute(update(erasures).where(*mine).values(told_at=now))


def nobody_left_to_tell(connection: Connection, cycle: str, now: datetime) -> None:
    """The cycle is over: nobody has to hear of it any more."""
    mine = (erasures.c.cycle == cycle, erasures.c.told_at.is_(None))
    connection.execute(update(erasures).where(*mine).values(told_at=now))


def erased_since(connection: Connection, cycle: str, moment: datetime) -> bool:
    """Whether somebody was erased since: what was written before may still name her."""
    mine = (erasures.c.cycle == cycle, erasures.c.asked_at >= moment)
    return connection.execute(select(erasures.c.mark).where(*mine).limit(1)).first() is not None
