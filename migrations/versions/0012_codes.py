"""The tables of: codes."""

revision = "0012_codes"
down_revision = "0011_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
