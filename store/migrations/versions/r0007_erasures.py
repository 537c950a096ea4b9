"""Who was erased, by a mark that says nothing, until nothing is left of her and in case a backup is restored."""

import sqlalchemy as sa
from alembic import op

from store.columns import Utc

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_UNSAMPLED = {
    "people": ("name", "address", "address_norm"),
    "staff": ("name", "address", "address_norm"),
    "outbox": ("subject", "data", "last_error"),
    "reports": ("html",),
}
"""Of these PostgreSQL keeps no samples for its planner: what is erased must not live on in its statistics."""


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("mark", sa.String, primary_key=True),
        sa.Column("cycle", sa.String, primary_key=True),
        sa.Column("ref", sa.String, nullable=False),
        sa.Column("asked_at", Utc, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("steps", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("told_at", Utc),
        sa.Column("done_at", Utc),
        sa.Column("pending", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("mark", "cycle", name="pk_erasures"),
    )
    op.create_index("ix_erasures_cycle_asked_at", "erasures", ["cycle", "asked_at"])
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in _UNSAMPLED.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
