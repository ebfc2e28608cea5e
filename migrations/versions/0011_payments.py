"""The tables of: payments."""

revision = "0011_payments"
down_revision = "0010_fees"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
