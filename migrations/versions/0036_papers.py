"""Blank forms and samples: the files, and which version names which."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036_papers"
down_revision = "0035_consents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("recipe", sa.LargeBinary(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_papers_has_a_size")),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_papers_has_its_digest")),
        sa.ForeignKeyConstraint(["created_by"], ["clerks.id"], name=op.f("fk_papers_created_by_clerks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_papers_storage_key")),
    )
    op.create_index("ix_papers_look_after", "papers", ["look_after"], unique=False)
    op.create_index(
        "ix_papers_recipe",
        "papers",
        ["recipe"],
        unique=False,
        postgresql_where=sa.text("recipe IS NOT NULL"),
    )
    op.create_index(
        "uq_papers_one_per_digest",
        "papers",
        ["sha256"],
        unique=True,
        postgresql_where=sa.text("stored_at IS NOT NULL AND given_up_at IS NULL"),
    )
    op.add_column(
        "guide_versions",
        sa.Column("files", postgresql.ARRAY(sa.String(length=64)), server_default="{}", nullable=False),
    )
    op.create_index(
        "ix_guide_versions_files", "guide_versions", ["files"], unique=False, postgresql_using="gin"
    )


def downgrade() -> None:
    op.drop_index("ix_guide_versions_files", table_name="guide_versions")
    op.drop_column("guide_versions", "files")
    op.drop_table("papers")
