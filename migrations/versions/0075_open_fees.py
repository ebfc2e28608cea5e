"""A case that silence accepted may wait for somebody to say what it costs."""

import sqlalchemy as sa
from alembic import op

revision = "0075_open_fees"
down_revision = "0074_promises"
branch_labels = None
depends_on = None

_SETTLED = "ck_cases_granted_with_its_fee_settled"


def upgrade() -> None:
    op.add_column("cases", sa.Column("fee_open", sa.Boolean(), server_default="false", nullable=False))
    op.create_check_constraint(op.f(_SETTLED), "cases", "granted IS NOT TRUE OR NOT fee_open")


def downgrade() -> None:
    # The check goes with its column.
    op.drop_column("cases", "fee_open")
