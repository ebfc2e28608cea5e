"""The tables of: catalogue."""

revision = "0004_catalogue"
down_revision = "0003_audit_and_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
