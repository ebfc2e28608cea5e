"""The tables of: certificates."""

revision = "0009_certificates"
down_revision = "0008_materials"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
