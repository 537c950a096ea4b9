"""A cycle's record is written by one workflow, which it knows by a token."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cycles", sa.Column("writer", sa.String(), nullable=False, server_default=""))
