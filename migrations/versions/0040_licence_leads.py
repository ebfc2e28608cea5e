"""Which department was told of which unit after its registration."""

import sqlalchemy as sa
from alembic import op

revision = "0040_licence_leads"
down_revision = "0039_unit_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licence_leads",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("task_code", sa.String(length=33), nullable=False),
        sa.Column("task_name", sa.String(length=200), nullable=False),
        sa.Column("dept_code", sa.String(length=18), nullable=False),
        sa.Column("dept_name", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_up_case_id", sa.BigInteger(), nullable=True),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(taken_up_at IS NULL) = (taken_up_case_id IS NULL AND clerk_id IS NULL)",
            name=op.f("ck_licence_leads_taken_up_by_somebody"),
        ),
        sa.CheckConstraint(
            "(clerk_id IS NULL) = (note IS NULL)", name=op.f("ck_licence_leads_clerk_says_what_was_done")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_licence_leads_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_licence_leads_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_licence_leads_clerk_id_clerks")),
        sa.ForeignKeyConstraint(
            ["taken_up_case_id"], ["cases.id"], name=op.f("fk_licence_leads_taken_up_case_id_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_leads")),
        sa.UniqueConstraint("case_id", "task_code", name=op.f("uq_licence_leads_case_id_task_code")),
    )
    op.create_index("ix_licence_leads_of_citizen", "licence_leads", ["citizen_id", "task_code"])
    op.create_index("ix_licence_leads_of_department", "licence_leads", ["dept_code", "id"])


def downgrade() -> None:
    op.drop_table("licence_leads")
