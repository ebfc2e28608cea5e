"""What supervisors found of licences, and what the department did about it."""

import sqlalchemy as sa
from alembic import op

revision = "0097_oversight_findings"
down_revision = "0096_credit_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "oversight_findings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("message_no", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "result IN ('fine', 'irregular', 'revoke_asked')", name=op.f("ck_oversight_findings_result_known")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)"
            " AND (answered_at IS NULL) = (answered_by_name IS NULL)",
            name=op.f("ck_oversight_findings_answered_whole"),
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR result = 'revoke_asked'",
            name=op.f("ck_oversight_findings_answered_what_was_asked"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["oversight_events.id"], name=op.f("fk_oversight_findings_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_findings")),
        sa.UniqueConstraint("message_no", name=op.f("uq_oversight_findings_message_no")),
    )
    op.create_index("ix_oversight_findings_of_event", "oversight_findings", ["event_id", "id"])
    op.create_index(
        "ix_oversight_findings_to_answer",
        "oversight_findings",
        ["id"],
        postgresql_where="result = 'revoke_asked' AND answered_at IS NULL",
    )


def downgrade() -> None:
    op.drop_table("oversight_findings")
