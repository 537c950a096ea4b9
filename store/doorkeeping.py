"""The part of the store that knows who is at the doors: sign-ins, sessions, and the log of both."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from store import own_words, security, sessions
from store.engine import Ground
from store.faults import SignInRefused
from store.models import Door, SecurityEntry, Session, SignIn
from store.refs import clock


class Doorkeeping(Ground):
    """Sign-ins, sessions, the log of the doors. What each call means and raises is said where it leads."""

    def begin_sign_in(self, staff: str, door: Door, now: datetime | None = None) -> SignIn:
        """:func:`store.sessions.begin`."""
        with self.writing() as connection:
            return sessions.begin(connection, staff, door, now or clock())

    def sign_in_with_code(self, staff: str, code: str, now: datetime | None = None) -> tuple[str, Session]:
        """:func:`store.sessions.with_code`; the token of the session, and the session.

        Raises:
            SignInRefused: the code is wrong, or no letter with one stands.
        """
        with self.writing() as connection:
            found = sessions.with_code(connection, staff, code, now or clock())
        if isinstance(found, SignInRefused):
            raise found
        return found

    def sign_in_with_link(self, token: str, now: datetime | None = None) -> tuple[str, Session]:
        """:func:`store.sessions.with_link`.

        Raises:
            SignInRefused: the link is unknown, used, or over.
        """
        with self.writing() as connection:
            found = sessions.with_link(connection, token, now or clock())
        if isinstance(found, SignInRefused):
            raise found
        return found

    def sign_in_link(self, token: str, now: datetime | None = None) -> str:
        """Whose link it is (``s_…``); nothing is used up.

        Raises:
            SignInRefused: the link is unknown, used, or over.
        """
        with self.reading() as connection:
            found = sessions.linked(connection, token, now or clock())
        if isinstance(found, SignInRefused):
            raise found
        return found

    def open_session(self, staff: str, door: Door, now: datetime | None = None) -> tuple[str, Session]:
        """:func:`store.sessions.open_session`."""
        with self.writing() as connection:
            return sessions.open_session(connection, staff, door, now or clock())

    def session(self, token: str, door: Door, now: datetime | None = None) -> Session | None:
        """:func:`store.sessions.find`."""
        with self.reading() as connection:
            return sessions.find(connection, token, door, now or clock())

    def demand_session(self, session: Session, now: datetime | None = None) -> None:
        """:func:`store.sessions.demand`."""
        with self.reading() as connection:
            sessions.demand(connection, session, now or clock())

    def sessions(self, staff: str, now: datetime | None = None) -> list[Session]:
        """:func:`store.sessions.standing`."""
        with self.reading() as connection:
            return sessions.standing(connection, staff, now or clock())

    def end_session(self, session: Session, now: datetime | None = None) -> None:
        """:func:`store.sessions.end`."""
        with self.writing() as connection:
            sessions.end(connection, session, now or clock())

    def end_sessions(self, staff: str, now: datetime | None = None) -> None:
        """:func:`store.sessions.end_all`."""
        with self.writing() as connection:
            sessions.end_all(connection, staff, now or clock())

    def note_security(
        self, what: str, *, door: str = "", staff: str = "", cycle: str = "", detail: str = "",
        at: datetime | None = None,
    ) -> None:  # fmt: skip
        """:func:`store.security.note`."""
        with self.writing() as connection:
            security.note(connection, what, door=door, staff=staff, cycle=cycle, detail=detail, at=at)

    def read_needs(
        self, cycle: str, *, door: str, staff: str, person: str = "", at: datetime | None = None
    ) -> dict[str, dict[str, Any]]:
        """What people told as they registered (:func:`store.own_words.needs`), for staff: each look is noted.

        Args:
            cycle: its id.
            door: ``terminal`` or ``portal``.
            staff: who reads it; whoever calls has made sure that she may.
            person: whose answers alone are read; empty for everybody's.
            at: when; now.
        """
        with self.writing() as connection:
            security.note(connection, "needs_read", door=door, staff=staff, cycle=cycle, detail=person, at=at)
            return own_words.needs(connection, cycle, person)

    def security_log(
        self, *, since: datetime | None = None, what: Collection[str] = (), cycle: str = "", most: int = 100
    ) -> list[SecurityEntry]:
        """:func:`store.security.entries`."""
        with self.reading() as connection:
            return security.entries(connection, since, what, cycle, most)
