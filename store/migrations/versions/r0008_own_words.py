"""What people tell of themselves by their links: needs that a host has to know, what they learned; and drafts."""

import sqlalchemy as sa
from alembic import op

from store.columns import Data, Utc

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_words",
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("words", Data, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_own_words_cycle"),
        sa.PrimaryKeyConstraint("cycle", "ref", "about", name="pk_own_words"),
    )
    op.create_table(
        "drafts",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_drafts_cycle"),
        sa.PrimaryKeyConstraint("mark", name="pk_drafts"),
    )
