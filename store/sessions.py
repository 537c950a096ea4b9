"""Signing in: a letter with something that counts once, and the session that it opens at the door that asked for it.

What the letter holds and what the door keeps are secrets of 128 bits and more (a code of 40 bits, of which five are
tried); the record has their SHA-256 alone. A session ends by itself, by signing out, or with the right to act.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from store import security
from store.access import sessions, sign_ins
from store.faults import SessionOver, SignInRefused, TooManySignIns
from store.models import Door, Session, SignIn
from store.schema import staff

COUNTS = timedelta(minutes=15)
"""How long a code or a link counts: long enough for a letter that is held up on its way by greylisting."""
LASTS: dict[str, timedelta] = {"terminal": timedelta(days=30), "portal": timedelta(hours=8)}
"""How long a session lasts: in a browser a working day, for it may stand on a shared desk; on a terminal, whose file
only its owner reads, a month, so that one signs in about as often as one looks after a year."""
TRIES = 5
"""Wrong codes, after which a sign-in is void: of 2^40 codes nobody guesses one."""
LETTERS = 5
"""Sign-in letters to one member of staff within :data:`WITHIN`, so that nobody's letterbox is filled from a door. Each
door counts its own: anybody may ask at the portal's, and does not close the terminal's by it."""
WITHIN = timedelta(hours=1)
FORGOTTEN = timedelta(days=30)
"""After how long what is over is deleted."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of codes: no letter that looks like a figure or another letter."""
CODE = 8
TOKEN = 18
"""Bytes of a link's token: 24 characters. Those of a session have 32."""


def begin(connection: Connection, ref: str, door: Door, now: datetime) -> SignIn:
    """A new code (terminal) or link (portal) for a member of staff; those before at that door count no more.

    Raises:
        TooManySignIns: so many letters have gone out that the next has to wait.
    """
    connection.execute(delete(sign_ins).where(sign_ins.c.made_at < now - max(WITHIN, COUNTS)))
    connection.execute(delete(sessions).where(sessions.c.expires_at < now - FORGOTTEN))
    since = (sign_ins.c.staff == ref, sign_ins.c.door == door, sign_ins.c.made_at > now - WITHIN)
    count, first = connection.execute(select(func.count(), func.min(sign_ins.c.made_at)).where(*since)).one()
    if count >= LETTERS:
        raise TooManySignIns(LETTERS, _instant(first) + WITHIN - now)
    before = (sign_ins.c.staff == ref, sign_ins.c.door == door, sign_ins.c.used_at.is_(None))
    connection.execute(update(sign_ins).where(*before).values(expires_at=now))
    secret = new_code() if door == "terminal" else secrets.token_urlsafe(TOKEN)
    values = {"staff": ref, "door": door, "made_at": now, "expires_at": now + COUNTS, "tries": 0}
    connection.execute(insert(sign_ins).values(digest=_of_letter(ref, door, secret), **values))
    return SignIn(secret=secret, staff=ref, door=door, expires_at=now + COUNTS)


def new_code() -> str:
    """``K7QX-M2PA``."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(CODE))
    return f"{drawn[:4]}-{drawn[4:]}"


def read_code(typed: str) -> str:
    """A code as it was sent, whatever the case and the blanks in what was typed."""
    plain = "".join(typed.split()).replace("-", "").upper()
    return f"{plain[:4]}-{plain[4:]}"


def with_code(connection: Connection, ref: str, typed: str, now: datetime) -> tuple[str, Session] | SignInRefused:
    """Opens a session on a terminal by the code of the newest letter; a wrong one is counted.

    The refusal is given back, not raised: what was counted has to be kept.
    """
    mine = (sign_ins.c.staff == ref, sign_ins.c.door == "terminal", sign_ins.c.used_at.is_(None))
    query = select(sign_ins).where(*mine, sign_ins.c.expires_at > now).order_by(sign_ins.c.made_at.desc()).limit(1)
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None or row.tries >= TRIES:
        return SignInRefused("void")
    if not hmac.compare_digest(row.digest, _of_letter(ref, "terminal", read_code(typed))):
        connection.execute(update(sign_ins).where(sign_ins.c.digest == row.digest).values(tries=row.tries + 1))
        security.note(connection, "wrong_code", door="terminal", staff=ref, at=now)
        return SignInRefused("wrong", TRIES - row.tries - 1)
    return _opened(connection, row, now)


def with_link(connection: Connection, token: str, now: datetime) -> tuple[str, Session] | SignInRefused:
    """Opens a session in the portal by the token of a link, once."""
    found = _linked(connection, token, now)
    return found if isinstance(found, SignInRefused) else _opened(connection, found, now)


def linked(connection: Connection, token: str, now: datetime) -> str | SignInRefused:
    """Whose link it is, and uses nothing up: for the page that asks whether to sign in."""
    found = _linked(connection, token, now)
    return found if isinstance(found, SignInRefused) else str(found.staff)


def _linked(connection: Connection, token: str, now: datetime) -> Row[Any] | SignInRefused:
    """In one and the same time, whatever is wrong with it."""
    row = connection.execute(select(sign_ins).where(sign_ins.c.digest == _of_letter("", "portal", token))).one_or_none()
    if row is None or row.door != "portal":
        return SignInRefused("unknown")
    if row.used_at is not None:
        return SignInRefused("used", whose=row.staff)
    return row if row.expires_at > now else SignInRefused("void", whose=row.staff)


def _opened(connection: Connection, row: Row[Any], now: datetime) -> tuple[str, Session] | SignInRefused:
    mine = (sign_ins.c.digest == row.digest, sign_ins.c.used_at.is_(None))
    if not connection.execute(update(sign_ins).where(*mine).values(used_at=now)).rowcount:
        return SignInRefused("used", whose=row.staff)
    if not connection.execute(select(staff.c.ref).where(staff.c.ref == row.staff, staff.c.active)).scalar():
        return SignInRefused("void", whose=row.staff)
    return open_session(connection, row.staff, row.door, now)


def open_session(connection: Connection, ref: str, door: Door, now: datetime) -> tuple[str, Session]:
    """A session, and its token, which is told this once. Whoever calls has seen to who is there."""
    token = secrets.token_urlsafe(32)
    made = Session(id=_digest(token), staff=ref, door=door, made_at=now, expires_at=now + LASTS[door])
    connection.execute(insert(sessions).values(**made.model_dump()))
    security.note(connection, "signed_in", door=door, staff=ref, at=now)
    return token, made


def find(connection: Connection, token: str, door: Door, now: datetime) -> Session | None:
    """The session of that token at that door, if it stands: not over, not ended, and its owner may still act."""
    found = _standing(connection, _digest(token), now)
    return found if found is not None and found.door == door else None


def demand(connection: Connection, session: Session, now: datetime) -> None:
    """Looks again whether a session stands, within the transaction of what it is needed for.

    Raises:
        SessionOver: it does not, any more.
    """
    if _standing(connection, session.id, now) is None:
        raise SessionOver


def _standing(connection: Connection, session: str, now: datetime) -> Session | None:
    stands = (sessions.c.id == session, sessions.c.ended_at.is_(None), sessions.c.expires_at > now)
    query = select(sessions).join(staff, staff.c.ref == sessions.c.staff).where(*stands, staff.c.active)
    row = connection.execute(query).one_or_none()
    return None if row is None else Session.model_validate(dict(row._mapping))


def standing(connection: Connection, ref: str, now: datetime) -> list[Session]:
    """All sessions of somebody that stand, oldest first."""
    hers = (sessions.c.staff == ref, sessions.c.ended_at.is_(None), sessions.c.expires_at > now)
    rows = connection.execute(select(sessions).where(*hers).order_by(sessions.c.made_at))
    return [Session.model_validate(dict(row._mapping)) for row in rows]


def end(connection: Connection, session: Session, now: datetime) -> None:
    """Signs out, at once."""
    _end(connection, now, session.staff, session.door, sessions.c.id == session.id)


def end_all(connection: Connection, ref: str, now: datetime, why: str = "everywhere") -> None:
    """Ends every session of somebody, and lets no letter that is on its way open another."""
    _end(connection, now, ref, "", sessions.c.staff == ref, detail=why)
    waits = (sign_ins.c.staff == ref, sign_ins.c.used_at.is_(None))
    connection.execute(update(sign_ins).where(*waits).values(used_at=now))


def _end(connection: Connection, now: datetime, ref: str, door: str, which: Any, detail: str = "") -> None:
    ended = update(sessions).where(which, sessions.c.ended_at.is_(None), sessions.c.expires_at > now)
    if connection.execute(ended.values(ended_at=now)).rowcount:
        security.note(connection, "signed_out", door=door, staff=ref, detail=detail, at=now)


def _of_letter(ref: str, door: str, secret: str) -> str:
    """A code counts for one member of staff; a link says by itself whose it is."""
    return _digest(f"{ref}:{secret}" if door == "terminal" else secret)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _instant(found: Any) -> datetime:
    """An aggregate of instants, which SQLite gives back as their text."""
    return datetime.fromisoformat(found) if isinstance(found, str) else found
