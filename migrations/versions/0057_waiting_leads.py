"""What waits of the units that were told to departments (双告知待处理)."""

import sqlalchemy as sa
from alembic import op

revision = "0057_waiting_leads"
down_revision = "0056_rechecked_claims"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_licence_leads_waiting": ["id"],
    "ix_licence_leads_waiting_of_code": ["dept_code", "id"],
    "ix_licence_leads_waiting_of_name": ["dept_name", "id"],
}


def upgrade() -> None:
    for name, columns in _INDEXES.items():
        op.create_index(
            name, "licence_leads", columns, unique=False, postgresql_where=sa.text("taken_up_at IS NULL")
        )


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, table_name="licence_leads")
