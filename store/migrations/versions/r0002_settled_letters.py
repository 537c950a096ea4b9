"""Letters that did not arrive can be settled."""

import sqlalchemy as sa
from alembic import op

from store.columns import Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("settled_at", Utc()))
    for name in ("settled_by", "settled_why"):
        op.add_column("outbox", sa.Column(name, sa.String(), nullable=False, server_default=""))
    lost = sa.text("state IN ('failed', 'suspect')")
    op.create_index("ix_outbox_lost", "outbox", ["cycle", "state"], sqlite_where=lost, postgresql_where=lost)
