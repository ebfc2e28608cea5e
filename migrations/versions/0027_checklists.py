"""Checklists: what somebody answered, kept by a number."""

import sqlalchemy as sa
from alembic import op

revision = "0027_checklists"
down_revision = "0026_articles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checklists",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("checklist_no", sa.String(length=24), nullable=False),
        sa.Column("guide_version_id", sa.BigInteger(), nullable=False),
        sa.Column("task_code", sa.String(length=33), nullable=False),
        sa.Column("sealed_answers", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["guide_version_id"],
            ["guide_versions.id"],
            name=op.f("fk_checklists_guide_version_id_guide_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
        sa.UniqueConstraint("checklist_no", name=op.f("uq_checklists_checklist_no")),
    )
    op.create_index("ix_checklists_made_at", "checklists", ["made_at"], unique=False)


def downgrade() -> None:
    op.drop_table("checklists")
