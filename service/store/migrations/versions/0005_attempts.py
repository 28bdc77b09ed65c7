"""How often a message or a delivery that was left without a reply has been taken up again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the counts."""
    for table in ("inbox", "platform_event"):
        op.add_column(table, sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
        op.add_column(table, sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True))
