"""The tables of: complaints."""

revision = "0016_complaints"
down_revision = "0015_evaluations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
