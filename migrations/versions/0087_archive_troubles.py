"""What cannot be packed is said once, counted, and shown at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0087_archive_troubles"
down_revision = "0086_archive_transfers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive_troubles",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tries >= 1", name=op.f("ck_archive_troubles_tried")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_archive_troubles_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_archive_troubles")),
    )


def downgrade() -> None:
    op.drop_table("archive_troubles")
