"""What became of answers; and feedback, which is parted from whoever gave it as soon as it counts.

What a person answered is staged beside her inbox row, sealed, until the rules have said whether it counts. Then its
values go, one by one and under random ids, to a table that knows neither person nor time nor number, and the envelope
is destroyed. When the survey closes, all its values are laid down anew together, so that not even the places on the
disk keep the order in which people answered. TRUST invariant 24.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, text, update

from exchange.record import Record
from store.own_words import drop_drafts, forget_needs
from store.schema import answers, envelopes, inbox, journal
from store.writing import chunks

_WITHOUT_PLACE = frozenset({
    "DelegateWithdrawn", "DelegateSubstituted", "DelegateCannotCome", "OfferDeclined", "OfferExpired",
    "InvitationDeclined",
})  # fmt: skip
"""Events after which somebody does not come."""
_WITH_PLACE = {"DelegateRegistered": "person", "DelegateWaitlisted": "person", "DelegateSubstituted": "by"}
"""Events after which somebody comes, or may, and who that is."""
_WAITS = inbox.c.state == text("'received'")


def settle(connection: Connection, record: Record, row: Row[Any], changes: dict[str, Any], now: datetime) -> None:
    """Gives the rows up to ``decided_to`` their outcomes; in a cycle that has ended, all that are left are refused."""
    mine = (inbox.c.cycle == record.cycle, _WAITS)
    if record.refused:
        refusing = update(inbox).where(*mine, inbox.c.number == bindparam("n"))
        values = [{"n": r.number, "said": r.name, "why": r.facts} for r in record.refused]
        said = {"state": "refused", "name": bindparam("said"), "facts": bindparam("why"), "decided_at": now}
        connection.execute(refusing.values(said), values)
    if record.decided_to > row.decided_to:
        taken = update(inbox).where(*mine, inbox.c.number <= record.decided_to)
        connection.execute(taken.values(state="accepted", decided_at=now))
        changes["decided_to"] = record.decided_to
    if changes.get("ended_at"):
        since = changes["ended_at"].isoformat()
        facts = {"phase": changes["phase"], "since": since}
        rest = update(inbox).where(*mine).values(state="refused", name="CycleOver", facts=facts, decided_at=now)
        connection.execute(rest)
        changes["decided_to"] = row.received_to
    _open_envelopes(connection, record)
    for event in record.events:
        if event["kind"] == "SurveyClosed":
            _shuffle(connection, record.cycle, event["step"])
            drop_drafts(connection, record.cycle, event["step"])
    _let_go(connection, record)


def _let_go(connection: Connection, record: Record) -> None:
    """What was asked for the sake of the visit goes with the place, and at the end of the cycle for all.

    So does what came with a wish for a place that is refused, where she has none by an earlier one. Whoever has asked
    for a place again meanwhile told it anew with that answer, which is not decided yet: hers stays.
    """
    gone: set[str] = set()
    for event in record.events:  # in their order: she may decline and, in the same breath, come after all
        if event["kind"] in _WITHOUT_PLACE:
            gone.add(event["person"])
        gone.discard(event.get(_WITH_PLACE.get(event["kind"], ""), ""))
    gone |= _refused_a_place(connection, record)
    if gone:
        waits = select(inbox.c.actor, inbox.c.command).where(inbox.c.cycle == record.cycle, _WAITS)
        gone -= {row.actor for row in connection.execute(waits) if row.command.get("kind") == "Register"}
    for ref in sorted(gone):
        forget_needs(connection, record.cycle, ref)
    if any(event["kind"] in {"CycleFinished", "CycleCancelled"} for event in record.events):
        forget_needs(connection, record.cycle)


PARKED = "Defect"
"""The name under which a row is put aside that could not be read: staff look at it, and she may come yet."""


def _refused_a_place(connection: Connection, record: Record) -> set[str]:
    """Whoever asked for a place, is refused it now, and has none that she had before."""
    asked: set[str] = set()
    for part in chunks(one.number for one in record.refused if one.name != PARKED):
        mine = (inbox.c.cycle == record.cycle, inbox.c.number.in_(part))
        rows = connection.execute(select(inbox.c.actor, inbox.c.command).where(*mine))
        asked |= {row.command.get("person", row.actor) for row in rows if row.command.get("kind") == "Register"}
    return asked - _placed(connection, record) if asked else asked


def _placed(connection: Connection, record: Record) -> set[str]:
    """Who has a place, or waits for one, after all that has been decided."""
    kinds = (journal.c.cycle == record.cycle, journal.c.kind.in_([*_WITHOUT_PLACE, *_WITH_PLACE]))
    before = connection.execute(select(journal.c.data).where(*kinds).order_by(journal.c.position)).scalars()
    placed: set[str] = set()
    for event in (*before, *record.events):
        if event["kind"] in _WITHOUT_PLACE:
            placed.discard(event["person"])
        placed.add(event.get(_WITH_PLACE.get(event["kind"], ""), ""))
    return placed


def _open_envelopes(connection: Connection, record: Record) -> None:
    """Parts the answers of decided rows from their rows; those of refused rows are destroyed."""
    there = envelopes.join(inbox, (inbox.c.cycle == envelopes.c.cycle) & (inbox.c.number == envelopes.c.number))
    query = select(envelopes.c.number, envelopes.c.answers, inbox.c.state, inbox.c.command).select_from(there)
    opened = connection.execute(query.where(envelopes.c.cycle == record.cycle, inbox.c.state != "received")).all()
    if not opened:
        return
    steps = {event["cause"]: event["step"] for event in record.events if event["kind"] == "FeedbackGiven"}
    values = [
        _value(record.cycle, steps.get(f"i{row.number}") or row.command.get("step", ""), question, value)
        for row in opened
        if row.state == "accepted"
        for question, value in row.answers.items()
        if value is not None
    ]
    _lay_down(connection, values)
    gone = delete(envelopes).where(envelopes.c.cycle == record.cycle, envelopes.c.number == bindparam("n"))
    connection.execute(gone, [{"n": row.number} for row in opened])


def _value(cycle: str, step: str, question: str, value: Any) -> dict[str, Any]:
    return {"id": secrets.token_hex(16), "cycle": cycle, "step": step, "question": question, "value": value}


def _lay_down(connection: Connection, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(insert(answers), sorted(values, key=lambda value: str(value["id"])))


def _shuffle(connection: Connection, cycle: str, step: str) -> None:
    mine = (answers.c.cycle == cycle, answers.c.step == step)
    rows = connection.execute(select(answers.c.question, answers.c.value).where(*mine)).all()
    connection.execute(delete(answers).where(*mine))
    _lay_down(connection, [_value(cycle, step, row.question, row.value) for row in rows])


def feedback(connection: Connection, cycle: str, step: str) -> dict[str, list[Any]]:
    """Question id to all values given, in an order that says nothing."""
    mine = (answers.c.cycle == cycle, answers.c.step == step)
    found: dict[str, list[Any]] = {}
    for row in connection.execute(select(answers.c.question, answers.c.value).where(*mine).order_by(answers.c.id)):
        found.setdefault(row.question, []).append(row.value)
    return found
