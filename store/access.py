"""The tables of who signs in: letters with a code or a link, sessions, and what happened at the doors.

Kept out of every backup but the log: whoever restores one signs in anew, and a session that was ended stays so.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from store.columns import Counter, Utc
from store.schema import metadata

sign_ins = Table(
    "sign_ins",
    metadata,
    # SHA-256 of what stands in the letter
    Column("digest", String, primary_key=True),
    Column("staff", String, nullable=False),
    Column("door", String, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
    Column("tries", Integer, nullable=False),
    Index(None, "staff", "door"),
)

sessions = Table(
    "sessions",
    metadata,
    # SHA-256 of the token, which is in the browser's cookie or the terminal's file alone
    Column("id", String, primary_key=True),
    Column("staff", String, nullable=False),
    Column("door", String, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Index(None, "staff"),
)

security_log = Table(
    "security_log",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("what", String, nullable=False),
    Column("door", String, nullable=False),
    Column("staff", String, nullable=False),
    Column("cycle", String, nullable=False),
    Column("detail", String, nullable=False),
)

NOT_COPIED = (sign_ins.name, sessions.name)
"""Tables that no backup holds."""
