"""The tables of: closing accounts."""

revision = "0019_closing_accounts"
down_revision = "0018_refund_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
