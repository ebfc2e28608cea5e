"""Indexes by which the desk's lists and numbers are read."""

from alembic import op

revision = "0020_desk_lists"
down_revision = "0019_closing_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_entries_at", "audit_entries", ["at", "id"], unique=False)
    op.create_index(
        "ix_bills_paid_at", "bills", ["paid_at", "id"], unique=False, postgresql_where="paid_at IS NOT NULL"
    )
    op.create_index(
        "ix_bills_unpaid", "bills", ["issued_at", "id"], unique=False, postgresql_where="state = 'unpaid'"
    )
    op.create_index(
        "ix_cases_due",
        "cases",
        ["promised_due_on", "id"],
        unique=False,
        postgresql_where="state = 'accepted'",
    )
    op.create_index(
        "ix_cases_waiting",
        "cases",
        ["submitted_at", "id"],
        unique=False,
        postgresql_where="state = 'submitted'",
    )
    op.create_index(
        "ix_cases_submitted_at",
        "cases",
        ["submitted_at"],
        unique=False,
        postgresql_where="submitted_at IS NOT NULL",
    )
    for column in ("accepted_at", "closed_at"):
        op.create_index(
            f"ix_cases_{column}",
            "cases",
            [column],
            unique=False,
            postgresql_where=f"{column} IS NOT NULL",
            postgresql_include=["dept_code", "dept_name"],
        )
    op.create_index("ix_evaluations_created_at", "evaluations", ["created_at"], unique=False)
    op.create_index("ix_cases_of_item", "cases", ["task_code", "state", "id"], unique=False)


def downgrade() -> None:
    for name in ("of_item", "closed_at", "accepted_at", "submitted_at", "waiting", "due"):
        op.drop_index(f"ix_cases_{name}", table_name="cases")
    op.drop_index("ix_evaluations_created_at", table_name="evaluations")
    op.drop_index("ix_bills_unpaid", table_name="bills")
    op.drop_index("ix_bills_paid_at", table_name="bills")
    op.drop_index("ix_audit_entries_at", table_name="audit_entries")
