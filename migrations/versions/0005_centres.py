"""The tables of: centres."""

revision = "0005_centres"
down_revision = "0004_catalogue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
