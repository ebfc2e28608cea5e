"""Small pictures are made on the way in, and no job asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0058_small_pictures"
down_revision = "0057_waiting_leads"
branch_labels = None
depends_on = None

_WITHOUT = sa.text("thumbnail_at IS NULL AND deleted_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_photos_without_thumbnail", table_name="photos", postgresql_where=_WITHOUT)
    op.drop_column("photos", "thumbnail_tries")


def downgrade() -> None:
    op.add_column("photos", sa.Column("thumbnail_tries", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_photos_without_thumbnail", "photos", ["id"], unique=False, postgresql_where=_WITHOUT)
