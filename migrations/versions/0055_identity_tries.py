"""How often a clerk entered an identity lately (核验次数)."""

import sqlalchemy as sa
from alembic import op

revision = "0055_identity_tries"
down_revision = "0054_spot_checks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity_tries",
        sa.Column("clerk_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("window_began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clerk_id", name=op.f("pk_identity_tries")),
    )


def downgrade() -> None:
    op.drop_table("identity_tries")
