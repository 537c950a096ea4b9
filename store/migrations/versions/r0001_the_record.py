"""The record as it began."""

import sqlalchemy as sa
from alembic import op

from store.columns import Utc

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

data = sa.JSON(none_as_null=True)


def upgrade() -> None:
    _cycles()
    _settings()
    _staff()
    _answers()
    _inbox()
    _journal()
    _opt_outs()
    _outbox()
    _people()
    _prompts()
    _reports()
    _texts()
    _envelopes()


def _cycles() -> None:
    op.create_table(
        "cycles",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("theme_name", data, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("first_plan", data, nullable=False),
        sa.Column("plan", data, nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("started_at", Utc(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("next_due", Utc(), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("received_to", sa.Integer(), nullable=False),
        sa.Column("received_at", Utc(), nullable=True),
        sa.Column("decided_to", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cycles"),
    )


def _settings() -> None:
    op.create_table(
        "settings",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", data, nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_norm", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("roles", data, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name="pk_staff"),
        sa.UniqueConstraint("address_norm", name="uq_staff_address_norm"),
    )


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("value", data, nullable=False),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_answers_cycle"),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answers_cycle_step", "answers", ["cycle", "step"])


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("command_id", sa.String(), nullable=False),
        sa.Column("command", data, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("facts", data, nullable=False),
        sa.Column("decided_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_inbox_cycle"),
        sa.PrimaryKeyConstraint("cycle", "number", name="pk_inbox"),
        sa.UniqueConstraint("command_id", "cycle", name="uq_inbox_command_id_cycle"),
    )
    op.create_index(
        "ix_inbox_undecided",
        "inbox",
        ["cycle", "number"],
        sqlite_where=sa.text("state = 'received'"),
        postgresql_where=sa.text("state = 'received'"),
    )


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("data", data, nullable=False),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_journal_cycle"),
        sa.PrimaryKeyConstraint("cycle", "position", name="pk_journal"),
    )


def _opt_outs() -> None:
    op.create_table(
        "opt_outs",
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_opt_outs_cycle"),
        sa.PrimaryKeyConstraint("cycle", "ref", "kind", name="pk_opt_outs"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("to_ref", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("facts", data, nullable=False),
        sa.Column("entries", data, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("maybe_delivered", sa.Integer(), nullable=False),
        sa.Column("in_data", sa.Boolean(), nullable=False),
        sa.Column("not_before", Utc(), nullable=False),
        sa.Column("claimed_until", Utc(), nullable=True),
        sa.Column("first_try_at", Utc(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("sent_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_outbox_cycle"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("cycle", "key", name="uq_outbox_cycle_key"),
    )
    op.create_index("ix_outbox_cycle_batch", "outbox", ["cycle", "batch"])
    op.create_index(
        "ix_outbox_queued",
        "outbox",
        ["not_before", "id"],
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_outbox_sending",
        "outbox",
        ["claimed_until"],
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index("ix_outbox_to_ref", "outbox", ["to_ref"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_norm", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("home", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_people_cycle"),
        sa.PrimaryKeyConstraint("ref", name="pk_people"),
        sa.UniqueConstraint("cycle", "address_norm", name="uq_people_cycle_address_norm"),
    )


def _prompts() -> None:
    op.create_table(
        "prompts",
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("deputy", sa.String(), nullable=True),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("within", sa.Float(), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("second_person", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("languages", data, nullable=False),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("options", data, nullable=False),
        sa.Column("closed_at", Utc(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("option", sa.String(), nullable=False),
        sa.Column("closed_role", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_prompts_cycle"),
        sa.PrimaryKeyConstraint("cycle", "id", name="pk_prompts"),
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("data", data, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("drawn_at", Utc(), nullable=False),
        sa.Column("filed_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_reports_cycle"),
        sa.PrimaryKeyConstraint("cycle", "step", "revision", name="pk_reports"),
    )


def _texts() -> None:
    op.create_table(
        "texts",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", data, nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_texts_cycle"),
        sa.PrimaryKeyConstraint("ref", name="pk_texts"),
    )
    op.create_index("ix_texts_cycle", "texts", ["cycle"])


def _envelopes() -> None:
    op.create_table(
        "envelopes",
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answers", data, nullable=False),
        sa.ForeignKeyConstraint(["cycle", "number"], ["inbox.cycle", "inbox.number"], name="fk_envelopes_cycle_number"),
        sa.PrimaryKeyConstraint("cycle", "number", name="pk_envelopes"),
    )
