"""How long cases took, what was forecast by it, and whether that was right."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0065_forecasts"
down_revision = "0064_certificate_shares"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_forecasts",
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("half_days", sa.SmallInteger(), nullable=False),
        sa.Column("most_days", sa.SmallInteger(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cardinality(days) BETWEEN 20 AND 100", name=op.f("ck_item_forecasts_enough_cases")
        ),
        sa.CheckConstraint(
            "half_days BETWEEN 0 AND most_days", name=op.f("ck_item_forecasts_half_before_most")
        ),
        sa.PrimaryKeyConstraint("task_code", name=op.f("pk_item_forecasts")),
    )
    op.create_table(
        "case_forecasts",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("cases", sa.SmallInteger(), nullable=False),
        sa.Column("half_days", sa.SmallInteger(), nullable=False),
        sa.Column("most_days", sa.SmallInteger(), nullable=False),
        sa.Column("half_by", sa.Date(), nullable=False),
        sa.Column("most_by", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_days", sa.SmallInteger(), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "half_by <= most_by AND half_days BETWEEN 0 AND most_days",
            name=op.f("ck_case_forecasts_half_before_most"),
        ),
        sa.CheckConstraint(
            "(took_days IS NULL) = (scored_at IS NULL)", name=op.f("ck_case_forecasts_scored_whole")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_forecasts_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_forecasts")),
    )
    op.create_index(
        "ix_case_forecasts_scored",
        "case_forecasts",
        ["task_code", "scored_at"],
        postgresql_where=sa.text("scored_at IS NOT NULL"),
    )
    op.create_index(
        "ix_cases_decided_of_item",
        "cases",
        ["task_code", "decided_at"],
        postgresql_where=sa.text("decided_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_cases_decided_of_item", "cases")
    for name in ("case_forecasts", "item_forecasts"):
        op.drop_table(name)
