"""Personal links of letters, by a mark of theirs from which they cannot be made again."""

import sqlalchemy as sa
from alembic import op

from store.columns import Utc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    own = ("ref", "cycle", "purpose", "about", "revision")
    op.create_table(
        "links",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("issued_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("superseded_at", Utc(), nullable=True),
        sa.Column("used_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name="fk_links_cycle"),
        sa.PrimaryKeyConstraint("mark", name="pk_links"),
        sa.UniqueConstraint(*own, name=f"uq_links_{'_'.join(own)}"),
    )
