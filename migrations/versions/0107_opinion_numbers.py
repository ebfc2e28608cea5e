"""Departments see whole identity numbers where the guide says why."""

import sqlalchemy as sa
from alembic import op

revision = "0107_opinion_numbers"
down_revision = "0106_moved_visits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("opinion_requests", sa.Column("number_why", sa.Text(), server_default="", nullable=False))
    op.alter_column("opinion_requests", "number_why", server_default=None)


def downgrade() -> None:
    op.drop_column("opinion_requests", "number_why")
