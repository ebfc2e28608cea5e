"""The tables of: complaints."""

import sqlalchemy as sa
from alembic import op

revision = "0016_complaints"
down_revision = "0015_evaluations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE complaint_numbers MINVALUE 1 MAXVALUE 99999999 CYCLE")
    op.create_table(
        "complaints",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("complaint_no", sa.String(length=19), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("dept_code", sa.String(length=64), nullable=True),
        sa.Column("dept_name", sa.Text(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'answered') = (answered_at IS NOT NULL)",
            name=op.f("ck_complaints_answered_has_its_time"),
        ),
        sa.CheckConstraint(
            "kind IN ('cannot_get_done', 'complaint', 'suggestion')", name=op.f("ck_complaints_kind_known")
        ),
        sa.CheckConstraint("state IN ('received', 'answered')", name=op.f("ck_complaints_state_known")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_complaints_case_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_complaints_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("complaint_no", name=op.f("uq_complaints_complaint_no")),
    )
    op.create_index("ix_complaints_list", "complaints", ["state", "due_on", "id"], unique=False)
    op.create_index("ix_complaints_of_citizen", "complaints", ["citizen_id", "id"], unique=False)
    op.create_table(
        "complaint_answers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_name", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_answers_complaint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_answers")),
    )
    op.create_index(
        "ix_complaint_answers_of_complaint", "complaint_answers", ["complaint_id", "id"], unique=False
    )
    op.create_index(
        "uq_complaint_answers_one_final",
        "complaint_answers",
        ["complaint_id"],
        unique=True,
        postgresql_where=sa.text("final"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_complaint_answers_one_final", table_name="complaint_answers", postgresql_where=sa.text("final")
    )
    op.drop_index("ix_complaint_answers_of_complaint", table_name="complaint_answers")
    op.drop_table("complaint_answers")
    op.drop_index("ix_complaints_of_citizen", table_name="complaints")
    op.drop_index("ix_complaints_list", table_name="complaints")
    op.drop_table("complaints")
    op.execute("DROP SEQUENCE complaint_numbers")
