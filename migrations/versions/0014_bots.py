"""The tables of: bots."""

revision = "0014_bots"
down_revision = "0013_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
