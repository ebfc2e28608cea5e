"""What the post of a delivery costs stands on it, and may be billed in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0079_postage"
down_revision = "0078_withheld"
branch_labels = None
depends_on = None

_NOT_NEGATIVE = "ck_deliveries_postage_is_not_negative"


def upgrade() -> None:
    op.create_table(
        "postage_bills",
        sa.Column("bill_id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_postage_bills_bill_id")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_postage_bills_delivery_id")
        ),
        sa.PrimaryKeyConstraint("bill_id", name=op.f("pk_postage_bills")),
    )
    op.create_index("ix_postage_bills_delivery_id", "postage_bills", ["delivery_id"], unique=False)
    op.execute(
        "INSERT INTO postage_bills (bill_id, delivery_id)"
        " SELECT postage_bill_id, id FROM deliveries WHERE postage_bill_id IS NOT NULL"
    )
    op.add_column("deliveries", sa.Column("postage_fen", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        "UPDATE deliveries SET postage_fen = bills.amount_fen FROM bills, cases"
        " WHERE bills.id = deliveries.postage_bill_id AND cases.id = deliveries.case_id"
        " AND cases.delivery_way = 'post' AND bills.state IN ('unpaid', 'paid')"
    )
    op.create_check_constraint(op.f(_NOT_NEGATIVE), "deliveries", "postage_fen >= 0")
    op.drop_column("deliveries", "postage_bill_id")


def downgrade() -> None:
    op.add_column("deliveries", sa.Column("postage_bill_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_deliveries_postage_bill_id"), "deliveries", "bills", ["postage_bill_id"], ["id"]
    )
    op.execute(
        "UPDATE deliveries SET postage_bill_id = last.bill_id FROM"
        " (SELECT delivery_id, max(bill_id) AS bill_id FROM postage_bills"
        " JOIN bills ON bills.id = postage_bills.bill_id"
        " WHERE bills.state IN ('unpaid', 'paid') GROUP BY delivery_id) AS last"
        " WHERE last.delivery_id = deliveries.id"
    )
    op.drop_column("deliveries", "postage_fen")
    op.drop_table("postage_bills")
