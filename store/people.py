"""People and their own words: the only place where a name or an address is kept beside a reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from exchange.base import Text
from store.models import UNDETERMINED, Person, TextRow
from store.refs import new_ref, normal_address
from store.schema import people, texts
from store.writing import chunks, insert_one

_BY_REF = select(people).where(people.c.ref.in_(bindparam("refs", expanding=True)))


def add_people(connection: Connection, cycle: str, persons: Iterable[Person], now: datetime) -> None:
    """Adds the people of a new cycle."""
    if rows := [_row(cycle, person, now) for person in persons]:
        connection.execute(people.insert(), rows)


def find_or_add(connection: Connection, cycle: str, person: Person, now: datetime) -> str:
    """The reference of the person with that address in the cycle, who is added where there is none.

    Someone who is there already stays as she is.
    """
    row = _row(cycle, person, now)
    known = select(people.c.ref).where(people.c.cycle == cycle, people.c.address_norm == row["address_norm"])
    found: str | None = connection.execute(known).scalar()
    if found is None and insert_one(connection, people, row):
        return str(row["ref"])
    return found or connection.execute(known).scalar_one()


def add_to_cycle(
    connection: Connection, cycle: str, persons: Iterable[Person], rows: Iterable[TextRow], now: datetime
) -> None:
    """Adds people and texts to a running cycle, under the references that they come with; those there stay."""
    for person in persons:
        insert_one(connection, people, _row(cycle, person, now))
    add_texts(connection, cycle, rows, now)


def by_address(connection: Connection, cycle: str, address: str) -> Person | None:
    """The person with that address in the cycle."""
    wanted = (people.c.cycle == cycle, people.c.address_norm == normal_address(address))
    row = connection.execute(select(people).where(*wanted)).one_or_none()
    return None if row is None else _person(row._mapping)


def get_people(connection: Connection, refs: Iterable[str]) -> dict[str, Person]:
    """The people behind the references, in the references' order; who is not known (any more) is left out."""
    wanted = list(dict.fromkeys(refs))
    found: dict[str, Person] = {}
    for part in chunks(wanted):
        for row in connection.execute(_BY_REF, {"refs": part}):
            found[row.ref] = _person(row._mapping)
    return {ref: found[ref] for ref in wanted if ref in found}


def list_people(connection: Connection, cycle: str) -> list[Person]:
    """Everybody of the cycle, by name."""
    order = (people.c.name, people.c.ref)
    return [
        _person(row._mapping)
        for row in connection.execute(select(people).where(people.c.cycle == cycle).order_by(*order))
    ]


def _row(cycle: str, person: Person, now: datetime) -> dict[str, Any]:
    return {
        **person.model_dump(),
        "cycle": cycle,
        "ref": person.ref or new_ref("p"),
        "address_norm": person.address_norm or normal_address(person.address),
        "added_at": now,
    }


def _person(row: Mapping[Any, Any]) -> Person:
    return Person.model_validate(dict(row))


def add_texts(connection: Connection, cycle: str, rows: Iterable[TextRow], now: datetime) -> None:
    """Adds the texts of a new cycle."""
    if values := [{**row.model_dump(), "cycle": cycle, "added_at": now} for row in rows]:
        connection.execute(texts.insert(), values)


def add_text(connection: Connection, cycle: str, words: Text | str, kind: str, now: datetime) -> str:
    """Keeps somebody's words and gives back their reference ``n_…``."""
    known = {UNDETERMINED: words} if isinstance(words, str) else words
    row = TextRow(ref=new_ref("n"), words=known, kind=kind)
    add_texts(connection, cycle, [row], now)
    return row.ref


def get_texts(connection: Connection, refs: Iterable[str]) -> dict[str, Text]:
    """The words behind the references; what is not known (any more) is left out."""
    found: dict[str, Text] = {}
    for part in chunks(dict.fromkeys(refs)):
        found |= {row.ref: row.words for row in connection.execute(select(texts).where(texts.c.ref.in_(part)))}
    return found
