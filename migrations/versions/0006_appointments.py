"""The tables of: appointments."""

revision = "0006_appointments"
down_revision = "0005_centres"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
