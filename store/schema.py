"""The tables, the same in SQLite and PostgreSQL.

A change here needs a migration: a new file in ``store/migrations/versions`` whose ``down_revision`` is the newest one
before it, and its name in :data:`REVISION`. A test compares what the migrations make with what stands here, on both
databases. A migration that has been released is never changed.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.columns import Counter, Data, Utc

REVISION = "0008"
"""The newest migration: the form of the database that this release reads and writes."""

OLDEST = "0003"
"""The oldest form whose release can still work on a database of this form, so that an upgrade can be taken back.

A migration that only adds (tables; columns that may be empty or have a server default) leaves it as it is. One that
takes something away, or makes a new demand of what is written, raises it to its own name: the releases before then
refuse the database. A test compares the forms.
"""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _cycle(primary_key: bool = False) -> Column[str]:
    return Column("cycle", String, ForeignKey("cycles.id"), primary_key=primary_key, nullable=False)


cycles = Table(
    "cycles",
    metadata,
    Column("id", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("programme", String, nullable=False),
    Column("theme", String, nullable=False),
    Column("theme_name", Data, nullable=False),
    Column("year", Integer, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("rules", Integer, nullable=False),
    Column("first_plan", Data, nullable=False),
    Column("plan", Data, nullable=False),
    Column("engine", String, nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("phase", String, nullable=False),
    Column("step", String, nullable=False),
    Column("registered", Integer, nullable=False),
    Column("next_due", Utc),
    Column("ended_at", Utc),
    # the cycle's counters; whoever changes one holds this row
    Column("length", Integer, nullable=False),
    Column("received_to", Integer, nullable=False),
    Column("received_at", Utc),
    Column("decided_to", Integer, nullable=False),
    # whose records are kept: the token of the workflow that was started last from this record
    Column("writer", String, nullable=False, server_default=""),
)

people = Table(
    "people",
    metadata,
    Column("ref", String, primary_key=True),
    _cycle(),
    Column("name", String, nullable=False),
    Column("address", String, nullable=False),
    Column("address_norm", String, nullable=False),
    Column("language", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("home", String, nullable=False),
    Column("part", String, nullable=False),
    Column("host", String, nullable=False),
    Column("added_at", Utc, nullable=False),
    UniqueConstraint("cycle", "address_norm"),
)

texts = Table(
    "texts",
    metadata,
    Column("ref", String, primary_key=True),
    _cycle(),
    Column("kind", String, nullable=False),
    Column("words", Data, nullable=False),
    Column("added_at", Utc, nullable=False),
    Index(None, "cycle"),
)

staff = Table(
    "staff",
    metadata,
    Column("ref", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("address", String, nullable=False),
    Column("address_norm", String, nullable=False, unique=True),
    Column("language", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("roles", Data, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("added_at", Utc, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    _cycle(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("command_id", String, nullable=False),
    Column("command", Data, nullable=False),
    Column("actor", String, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("state", String, nullable=False),
    Column("name", String, nullable=False),
    Column("facts", Data, nullable=False),
    Column("decided_at", Utc),
    # of who typed it in, where staff did
    Column("proof", String, nullable=False, server_default=""),
    UniqueConstraint("command_id", "cycle"),
)
Index(
    "ix_inbox_undecided",
    inbox.c.cycle,
    inbox.c.number,
    sqlite_where=inbox.c.state == text("'received'"),
    postgresql_where=inbox.c.state == text("'received'"),
)

envelopes = Table(
    "envelopes",
    metadata,
    Column("cycle", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("answers", Data, nullable=False),
    ForeignKeyConstraint(["cycle", "number"], ["inbox.cycle", "inbox.number"]),
)

answers = Table(
    "answers",
    metadata,
    Column("id", String, primary_key=True),
    _cycle(),
    Column("step", String, nullable=False),
    Column("question", String, nullable=False),
    Column("value", Data, nullable=False),
    Index(None, "cycle", "step"),
    # a hidden row number would tell in which order people answered
    sqlite_with_rowid=False,
)

journal = Table(
    "journal",
    metadata,
    _cycle(primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("recorded_at", Utc, nullable=False),
    Column("data", Data, nullable=False),
)

prompts = Table(
    "prompts",
    metadata,
    _cycle(primary_key=True),
    Column("id", String, primary_key=True),
    Column("about", String, nullable=False),
    Column("step", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("host", String, nullable=False),
    Column("role", String, nullable=False),
    Column("deputy", String),
    Column("opened_at", Utc, nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("within", Float, nullable=False),
    Column("reminded", Boolean, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("second_person", Boolean, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("languages", Data, nullable=False),
    Column("cents", Counter, nullable=False),
    Column("options", Data, nullable=False),
    Column("closed_at", Utc),
    Column("closed_by", String, nullable=False),
    Column("option", String, nullable=False),
    Column("closed_role", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("begins", Data),
    Column("ends", Data),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Counter, primary_key=True),
    _cycle(),
    Column("key", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("to_ref", String, nullable=False),
    Column("step", String, nullable=False),
    Column("slot", String, nullable=False),
    Column("host", String, nullable=False),
    Column("mark", String, nullable=False),
    Column("batch", String, nullable=False),
    Column("facts", Data, nullable=False),
    Column("entries", Data, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("maybe_delivered", Integer, nullable=False),
    Column("in_data", Boolean, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("claimed_until", Utc),
    Column("first_try_at", Utc),
    Column("data", LargeBinary),
    Column("subject", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("language", String, nullable=False),
    Column("last_error", String, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("sent_at", Utc),
    # a letter that did not arrive: since when, by whose word and why nothing more is to be done about it
    Column("settled_at", Utc),
    Column("settled_by", String, nullable=False, server_default=""),
    Column("settled_why", String, nullable=False, server_default=""),
    UniqueConstraint("cycle", "key"),
    Index(None, "cycle", "batch"),
    Index(None, "to_ref"),
)
Index(
    "ix_outbox_queued",
    outbox.c.not_before,
    outbox.c.id,
    sqlite_where=outbox.c.state == text("'queued'"),
    postgresql_where=outbox.c.state == text("'queued'"),
)
Index(
    "ix_outbox_sending",
    outbox.c.claimed_until,
    sqlite_where=outbox.c.state == text("'sending'"),
    postgresql_where=outbox.c.state == text("'sending'"),
)
Index(
    "ix_outbox_lost",
    outbox.c.cycle,
    outbox.c.state,
    sqlite_where=text("state IN ('failed', 'suspect')"),
    postgresql_where=text("state IN ('failed', 'suspect')"),
)

opt_outs = Table(
    "opt_outs",
    metadata,
    _cycle(primary_key=True),
    Column("ref", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("at", Utc, nullable=False),
)

# personal links of letters; what stands in a letter is not kept, only a mark by which it is known again
links = Table(
    "links",
    metadata,
    Column("mark", String, primary_key=True),
    _cycle(),
    Column("purpose", String, nullable=False),
    Column("ref", String, nullable=False),
    Column("about", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("issued_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("superseded_at", Utc),
    Column("used_at", Utc),
    UniqueConstraint("ref", "cycle", "purpose", "about", "revision"),
)

# what people tell of themselves, signed; and drafts, sealed with what stands in a link alone
own_words = Table(
    "own_words",
    metadata,
    _cycle(primary_key=True),
    Column("ref", String, primary_key=True),
    Column("about", String, primary_key=True),
    Column("words", Data, nullable=False),
    Column("at", Utc, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("mark", String, primary_key=True),
    _cycle(),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    _cycle(primary_key=True),
    Column("step", String, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("html", Text, nullable=False),
    Column("data", Data, nullable=False),
    Column("digest", String, nullable=False),
    Column("drawn_at", Utc, nullable=False),
    Column("filed_at", Utc),
)

erasures = Table(
    "erasures",
    metadata,
    # of the erased reference; nothing in this table is about a person
    Column("mark", String, primary_key=True),
    Column("cycle", String, primary_key=True),
    Column("ref", String, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("role", String, nullable=False),
    Column("steps", Data, nullable=False),
    Column("told_at", Utc),
    Column("done_at", Utc),
    Column("pending", String, nullable=False),
    Index(None, "cycle", "asked_at"),
)

settings = Table(
    "settings",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Data),
    Column("by", String, nullable=False),
    Column("at", Utc, nullable=False),
)
