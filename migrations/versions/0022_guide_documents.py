"""The finished view of a guide, kept beside its version."""

import sqlalchemy as sa
from alembic import op

revision = "0022_guide_documents"
down_revision = "0021_ratings_of_departments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guide_documents",
        sa.Column("guide_version_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shape", sa.LargeBinary(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guide_version_id"],
            ["guide_versions.id"],
            name=op.f("fk_guide_documents_guide_version_id_guide_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guide_version_id", name=op.f("pk_guide_documents")),
    )


def downgrade() -> None:
    op.drop_table("guide_documents")
