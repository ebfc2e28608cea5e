"""The list of a bundle kept by a number (一件事办理清单)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0053_bundle_lists"
down_revision = "0052_case_clocks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bundle_lists",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("list_no", sa.String(length=24), nullable=False),
        sa.Column("bundle_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("provenance", sa.String(length=64), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("versions", postgresql.JSONB(), nullable=False),
        sa.Column("sealed_answers", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_lists")),
        sa.UniqueConstraint("list_no", name=op.f("uq_bundle_lists_list_no")),
    )
    op.create_index("ix_bundle_lists_made_at", "bundle_lists", ["made_at"], unique=False)


def downgrade() -> None:
    op.drop_table("bundle_lists")
