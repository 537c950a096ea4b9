"""Account to a person: everything that is kept of her in a cycle, in plain data. GDPR, articles 15 and 20."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, or_, select

from exchange.record import events
from store import own_words
from store.erasing import texts_about, traces_of
from store.models import Person
from store.people import get_texts
from store.refs import normal_address
from store.schema import cycles, inbox, journal, opt_outs, outbox, people, texts
from store.traces import Traces


def everywhere(connection: Connection, who: str) -> list[Person]:
    """Everybody of all cycles with that address, that reference or that name; oldest first."""
    words = " ".join(who.split())
    same = or_(people.c.ref == words, people.c.address_norm == normal_address(words), people.c.name == words)
    rows = connection.execute(select(people).where(same).order_by(people.c.added_at, people.c.cycle, people.c.ref))
    return [Person.model_validate(dict(row._mapping)) for row in rows]


def kept_of(connection: Connection, cycle: str, ref: str) -> dict[str, Any]:
    """Everything that one cycle keeps of a person.

    Her answers to a survey stand apart from her and cannot be found again: they are not in it. The letters themselves
    are hers already; of each it says what it was and when it was sent.
    """
    row = connection.execute(select(people).where(people.c.cycle == cycle, people.c.ref == ref)).one_or_none()
    theme = connection.execute(select(cycles.c.theme_name, cycles.c.phase).where(cycles.c.id == cycle)).one()
    wishes = connection.execute(select(opt_outs.c.kind).where(opt_outs.c.cycle == cycle, opt_outs.c.ref == ref))
    words = get_texts(connection, texts_about(connection, cycle, ref))
    return {
        "cycle": cycle,
        "theme": theme.theme_name,
        "phase": theme.phase,
        "person": {} if row is None else _row(row),
        "answers": _answers(connection, cycle, ref),
        "events": _events(connection, cycle, ref),
        "letters": _letters(connection, cycle, ref),
        "no_letters_of_kind": sorted(kind or "any" for kind in wishes.scalars()),
        "told": own_words.told(connection, cycle, ref),
        "words": [{"ref": text, "words": said} for text, said in words.items()],
        "named_in": [] if row is None else _naming(connection, cycle, traces_of(connection, row), set(words)),
    }


def _naming(connection: Connection, cycle: str, traces: Traces, hers: set[str]) -> list[dict[str, Any]]:
    """Words about something else that name her: what a bill was for, a reason, a letter's paragraph."""
    rows = connection.execute(select(texts.c.ref, texts.c.words).where(texts.c.cycle == cycle))
    named = (row for row in rows if row.ref not in hers and any(map(traces.in_words, row.words.values())))
    return [{"ref": row.ref, "words": row.words} for row in named]


def _row(row: Any) -> dict[str, Any]:
    fields = ("ref", "name", "address", "language", "zone", "home", "part", "host", "added_at")
    return {field: getattr(row, field) for field in fields}


def _answers(connection: Connection, cycle: str, ref: str) -> list[dict[str, Any]]:
    """What she said by link, by telephone or in a list: each with what became of it."""
    mine = (inbox.c.cycle == cycle, inbox.c.actor == ref)
    return [
        {"number": row.number, "received_at": row.received_at, "said": row.command, "became": row.state}
        for row in connection.execute(select(inbox).where(*mine).order_by(inbox.c.number))
    ]


def _events(connection: Connection, cycle: str, ref: str) -> list[dict[str, Any]]:
    lines = select(journal.c.position, journal.c.data).where(journal.c.cycle == cycle).order_by(journal.c.position)
    found = [row for row in connection.execute(lines) if _names(row.data, ref)]
    return [
        {"position": row.position, "at": event.at, "kind": row.data["kind"], "data": event.model_dump(mode="json")}
        for row in found
        for event in [events.unpack(row.data)]
    ]


def _names(value: Any, ref: str) -> bool:
    match value:
        case str():
            return value == ref
        case list():
            return any(_names(one, ref) for one in value)
        case dict():
            return any(_names(one, ref) for one in value.values())
        case _:
            return False


def _letters(connection: Connection, cycle: str, ref: str) -> list[dict[str, Any]]:
    columns = (outbox.c.kind, outbox.c.subject, outbox.c.language, outbox.c.state, outbox.c.sent_at)
    mine = (outbox.c.cycle == cycle, outbox.c.to_ref == ref)
    return [dict(row._mapping) for row in connection.execute(select(*columns).where(*mine).order_by(outbox.c.id))]
