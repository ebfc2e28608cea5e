"""The tables of: materials."""

revision = "0008_materials"
down_revision = "0007_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
