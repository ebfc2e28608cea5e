"""The tables of: queueing."""

revision = "0017_queueing"
down_revision = "0016_complaints"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
