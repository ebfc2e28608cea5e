"""The tables of: fees."""

import sqlalchemy as sa
from alembic import op

revision = "0010_fees"
down_revision = "0009_certificates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bills",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("bill_no", sa.String(length=32), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("task_code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payment_no", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "(state IN ('paid', 'refunded')) = (paid_at IS NOT NULL)", name=op.f("ck_bills_paid_has_its_time")
        ),
        sa.CheckConstraint(
            "state IN ('unpaid', 'paid', 'void', 'refunded')", name=op.f("ck_bills_state_is_known")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_bills_amount_is_positive")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_bills_case_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_bills_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bills")),
        sa.UniqueConstraint("bill_no", name=op.f("uq_bills_bill_no")),
    )
    op.create_index("ix_bills_citizen_id_id", "bills", ["citizen_id", "id"], unique=False)
    op.create_index(
        "uq_bills_one_live_per_case",
        "bills",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("case_id IS NOT NULL AND state IN ('unpaid', 'paid')"),
    )
    op.create_table(
        "bill_lines",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=False),
        sa.Column("fee_code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(length=400), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_bill_lines_amount_is_not_negative")),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_bill_lines_bill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_lines")),
    )
    op.create_index(op.f("ix_bill_lines_bill_id"), "bill_lines", ["bill_id"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("receipt_no", sa.String(length=32), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_receipts_bill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("bill_id", name=op.f("uq_receipts_bill_id")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_receipts_receipt_no")),
    )


def downgrade() -> None:
    op.drop_table("receipts")
    op.drop_index(op.f("ix_bill_lines_bill_id"), table_name="bill_lines")
    op.drop_table("bill_lines")
    op.drop_index(
        "uq_bills_one_live_per_case",
        table_name="bills",
        postgresql_where=sa.text("case_id IS NOT NULL AND state IN ('unpaid', 'paid')"),
    )
    op.drop_index("ix_bills_citizen_id_id", table_name="bills")
    op.drop_table("bills")
