"""An authority on paper counts once a second clerk has looked."""

import sqlalchemy as sa
from alembic import op

revision = "0093_confirmed_papers"
down_revision = "0092_visit_pauses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delegations", sa.Column("confirmed_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_delegations_confirmed_by_clerks"), "delegations", "clerks", ["confirmed_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_delegations_two_clerks"), "delegations", "confirmed_by <> witnessed_by"
    )


def downgrade() -> None:
    op.drop_column("delegations", "confirmed_by")
