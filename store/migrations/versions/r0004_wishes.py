"""A decision about a host's wish to move its visit keeps the time that the host asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    data = sa.JSON(none_as_null=True)
    for name in ("begins", "ends"):
        op.add_column("prompts", sa.Column(name, data))
