"""The tables of: materials."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008_materials"
down_revision = "0007_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loose_files",
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("remove_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("storage_key", name=op.f("pk_loose_files")),
    )
    op.create_index("ix_loose_files_remove_after", "loose_files", ["remove_after"], unique=False)
    op.create_table(
        "photos",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("material_code", sa.String(length=64), nullable=False),
        sa.Column("page", sa.BigInteger(), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thumbnail_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thumbnail_tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0 AND size_bytes > 0", name=op.f("ck_photos_has_a_size")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_photos_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_photos_storage_key")),
    )
    op.create_index(
        "ix_photos_without_thumbnail",
        "photos",
        ["id"],
        unique=False,
        postgresql_where=sa.text("thumbnail_at IS NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "uq_photos_same_page_once",
        "photos",
        ["case_id", "material_code", "sha256"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_photos_same_page_once", table_name="photos", postgresql_where=sa.text("deleted_at IS NULL")
    )
    op.drop_index(
        "ix_photos_without_thumbnail",
        table_name="photos",
        postgresql_where=sa.text("thumbnail_at IS NULL AND deleted_at IS NULL"),
    )
    op.drop_table("photos")
    op.drop_index("ix_loose_files_remove_after", table_name="loose_files")
    op.drop_table("loose_files")
