"""Drafts of guides, looked through by a second person."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028_publishing"
down_revision = "0027_checklists"
branch_labels = None
depends_on = None

LIVE = "state IN ('editing', 'in_review', 'planned')"


def upgrade() -> None:
    op.create_table(
        "guide_drafts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("task_code", sa.String(length=33), nullable=False),
        sa.Column("task_name", sa.String(length=200), nullable=False),
        sa.Column("dept_code", sa.String(length=18), nullable=False),
        sa.Column("dept_name", sa.String(length=100), nullable=False),
        sa.Column("base_version", sa.BigInteger(), nullable=True),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("editors", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_version", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('editing', 'in_review', 'planned', 'published', 'discarded')",
            name=op.f("ck_guide_drafts_state_known"),
        ),
        sa.CheckConstraint("length(task_code) IN (31, 33)", name=op.f("ck_guide_drafts_code_has_its_length")),
        sa.CheckConstraint(
            "reviewed_by IS NULL OR NOT (reviewed_by = ANY (editors))",
            name=op.f("ck_guide_drafts_released_by_another"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('planned', 'published') OR (reviewed_by IS NOT NULL AND reviewed_at IS NOT NULL)",
            name=op.f("ck_guide_drafts_public_only_when_reviewed"),
        ),
        sa.CheckConstraint(
            "(state = 'planned') <= (effective_at IS NOT NULL)",
            name=op.f("ck_guide_drafts_planned_has_its_day"),
        ),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_guide_drafts_published_has_its_time"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["clerks.id"], name=op.f("fk_guide_drafts_reviewed_by_clerks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_drafts")),
    )
    op.create_index(
        "uq_guide_drafts_one_live",
        "guide_drafts",
        ["task_code"],
        unique=True,
        postgresql_where=sa.text(LIVE),
    )
    op.create_index("ix_guide_drafts_state", "guide_drafts", ["state", "id"], unique=False)
    op.create_index(
        "ix_guide_drafts_due",
        "guide_drafts",
        ["effective_at"],
        unique=False,
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_table(
        "guide_draft_steps",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerks.id"], name=op.f("fk_guide_draft_steps_clerk_id_clerks")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["guide_drafts.id"], name=op.f("fk_guide_draft_steps_draft_id_guide_drafts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_draft_steps")),
    )
    op.create_index("ix_guide_draft_steps_of_draft", "guide_draft_steps", ["draft_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("guide_draft_steps")
    op.drop_table("guide_drafts")
