"""Personal links: who may do what behind a link of a letter, until when, and whether it still stands.

What stands in the letter (the token) is made of the installation's secret and of what the link is for, so that the same
link is always the same 24 characters. Kept is only its mark (SHA-256), from which no link can be made. A link is for
one purpose, one person, one cycle. Where somebody lost a letter, or another found it, the older links are superseded
and those of later letters have the next revision.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal, get_args

from pydantic import AwareDatetime
from sqlalchemy import Connection, bindparam, delete, select, update

from exchange.base import Model
from runtime.keys import Keys
from store.columns import iso
from store.engine import Ground
from store.refs import clock
from store.schema import cycles, links
from store.writing import insert_new

Purpose = Literal[
    "invitation", "place", "feedback", "learned", "data", "optout", "nominate", "host", "host_feedback",
]  # fmt: skip
"""What a link is for; one for another purpose opens nothing."""

PURPOSES = frozenset(get_args(Purpose))

ALWAYS: frozenset[str] = frozenset({"data", "optout"})
"""What stays possible when the cycle is over: to ask for one's data, and to want no more letters."""

LENGTH = 24
"""Characters of a token: 144 bits."""

Reason = Literal["unknown", "expired", "superseded", "used", "cycle_over", "cancelled"]


class Link(Model):
    """A link that stands."""

    purpose: Purpose
    cycle: str
    ref: str
    """Whose it is: a person of the cycle."""
    about: str = ""
    """What of the cycle it is about, in the ids of the plan: ``step``, ``step/home`` of a nomination,
    ``step/slot/host`` of a visit, the letter's kind of an opt-out; empty where there is one of it."""
    revision: int = 1
    issued_at: AwareDatetime
    expires_at: AwareDatetime

    @property
    def parts(self) -> tuple[str, ...]:
        """The ids of ``about``, one by one."""
        return tuple(self.about.split("/")) if self.about else ()


class Closed(Model):
    """A link that does not stand, and why. Whose it was is known but for one that never was."""

    reason: Reason
    link: Link | None = None


About = tuple[str, str]
"""A link among those of one person: its purpose, and what it is about."""


class Links:
    """The links of an installation.

    Args:
        store: the record.
        keys: of :func:`runtime.keys.read_keys`.
    """

    def __init__(self, store: Ground, keys: Keys) -> None:
        self._store = store
        self._key = keys.derived("links")
        self._nothing = Link(
            purpose="place", cycle="", ref="", revision=0,
            issued_at=datetime.min.replace(tzinfo=UTC), expires_at=datetime.max.replace(tzinfo=UTC),
        )  # fmt: skip

    def open(self, token: str, now: datetime | None = None) -> Link | Closed:
        """What is behind the token of a link. Changes nothing.

        An unknown token takes the same steps as a known one: its mark is looked up, a token is made, both are compared.
        """
        mark = mark_of(token)
        with self._store.reading() as connection:
            row = connection.execute(_FIND, {"its_mark": mark}).one_or_none()
        link = self._nothing if row is None else _link(row)
        ours = hmac.compare_digest(mark_of(token_of(self._key, link)), mark)
        if row is None:
            return Closed(reason="unknown")
        # by another secret than today's: whoever changed it wanted the older links to end
        if not ours or row.superseded_at is not None:
            return Closed(reason="superseded", link=link)
        if row.used_at is not None:
            return Closed(reason="used", link=link)
        if link.expires_at <= (now or clock()):
            return Closed(reason="expired", link=link)
        if row.ended_at is not None and link.purpose not in ALWAYS:
            return Closed(reason="cancelled" if row.phase == "cancelled" else "cycle_over", link=link)
        return link

    def issue(self, cycle: str, ref: str, wanted: About, expires_at: datetime, now: datetime | None = None) -> str:
        """The token of the person's link; the one that she has, where she has one that stands."""
        with self._store.writing() as connection:
            return self.tokens(connection, cycle, ref, [wanted], expires_at, now or clock())[wanted]

    def tokens(
        self, connection: Connection, cycle: str, ref: str, wanted: Iterable[About], expires_at: datetime, now: datetime
    ) -> dict[About, str]:
        """The tokens of several links of one person, within a transaction that writes; those she has stay hers."""
        asked = list(dict.fromkeys(wanted))
        # most letters of a crowd are the first to their reader: then nothing has to be looked up
        standing = self._made(connection, cycle, ref, dict.fromkeys(asked, 1), expires_at, now)
        while new := [about for about in asked if about not in standing]:
            standing, revisions = _known(connection, cycle, ref, now)
            missing = {about: revisions.get(about, 0) + 1 for about in new if about not in standing}
            standing |= self._made(connection, cycle, ref, missing, expires_at, now)
        return {about: token_of(self._key, standing[about]) for about in asked}

    def _made(
        self, connection: Connection, cycle: str, ref: str, wanted: dict[About, int], expires_at: datetime,
        now: datetime,
    ) -> dict[About, Link]:  # fmt: skip
        """New links of these revisions; none, where one of them is there already, or the database has not counted."""
        made = {
            about: Link(
                purpose=about[0],  # type: ignore[arg-type]  # pydantic looks whether it is one
                about=about[1], cycle=cycle, ref=ref, revision=revision, issued_at=now, expires_at=expires_at,
            )
            for about, revision in wanted.items()
        }  # fmt: skip
        rows = [{**dict(link), "mark": mark_of(token_of(self._key, link))} for link in made.values()]
        return made if insert_new(connection, links, rows) == len(rows) else {}

    def use(self, link: Link, now: datetime | None = None) -> bool:
        """Uses the link up; False where it was used before, or stands no more. For what can be done only once."""
        mine = (*_of(link.cycle, link.ref), links.c.purpose == link.purpose, links.c.about == link.about)
        free = (links.c.revision == link.revision, links.c.used_at.is_(None), links.c.superseded_at.is_(None))
        with self._store.writing() as connection:
            return connection.execute(update(links).where(*mine, *free).values(used_at=now or clock())).rowcount == 1

    def reissue(self, cycle: str, ref: str, now: datetime | None = None) -> int:
        """Ends all links that the person has; letters that leave from now on have new ones. Gives back how many."""
        with self._store.writing() as connection:
            return supersede(connection, cycle, ref, now or clock())

    def made_here(self) -> bool | None:
        """Whether the newest link was made with today's secret; None where there is no link."""
        with self._store.reading() as connection:
            row = connection.execute(select(links).order_by(links.c.issued_at.desc()).limit(1)).one_or_none()
        return None if row is None else mark_of(token_of(self._key, _link(row))) == row.mark


def token_of(key: bytes, link: Link) -> str:
    """What stands in the letter: always the same for the same link and secret."""
    said = (link.purpose, link.cycle, link.ref, link.about, str(link.revision), iso(link.expires_at))
    return urlsafe_b64encode(hmac.digest(key, "\0".join(said).encode(), "sha256")[:18]).decode()


def mark_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def any_links(connection: Connection) -> bool:
    """Whether any link has been made."""
    return connection.execute(select(links.c.mark).limit(1)).first() is not None


def supersede(connection: Connection, cycle: str, ref: str, now: datetime) -> int:
    """Ends all links that the person has in the cycle."""
    standing = update(links).where(*_of(cycle, ref), links.c.superseded_at.is_(None))
    return connection.execute(standing.values(superseded_at=now)).rowcount


def forget(connection: Connection, cycle: str, ref: str) -> int:
    """Deletes what is kept of the person's links in the cycle, as when she is erased: they are then unknown."""
    return connection.execute(delete(links).where(*_of(cycle, ref))).rowcount


_FIND = (
    select(links, cycles.c.ended_at, cycles.c.phase)
    .join(cycles, cycles.c.id == links.c.cycle)
    .where(links.c.mark == bindparam("its_mark"))
)
_MINE = select(links).where(links.c.ref == bindparam("its_ref"), links.c.cycle == bindparam("its_cycle"))


def _of(cycle: str, ref: str) -> tuple[Any, ...]:
    return links.c.ref == ref, links.c.cycle == cycle


def _known(connection: Connection, cycle: str, ref: str, now: datetime) -> tuple[dict[About, Link], dict[About, int]]:
    """The links of the person that stand, and the newest revision of each that she has had."""
    standing: dict[About, Link] = {}
    revisions: dict[About, int] = {}
    for row in connection.execute(_MINE, {"its_ref": ref, "its_cycle": cycle}):
        about = (row.purpose, row.about)
        revisions[about] = max(row.revision, revisions.get(about, 0))
        if row.superseded_at is None and row.used_at is None and row.expires_at > now:
            standing[about] = _link(row)
    return standing, revisions


def _link(row: Any) -> Link:
    return Link(
        purpose=row.purpose, cycle=row.cycle, ref=row.ref, about=row.about, revision=row.revision,
        issued_at=row.issued_at, expires_at=row.expires_at,
    )  # fmt: skip
