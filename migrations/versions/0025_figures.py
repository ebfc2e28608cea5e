"""What promised numbers are counted from: items' facts, baselines, visits of cases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025_figures"
down_revision = "0024_differences_of_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_baselines",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("provenance", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_baselines")),
    )
    op.create_table(
        "figure_baseline_items",
        sa.Column("baseline_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task_code", sa.String(length=33), nullable=False),
        sa.Column("materials", sa.BigInteger(), nullable=False),
        sa.Column("exempt", sa.BigInteger(), nullable=False),
        sa.Column("promise_days", sa.BigInteger(), nullable=True),
        sa.Column("legal_days", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["baseline_id"], ["figure_baselines.id"], name=op.f("fk_figure_baseline_items_baseline_id")
        ),
        sa.PrimaryKeyConstraint("baseline_id", "task_code", name=op.f("pk_figure_baseline_items")),
    )
    op.create_table(
        "item_facts",
        sa.Column("service_item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guide_version_id", sa.BigInteger(), nullable=False),
        sa.Column("use_level", sa.String(length=8), nullable=False),
        sa.Column("task_type", sa.String(length=8), nullable=False),
        sa.Column("visits", sa.SmallInteger(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("online_depth", sa.SmallInteger(), nullable=False),
        sa.Column("ways", postgresql.ARRAY(sa.String(length=16)), nullable=False),
        sa.Column("promise_days", sa.BigInteger(), nullable=True),
        sa.Column("legal_days", sa.BigInteger(), nullable=True),
        sa.Column("materials", sa.BigInteger(), nullable=False),
        sa.Column("exempt", sa.BigInteger(), nullable=False),
        sa.Column("in_hall", sa.Boolean(), nullable=False),
        sa.Column("nearby", sa.Boolean(), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("centres", postgresql.ARRAY(sa.String(length=16)), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_item_id"],
            ["service_items.id"],
            name=op.f("fk_item_facts_service_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_item_id", name=op.f("pk_item_facts")),
    )
    op.create_table(
        "case_visits",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("promised", sa.SmallInteger(), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(over_at IS NOT NULL) = (cardinality(days) > promised)",
            name=op.f("ck_case_visits_over_when_more"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_visits_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_visits")),
    )
    op.create_index("ix_case_visits_closed_at", "case_visits", ["closed_at"], unique=False)
    op.create_index(
        "ix_case_visits_over_at",
        "case_visits",
        ["over_at"],
        unique=False,
        postgresql_where=sa.text("over_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_case_visits_over_at", table_name="case_visits", postgresql_where=sa.text("over_at IS NOT NULL")
    )
    op.drop_index("ix_case_visits_closed_at", table_name="case_visits")
    op.drop_table("case_visits")
    op.drop_table("item_facts")
    op.drop_table("figure_baseline_items")
    op.drop_table("figure_baselines")
