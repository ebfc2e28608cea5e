"""What the machine said of cases, and where it is told to keep still."""

import sqlalchemy as sa
from alembic import op

revision = "0048_review_points"
down_revision = "0047_acting_for"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_reviews",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("guide_version_id", sa.BigInteger(), nullable=False),
        sa.Column("occasion", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("person_by", sa.Date(), nullable=True),
        sa.Column("sealed_verdicts", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("occasion IN ('submitted', 'paid')", name=op.f("ck_case_reviews_occasion_known")),
        sa.CheckConstraint("passed = (person_by IS NULL)", name=op.f("ck_case_reviews_person_has_a_day")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_reviews_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["guide_version_id"],
            ["guide_versions.id"],
            name=op.f("fk_case_reviews_guide_version_id_guide_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_reviews")),
        sa.UniqueConstraint("case_id", "occasion", name=op.f("uq_case_reviews_case_id_occasion")),
    )
    op.create_table(
        "machine_stops",
        sa.Column("task_code", sa.String(length=33), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_name", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_machine_stops_clerk_id_clerks")),
        sa.PrimaryKeyConstraint("task_code", name=op.f("pk_machine_stops")),
    )


def downgrade() -> None:
    op.drop_table("machine_stops")
    op.drop_table("case_reviews")
