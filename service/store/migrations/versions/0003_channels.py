"""Tables of the chat platforms."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "platform_event",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_platform_event_received_at"), "platform_event", ["received_at"], unique=False)
    op.create_table(
        "place",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_place_owner"), "place", ["owner"], unique=False)
    op.create_index(op.f("ix_place_conversation_id"), "place", ["conversation_id"], unique=False)
    op.create_table(
        "post",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "part"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("post")
    op.drop_table("place")
    op.drop_table("platform_event")
