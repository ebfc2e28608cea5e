"""A trip that was moved says from when."""

import sqlalchemy as sa
from alembic import op

revision = "0106_moved_visits"
down_revision = "0105_co_sign_papers"
branch_labels = None
depends_on = None

_WHOLE, _PART = "ck_site_visits_before_has_its_part", "ck_site_visits_before_part_of_the_day"


def upgrade() -> None:
    op.add_column("site_visits", sa.Column("before_day", sa.Date(), nullable=True))
    op.add_column("site_visits", sa.Column("before_part", sa.BigInteger(), nullable=True))
    op.create_check_constraint(op.f(_WHOLE), "site_visits", "(before_day IS NULL) = (before_part IS NULL)")
    op.create_check_constraint(op.f(_PART), "site_visits", "before_part BETWEEN 1 AND 4")


def downgrade() -> None:
    op.drop_column("site_visits", "before_part")
    op.drop_column("site_visits", "before_day")
