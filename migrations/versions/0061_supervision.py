"""Alerts and tickets of electronic supervision."""

import sqlalchemy as sa
from alembic import op

revision = "0061_supervision"
down_revision = "0060_corrections"
branch_labels = None
depends_on = None

_RULES = (
    "'promise_near', 'promise_over', 'law_over', 'answer_late', 'pause_long', 'fee_unpaid', 'delivery_late'"
)


def upgrade() -> None:
    op.execute("CREATE SEQUENCE supervision_numbers MINVALUE 1 MAXVALUE 99999999 CYCLE")
    op.create_table(
        "supervision_alerts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("alert_no", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("recipient", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"rule IN ({_RULES})", name=op.f("ck_supervision_alerts_rule_known")),
        sa.CheckConstraint(
            "level IN ('yellow', 'red', 'over')", name=op.f("ck_supervision_alerts_level_known")
        ),
        sa.CheckConstraint(
            "recipient IN ('handler', 'head', 'supervision')",
            name=op.f("ck_supervision_alerts_recipient_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_supervision_alerts_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_alerts")),
        sa.UniqueConstraint("alert_no", name=op.f("uq_supervision_alerts_alert_no")),
        sa.UniqueConstraint(
            "case_id",
            "rule",
            "level",
            "recipient",
            name=op.f("uq_supervision_alerts_case_id_rule_level_recipient"),
        ),
    )
    op.create_index("ix_supervision_alerts_list", "supervision_alerts", ["recipient", "id"])
    op.create_table(
        "supervision_tickets",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("explained_by", sa.BigInteger(), nullable=True),
        sa.Column("explainer_name", sa.Text(), nullable=True),
        sa.Column("explanation", sa.LargeBinary(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settler_name", sa.Text(), nullable=True),
        sa.Column("settlement", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('opened', 'explained', 'settled')", name=op.f("ck_supervision_tickets_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'opened') = (explained_at IS NULL)"
            " AND (explained_at IS NULL) = (explanation IS NULL)"
            " AND (explained_at IS NULL) = (explained_by IS NULL)",
            name=op.f("ck_supervision_tickets_explained_whole"),
        ),
        sa.CheckConstraint(
            "(state = 'settled') = (settled_at IS NOT NULL)"
            " AND (settled_at IS NULL) = (settlement IS NULL)"
            " AND (settled_at IS NULL) = (settled_by IS NULL)",
            name=op.f("ck_supervision_tickets_settled_whole"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_supervision_tickets_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_tickets")),
        sa.UniqueConstraint("case_id", name=op.f("uq_supervision_tickets_case_id")),
    )
    op.create_index("ix_supervision_tickets_list", "supervision_tickets", ["state", "id"])


def downgrade() -> None:
    for name in ("supervision_tickets", "supervision_alerts"):
        op.drop_table(name)
    op.execute("DROP SEQUENCE supervision_numbers")
