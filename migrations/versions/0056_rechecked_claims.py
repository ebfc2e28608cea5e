"""An earlier representative is asked about anew (法定代表人复核)."""

import sqlalchemy as sa
from alembic import op

revision = "0056_rechecked_claims"
down_revision = "0055_identity_tries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "organisation_claims",
        sa.Column("recheck", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("organisation_claims", "recheck")
