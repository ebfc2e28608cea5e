"""Some of those whose case was closed are called back; every no of a week is found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0069_looking_back"
down_revision = "0068_case_proof"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_back_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("closed", sa.BigInteger(), nullable=False),
        sa.Column("drawn", sa.BigInteger(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_call_back_days_percent_is_one")),
        sa.CheckConstraint("drawn BETWEEN 0 AND closed", name=op.f("ck_call_back_days_drawn_of_closed")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_call_back_days")),
    )
    op.create_table(
        "call_backs",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("clerk_name", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "result IN ('satisfied', 'unsatisfied', 'unreached', 'declined')",
            name=op.f("ck_call_backs_result_known"),
        ),
        sa.CheckConstraint(
            "(result IS NULL) = (called_at IS NULL) AND (result IS NULL) = (clerk_id IS NULL)"
            " AND (result IS NULL) = (clerk_name IS NULL)",
            name=op.f("ck_call_backs_called_by_somebody"),
        ),
        sa.CheckConstraint(
            "result IS DISTINCT FROM 'unsatisfied' OR said IS NOT NULL",
            name=op.f("ck_call_backs_complaint_is_said"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_call_backs_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["day"], ["call_back_days.day"], name=op.f("fk_call_backs_day_call_back_days")
        ),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_call_backs_clerk_id_clerks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
        sa.UniqueConstraint("case_id", name=op.f("uq_call_backs_case_id")),
    )
    op.create_index("ix_call_backs_open", "call_backs", ["id"], postgresql_where=sa.text("result IS NULL"))
    for name, column, where in (
        ("ix_cases_refused", "decided_at", "granted IS FALSE"),
        ("ix_cases_not_accepted", "not_accepted_at", "not_accepted_at IS NOT NULL"),
        ("ix_cases_closed", "closed_at", "closed_at IS NOT NULL"),
    ):
        op.create_index(name, "cases", [column], postgresql_where=sa.text(where))


def downgrade() -> None:
    for name in ("ix_cases_closed", "ix_cases_not_accepted", "ix_cases_refused"):
        op.drop_index(name, "cases")
    for name in ("call_backs", "call_back_days"):
        op.drop_table(name)
