"""The tables of: refund requests."""

import sqlalchemy as sa
from alembic import op

revision = "0018_refund_requests"
down_revision = "0017_queueing"
branch_labels = None
depends_on = None

_PARTS = "payment_attempt_bills"
_NO_MORE_THAN_PAID = "reserved_fen >= 0 AND refunded_fen >= 0 AND reserved_fen + refunded_fen <= amount_fen"


def upgrade() -> None:
    _requests()
    _each_bill_keeps_its_own_sum()
    # What a citizen asks back may go in parts; only what goes back by itself goes once.
    op.add_column("refunds", sa.Column("requested", sa.Boolean(), server_default="false", nullable=False))
    op.drop_constraint(op.f("uq_refunds_attempt_id_bill_id"), "refunds", type_="unique")
    op.create_index(
        "uq_refunds_by_itself",
        "refunds",
        ["attempt_id", "bill_id"],
        unique=True,
        postgresql_where=sa.text("NOT requested"),
    )
    op.create_index("ix_refunds_finished_at", "refunds", ["finished_at"], unique=False)
    op.create_index("ix_payment_attempts_created_at_id", "payment_attempts", ["created_at", "id"])
    op.create_index("ix_payment_attempts_paid_at", "payment_attempts", ["paid_at"], unique=False)
    _who_saw_to_an_exception()


def _requests() -> None:
    op.create_table(
        "refund_requests",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("refund_no", sa.String(length=32), nullable=False),
        sa.Column("payment_no", sa.String(length=32), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decision_reason", sa.LargeBinary(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_refund_requests_amount_is_positive")),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'refused', 'done', 'failed')",
            name=op.f("ck_refund_requests_state_is_known"),
        ),
        sa.CheckConstraint(
            "(state = 'requested') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_refund_requests_decided_has_its_clerk"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR decision_reason IS NOT NULL",
            name=op.f("ck_refund_requests_refusal_has_its_reason"),
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)",
            name=op.f("ck_refund_requests_finished_has_its_time"),
        ),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_refund_requests_bill_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_refund_requests_citizen_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["clerks.id"], name=op.f("fk_refund_requests_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_requests")),
        sa.UniqueConstraint("refund_no", name=op.f("uq_refund_requests_refund_no")),
    )
    op.create_index(
        "uq_refund_requests_one_open_per_bill",
        "refund_requests",
        ["bill_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested', 'approved')"),
    )
    op.create_index(
        "ix_refund_requests_waiting",
        "refund_requests",
        ["id"],
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_index("ix_refund_requests_citizen_id_id", "refund_requests", ["citizen_id", "id"])
    op.create_index(op.f("ix_refund_requests_payment_no"), "refund_requests", ["payment_no"])


def _each_bill_keeps_its_own_sum() -> None:
    for name in ("reserved_fen", "refunded_fen"):
        op.add_column(_PARTS, sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        "UPDATE payment_attempt_bills AS part SET"
        " reserved_fen = CASE WHEN refunds.state = 'succeeded' THEN 0 ELSE refunds.amount_fen END,"
        " refunded_fen = CASE WHEN refunds.state = 'succeeded' THEN refunds.amount_fen ELSE 0 END"
        " FROM refunds WHERE refunds.attempt_id = part.attempt_id AND refunds.bill_id = part.bill_id"
    )
    op.create_check_constraint(
        op.f("ck_payment_attempt_bills_never_refund_more_than_paid"), _PARTS, _NO_MORE_THAN_PAID
    )


def _who_saw_to_an_exception() -> None:
    op.add_column("payment_exceptions", sa.Column("resolved_by", sa.BigInteger(), nullable=True))
    op.add_column("payment_exceptions", sa.Column("resolution", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(
        op.f("fk_payment_exceptions_resolved_by"), "payment_exceptions", "clerks", ["resolved_by"], ["id"]
    )
    op.create_index(
        "ix_payment_exceptions_open",
        "payment_exceptions",
        ["id"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_payment_exceptions_open",
        table_name="payment_exceptions",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.drop_constraint(op.f("fk_payment_exceptions_resolved_by"), "payment_exceptions", type_="foreignkey")
    op.drop_column("payment_exceptions", "resolution")
    op.drop_column("payment_exceptions", "resolved_by")
    op.drop_index("ix_payment_attempts_paid_at", table_name="payment_attempts")
    op.drop_index("ix_payment_attempts_created_at_id", table_name="payment_attempts")
    op.drop_index("ix_refunds_finished_at", table_name="refunds")
    op.drop_index("uq_refunds_by_itself", table_name="refunds", postgresql_where=sa.text("NOT requested"))
    # Fails, on purpose, once a bill was given back in parts: the older program cannot tell them apart.
    op.create_unique_constraint(op.f("uq_refunds_attempt_id_bill_id"), "refunds", ["attempt_id", "bill_id"])
    op.drop_column("refunds", "requested")
    for name in ("refunded_fen", "reserved_fen"):
        op.drop_column(_PARTS, name)
    op.drop_table("refund_requests")
