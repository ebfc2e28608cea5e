"""Photos are looked through for viruses."""

import sqlalchemy as sa
from alembic import op

revision = "0059_scanned_photos"
down_revision = "0058_small_pictures"
branch_labels = None
depends_on = None

_TO_SCAN = sa.text("scan = 'unknown' AND deleted_at IS NULL")


def upgrade() -> None:
    op.add_column("photos", sa.Column("scan", sa.String(length=16), server_default="off", nullable=False))
    op.add_column("photos", sa.Column("scan_tries", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("photos", sa.Column("scan_after", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_photos_scan_known"), "photos", "scan IN ('off', 'clean', 'unknown', 'infected')"
    )
    op.create_check_constraint(
        op.f("ck_photos_unknown_has_its_turn"), "photos", "scan <> 'unknown' OR scan_after IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_photos_infected_is_shut_away"), "photos", "scan <> 'infected' OR deleted_at IS NOT NULL"
    )
    op.create_index("ix_photos_to_scan", "photos", ["scan_after"], unique=False, postgresql_where=_TO_SCAN)


def downgrade() -> None:
    op.drop_index("ix_photos_to_scan", table_name="photos", postgresql_where=_TO_SCAN)
    for name in ("infected_is_shut_away", "unknown_has_its_turn", "scan_known"):
        op.execute(f"ALTER TABLE photos DROP CONSTRAINT IF EXISTS ck_photos_{name}")
    for name in ("scan_after", "scan_tries", "scan"):
        op.drop_column("photos", name)
