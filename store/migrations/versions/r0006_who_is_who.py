"""Staff sign in, and what they decide carries a proof: letters with codes, sessions, the log of the doors."""

import sqlalchemy as sa
from alembic import op

from store.columns import Counter, Utc

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("door", sa.String, nullable=False),
        sa.Column("made_at", Utc, nullable=False),
        sa.Column("expires_at", Utc, nullable=False),
        sa.Column("used_at", Utc),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sign_ins"),
    )
    op.create_index("ix_sign_ins_staff_door", "sign_ins", ["staff", "door"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("door", sa.String, nullable=False),
        sa.Column("made_at", Utc, nullable=False),
        sa.Column("expires_at", Utc, nullable=False),
        sa.Column("ended_at", Utc),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_staff", "sessions", ["staff"])
    op.create_table(
        "security_log",
        sa.Column("id", Counter, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("door", sa.String, nullable=False),
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("cycle", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_security_log"),
    )
    op.add_column("inbox", sa.Column("proof", sa.String, nullable=False, server_default=""))
