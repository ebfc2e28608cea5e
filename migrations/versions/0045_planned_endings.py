"""Find the guides that end on a planned day without reading them all."""

import sqlalchemy as sa
from alembic import op

revision = "0045_planned_endings"
down_revision = "0044_bundle_licences"
branch_labels = None
depends_on = None

DAY = "body ->> 'plan_cancel_date'"


def upgrade() -> None:
    op.create_index(
        "ix_guide_versions_plan_cancel_date",
        "guide_versions",
        [sa.text(f"({DAY})")],
        unique=False,
        postgresql_where=sa.text(f"effective_to IS NULL AND ({DAY}) IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_guide_versions_plan_cancel_date", table_name="guide_versions")
