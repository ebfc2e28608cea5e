"""The tables of: audit and staff."""

revision = "0003_audit_and_staff"
down_revision = "0002_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
