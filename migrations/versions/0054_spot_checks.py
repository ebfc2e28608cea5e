"""A person looks again at some of what the machine decided (秒批抽查)."""

import sqlalchemy as sa
from alembic import op

revision = "0054_spot_checks"
down_revision = "0053_bundle_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spot_check_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("decided", sa.BigInteger(), nullable=False),
        sa.Column("drawn", sa.BigInteger(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_spot_check_days_percent_is_one")),
        sa.CheckConstraint("drawn BETWEEN 0 AND decided", name=op.f("ck_spot_check_days_drawn_of_decided")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_spot_check_days")),
    )
    _checks()
    op.create_index(
        "ix_spot_checks_open",
        "spot_checks",
        ["id"],
        unique=False,
        postgresql_where=sa.text("outcome IS NULL OR (outcome = 'wrong' AND followed IS NULL)"),
    )
    op.create_index(
        "ix_spot_checks_found",
        "spot_checks",
        ["task_code", "checked_at"],
        unique=False,
        postgresql_where=sa.text("outcome IS NOT NULL"),
    )


def _checks() -> None:
    op.create_table(
        "spot_checks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("guide_version_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("finding", sa.LargeBinary(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.BigInteger(), nullable=True),
        sa.Column("followed", sa.String(length=16), nullable=True),
        sa.Column("follow_note", sa.LargeBinary(), nullable=True),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("outcome IN ('right', 'wrong')", name=op.f("ck_spot_checks_outcome_known")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (checked_at IS NULL) AND (outcome IS NULL) = (checked_by IS NULL)",
            name=op.f("ck_spot_checks_found_by_somebody"),
        ),
        sa.CheckConstraint(
            "(outcome IS NOT DISTINCT FROM 'wrong') = (finding IS NOT NULL)",
            name=op.f("ck_spot_checks_wrong_is_said"),
        ),
        sa.CheckConstraint(
            "followed IS NULL OR (outcome IS NOT DISTINCT FROM 'wrong'"
            " AND followed IN ('kept', 'corrected', 'revoked'))",
            name=op.f("ck_spot_checks_wrong_is_followed"),
        ),
        sa.CheckConstraint(
            "(followed IS NULL) = (followed_at IS NULL) AND (followed IS NULL) = (followed_by IS NULL)"
            " AND (followed IS NULL) = (follow_note IS NULL)",
            name=op.f("ck_spot_checks_followed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_spot_checks_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["day"], ["spot_check_days.day"], name=op.f("fk_spot_checks_day_spot_check_days")
        ),
        sa.ForeignKeyConstraint(
            ["guide_version_id"],
            ["guide_versions.id"],
            name=op.f("fk_spot_checks_guide_version_id_guide_versions"),
        ),
        sa.ForeignKeyConstraint(["checked_by"], ["clerks.id"], name=op.f("fk_spot_checks_checked_by_clerks")),
        sa.ForeignKeyConstraint(
            ["followed_by"], ["clerks.id"], name=op.f("fk_spot_checks_followed_by_clerks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_checks")),
        sa.UniqueConstraint("case_id", name=op.f("uq_spot_checks_case_id")),
    )


def downgrade() -> None:
    op.drop_table("spot_checks")
    op.drop_table("spot_check_days")
