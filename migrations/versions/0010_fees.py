"""The tables of: fees."""

revision = "0010_fees"
down_revision = "0009_certificates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
