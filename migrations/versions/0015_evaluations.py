"""The tables of: evaluations."""

revision = "0015_evaluations"
down_revision = "0014_bots"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
