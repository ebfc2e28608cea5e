"""A visit knows for which pause of the clock it stands, not only that it stopped one."""

import sqlalchemy as sa
from alembic import op

revision = "0092_visit_pauses"
down_revision = "0091_withdrawn_refunds"
branch_labels = None
depends_on = None

# The first pause that began after the visit was made is the one that was begun with it.
_FILL = """
UPDATE site_visits SET pause_id = (
    SELECT min(case_pauses.id) FROM case_pauses
    WHERE case_pauses.case_id = site_visits.case_id AND case_pauses.began_at >= site_visits.created_at
) WHERE paused
"""


def upgrade() -> None:
    op.add_column("site_visits", sa.Column("pause_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_site_visits_pause_id_case_pauses"), "site_visits", "case_pauses", ["pause_id"], ["id"]
    )
    op.execute(_FILL)
    op.drop_column("site_visits", "paused")


def downgrade() -> None:
    op.add_column("site_visits", sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE site_visits SET paused = pause_id IS NOT NULL")
    op.alter_column("site_visits", "paused", server_default=None)
    op.drop_column("site_visits", "pause_id")
