"""The tables of: payments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_payments"
down_revision = "0010_fees"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_notices",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=128), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_notices")),
        sa.UniqueConstraint("channel", "event_id", name=op.f("uq_payment_notices_channel_event_id")),
    )
    op.create_table(
        "payment_attempts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("payment_no", sa.String(length=32), nullable=False),
        sa.Column("out_trade_no", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.String(length=128), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("prepay_id", sa.String(length=128), nullable=True),
        sa.Column("transaction_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserved_fen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_payment_attempts_paid_has_its_time")
        ),
        sa.CheckConstraint(
            "channel IN ('wechat', 'alipay')", name=op.f("ck_payment_attempts_channel_is_known")
        ),
        sa.CheckConstraint(
            "state IN ('sending', 'waiting', 'closing', 'closed', 'paid')",
            name=op.f("ck_payment_attempts_state_is_known"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_attempts_amount_is_positive")),
        sa.CheckConstraint(
            "reserved_fen >= 0 AND refunded_fen >= 0 AND reserved_fen + refunded_fen <= amount_fen",
            name=op.f("ck_payment_attempts_never_refund_more_than_paid"),
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_payment_attempts_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempts")),
        sa.UniqueConstraint(
            "channel", "transaction_id", name=op.f("uq_payment_attempts_channel_transaction_id")
        ),
        sa.UniqueConstraint("out_trade_no", name=op.f("uq_payment_attempts_out_trade_no")),
        sa.UniqueConstraint("payment_no", name=op.f("uq_payment_attempts_payment_no")),
    )
    op.create_index(op.f("ix_payment_attempts_citizen_id"), "payment_attempts", ["citizen_id"], unique=False)
    op.create_index(
        "ix_payment_attempts_to_check",
        "payment_attempts",
        ["next_check_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('sending', 'waiting', 'closing')"),
    )
    op.create_table(
        "payment_exceptions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["payment_attempts.id"], name=op.f("fk_payment_exceptions_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_exceptions")),
        sa.UniqueConstraint("kind", "reference", name=op.f("uq_payment_exceptions_kind_reference")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("booking", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_ledger_entries_amount_is_not_zero")),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_ledger_entries_bill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint(
            "booking",
            "account",
            "bill_id",
            name=op.f("uq_ledger_entries_booking_account_bill_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "payment_attempt_bills",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["payment_attempts.id"], name=op.f("fk_payment_attempt_bills_attempt_id")
        ),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_payment_attempt_bills_bill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempt_bills")),
        sa.UniqueConstraint(
            "attempt_id", "bill_id", name=op.f("uq_payment_attempt_bills_attempt_id_bill_id")
        ),
    )
    op.create_index(
        op.f("ix_payment_attempt_bills_bill_id"), "payment_attempt_bills", ["bill_id"], unique=False
    )
    op.create_index(
        "uq_payment_attempt_bills_live",
        "payment_attempt_bills",
        ["bill_id"],
        unique=True,
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "refunds",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("refund_no", sa.String(length=48), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("channel_refund_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('reserved', 'sending', 'processing', 'succeeded', 'failed')",
            name=op.f("ck_refunds_state_is_known"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_refunds_amount_is_positive")),
        sa.ForeignKeyConstraint(["attempt_id"], ["payment_attempts.id"], name=op.f("fk_refunds_attempt_id")),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_refunds_bill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("attempt_id", "bill_id", name=op.f("uq_refunds_attempt_id_bill_id")),
        sa.UniqueConstraint("refund_no", name=op.f("uq_refunds_refund_no")),
    )
    op.create_index(
        "ix_refunds_to_check",
        "refunds",
        ["next_check_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('reserved', 'sending', 'processing')"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_refunds_to_check",
        table_name="refunds",
        postgresql_where=sa.text("state IN ('reserved', 'sending', 'processing')"),
    )
    op.drop_table("refunds")
    op.drop_index(
        "uq_payment_attempt_bills_live", table_name="payment_attempt_bills", postgresql_where=sa.text("live")
    )
    op.drop_index(op.f("ix_payment_attempt_bills_bill_id"), table_name="payment_attempt_bills")
    op.drop_table("payment_attempt_bills")
    op.drop_table("ledger_entries")
    op.drop_table("payment_exceptions")
    op.drop_index(
        "ix_payment_attempts_to_check",
        table_name="payment_attempts",
        postgresql_where=sa.text("state IN ('sending', 'waiting', 'closing')"),
    )
    op.drop_index(op.f("ix_payment_attempts_citizen_id"), table_name="payment_attempts")
    op.drop_table("payment_attempts")
    op.drop_table("payment_notices")
