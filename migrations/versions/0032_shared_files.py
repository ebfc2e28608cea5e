"""One stored file may serve photos of several cases."""

import sqlalchemy as sa
from alembic import op

revision = "0032_shared_files"
down_revision = "0031_enterprise_names"
branch_labels = None
depends_on = None

# Of rows that share a file one is kept, a live one where there is one.
ONE_ROW_PER_FILE = """
DELETE FROM photos AS more USING photos AS kept
WHERE more.storage_key = kept.storage_key
  AND (more.deleted_at IS NOT NULL, more.id) > (kept.deleted_at IS NOT NULL, kept.id)
"""


def upgrade() -> None:
    op.drop_constraint("uq_photos_storage_key", "photos", type_="unique")
    op.create_index(
        "uq_photos_file_once_in_a_case",
        "photos",
        ["case_id", "material_code", "storage_key"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_photos_of_file", "photos", ["storage_key", "id"], unique=False)


def downgrade() -> None:
    op.execute(ONE_ROW_PER_FILE)
    op.drop_index("ix_photos_of_file", table_name="photos")
    op.drop_index("uq_photos_file_once_in_a_case", table_name="photos")
    op.create_unique_constraint("uq_photos_storage_key", "photos", ["storage_key"])
