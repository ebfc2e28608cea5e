"""The tables of: bots."""

import sqlalchemy as sa
from alembic import op

revision = "0014_bots"
down_revision = "0013_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bot_messages",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=96), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bot_messages")),
        sa.UniqueConstraint("platform", "message_id", name=op.f("uq_bot_messages_platform_message_id")),
    )
    op.create_index("ix_bot_messages_taken_at", "bot_messages", ["taken_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_bot_messages_taken_at", table_name="bot_messages")
    op.drop_table("bot_messages")
