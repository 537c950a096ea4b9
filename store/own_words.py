"""What people tell of themselves by their links, signed: what they need, and what they learned; and sealed drafts.

None of it enters an event. Needs (what somebody eats, what she needs to take part) are sensitive, are asked only where
the plan has a use for them, and go when her place goes. A draft is kept under the mark of her link and sealed with what
stands in the link alone, so that nobody who reads the record can read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from store.schema import drafts, links, own_words
from store.writing import chunks, put, put_all

NEEDS = ("diet", "access")
"""What hosts have to know: sensitive."""
NAMED = "named"
"""That her hosts may see her name beside what she needs to take part."""
OWN = "ask:"
"""What stands before the id of a question that the plan puts in its own words."""

FORMERLY = "formerly"
"""By what names and addresses she was known before they were corrected: what others have said may still hold them."""

_TOLD = (
    select(own_words.c.about, own_words.c.words)
    .where(own_words.c.cycle == bindparam("its_cycle"), own_words.c.ref == bindparam("its_ref"))
    .order_by(own_words.c.about)
)
_FORGET = delete(own_words).where(
    own_words.c.cycle == bindparam("its_cycle"), own_words.c.about == bindparam("its_about"),
    own_words.c.ref.in_(bindparam("refs", expanding=True)),
)  # fmt: skip


def tell(connection: Connection, cycle: str, ref: str, words: Mapping[str, Any], now: datetime) -> None:
    """Keeps what the person says about each thing; nothing said about one takes away what was said before."""
    tell_all(connection, cycle, [(ref, words)], now)


def tell_all(connection: Connection, cycle: str, told: Iterable[tuple[str, Mapping[str, Any]]], now: datetime) -> None:
    """The same for several people at once; of what somebody says twice the last stands."""
    last = {(ref, about): said for ref, words in told for about, said in words.items()}
    row = {"cycle": cycle, "at": now}
    put_all(
        connection, own_words,
        [{**row, "ref": ref, "about": about, "words": said} for (ref, about), said in last.items() if said],
    )  # fmt: skip
    nothing: dict[str, list[str]] = {}
    for (ref, about), said in last.items():
        if not said:
            nothing.setdefault(about, []).append(ref)
    for about, refs in nothing.items():
        _forget(connection, cycle, about, refs)


def told(connection: Connection, cycle: str, ref: str) -> dict[str, Any]:
    """All that the person told, by what it is about."""
    rows = connection.execute(_TOLD, {"its_cycle": cycle, "its_ref": ref})
    return {row.about: row.words for row in rows}


def told_by_all(connection: Connection, cycle: str, about: str) -> dict[str, Any]:
    """What each person of a cycle told about one thing, by her reference."""
    mine = (own_words.c.cycle == cycle, own_words.c.about == about)
    rows = connection.execute(select(own_words.c.ref, own_words.c.words).where(*mine).order_by(own_words.c.ref))
    return {row.ref: row.words for row in rows}


def needs(connection: Connection, cycle: str, ref: str = "") -> dict[str, dict[str, Any]]:
    """What everybody (or one person) was asked as she registered and told: what it is about → who → what she said."""
    asked = own_words.c.about.in_([*NEEDS, NAMED]) | own_words.c.about.startswith(OWN, autoescape=True)
    found: dict[str, dict[str, Any]] = {}
    mine = (own_words.c.cycle == cycle, asked, *([own_words.c.ref == ref] if ref else []))
    for row in connection.execute(select(own_words).where(*mine).order_by(own_words.c.ref)):
        found.setdefault(row.about, {})[row.ref] = row.words
    return found


def forget_needs(connection: Connection, cycle: str, ref: str = "") -> None:
    """Nobody has to know any more what she was asked as she registered: she does not come. Without ``ref``: nobody."""
    mine = (own_words.c.cycle == cycle, *([own_words.c.ref == ref] if ref else []))
    asked = own_words.c.about.in_([*NEEDS, NAMED]) | own_words.c.about.startswith(OWN, autoescape=True)
    connection.execute(delete(own_words).where(*mine, asked))


def forget(connection: Connection, cycle: str, ref: str) -> None:
    """All of it, and her drafts, as when she is erased. Her links must still be there: drafts are found by them."""
    connection.execute(delete(own_words).where(own_words.c.cycle == cycle, own_words.c.ref == ref))
    hers = select(links.c.mark).where(links.c.cycle == cycle, links.c.ref == ref)
    connection.execute(delete(drafts).where(drafts.c.mark.in_(hers)))


def strike(connection: Connection, cycle: str, without: Callable[[Any], Any]) -> None:
    """Changes what people of a cycle told where it names somebody who was erased."""
    for row in connection.execute(select(own_words).where(own_words.c.cycle == cycle)).all():
        if (words := without(row.words)) != row.words:
            put(connection, own_words, {**row._mapping, "words": words})


def known_as(connection: Connection, cycle: str, ref: str, words: Iterable[str], now: datetime) -> None:
    """Remembers by what she was known; it goes when she is erased, and is looked for then."""
    before: list[str] = told(connection, cycle, ref).get(FORMERLY) or []
    tell(connection, cycle, ref, {FORMERLY: list(dict.fromkeys([*before, *words]))}, now)


def formerly(connection: Connection, cycle: str) -> dict[str, list[str]]:
    """By what everybody of a cycle was known before, by her reference."""
    return told_by_all(connection, cycle, FORMERLY)


def _forget(connection: Connection, cycle: str, about: str, refs: Iterable[str]) -> None:
    for part in chunks(refs):
        connection.execute(_FORGET, {"its_cycle": cycle, "its_about": about, "refs": part})


# -- drafts ------------------------------------------------------------------------------------------------------------


def keep_draft(connection: Connection, cycle: str, mark: str, sealed: bytes, now: datetime) -> None:
    """Keeps what was typed so far, in the place of what was kept before."""
    put(connection, drafts, {"mark": mark, "cycle": cycle, "sealed": sealed, "at": now})


def draft(connection: Connection, mark: str) -> bytes | None:
    """The draft under the mark of a link."""
    found: bytes | None = connection.execute(select(drafts.c.sealed).where(drafts.c.mark == mark)).scalar()
    return found


def drop_draft(connection: Connection, mark: str) -> None:
    """It was sent, or is not wanted any more."""
    connection.execute(delete(drafts).where(drafts.c.mark == mark))


def drop_drafts(connection: Connection, cycle: str, step: str) -> None:
    """The survey is closed: no draft of it can be sent any more."""
    of_step = select(links.c.mark).where(links.c.cycle == cycle, links.c.purpose == "feedback", links.c.about == step)
    connection.execute(delete(drafts).where(drafts.c.cycle == cycle, drafts.c.mark.in_(of_step)))
