"""The tables of: refund requests."""

revision = "0018_refund_requests"
down_revision = "0017_queueing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
