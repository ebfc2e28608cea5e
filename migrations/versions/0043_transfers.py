"""Cases that go from hall to hall."""

import sqlalchemy as sa
from alembic import op

revision = "0043_transfers"
down_revision = "0042_project_codes"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('sending', 'sent')")


def upgrade() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("from_code", sa.String(length=32), nullable=False),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("to_code", sa.String(length=32), nullable=False),
        sa.Column("to_name", sa.Text(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("bus_no", sa.String(length=40), nullable=True),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('sending', 'sent', 'received', 'refused')", name=op.f("ck_transfers_state_known")
        ),
        sa.CheckConstraint("from_code <> to_code", name=op.f("ck_transfers_goes_somewhere")),
        sa.CheckConstraint(
            "state NOT IN ('sent', 'received') OR (bus_no IS NOT NULL AND sent_at IS NOT NULL)",
            name=op.f("ck_transfers_sent_has_its_number"),
        ),
        sa.CheckConstraint(
            "(state = 'received') = (received_at IS NOT NULL)",
            name=op.f("ck_transfers_received_has_its_time"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_transfers_refused_has_its_reason")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_transfers_case_id")),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_transfers_clerk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("bus_no", name=op.f("uq_transfers_bus_no")),
        sa.UniqueConstraint("reference", name=op.f("uq_transfers_reference")),
    )
    op.create_index(
        "uq_transfers_one_on_its_way", "transfers", ["case_id"], unique=True, postgresql_where=_OPEN
    )
    op.create_index("ix_transfers_of_case", "transfers", ["case_id", "id"], unique=False)
    op.create_index("ix_transfers_from", "transfers", ["from_code", "id"], unique=False)
    op.create_index("ix_transfers_to", "transfers", ["to_code", "id"], unique=False)
    op.create_index(
        "ix_transfers_to_ask", "transfers", ["next_check_at"], unique=False, postgresql_where=_OPEN
    )


def downgrade() -> None:
    op.drop_index("ix_transfers_to_ask", table_name="transfers", postgresql_where=_OPEN)
    for name in ("to", "from", "of_case"):
        op.drop_index(f"ix_transfers_{name}", table_name="transfers")
    op.drop_index("uq_transfers_one_on_its_way", table_name="transfers", postgresql_where=_OPEN)
    op.drop_table("transfers")
