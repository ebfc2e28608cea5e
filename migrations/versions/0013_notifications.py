"""The tables of: notifications."""

revision = "0013_notifications"
down_revision = "0012_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
