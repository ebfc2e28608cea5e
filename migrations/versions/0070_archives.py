"""Archives of closed cases: made once, never changed and never removed."""

import sqlalchemy as sa
from alembic import op

revision = "0070_archives"
down_revision = "0069_looking_back"
branch_labels = None
depends_on = None

REFUSE = """
CREATE FUNCTION refuse_to_change_archive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'archives are never changed and never removed';
END $$
"""
UNCHANGED_TRIGGER = """
CREATE TRIGGER archives_unchanged BEFORE UPDATE OR DELETE ON archives
FOR EACH ROW EXECUTE FUNCTION refuse_to_change_archive()
"""


def upgrade() -> None:
    op.create_table(
        "archives",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("archive_no", sa.String(length=64), nullable=False),
        sa.Column("retention", sa.String(length=16), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("index_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "retention IN ('permanent', '30', '10')", name=op.f("ck_archives_retention_known")
        ),
        sa.CheckConstraint(
            "(retention = 'permanent') = (keep_until IS NULL)",
            name=op.f("ck_archives_kept_for_ever_or_until_a_day"),
        ),
        sa.CheckConstraint(
            "length(sha256) = 32 AND length(index_sha256) = 32", name=op.f("ck_archives_hashes_whole")
        ),
        sa.CheckConstraint("files > 0 AND size_bytes > 0", name=op.f("ck_archives_holds_something")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_archives_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archives")),
        sa.UniqueConstraint("case_id", name=op.f("uq_archives_case_id")),
        sa.UniqueConstraint("archive_no", name=op.f("uq_archives_archive_no")),
    )
    op.create_index(
        "ix_archives_due",
        "archives",
        ["keep_until", "id"],
        unique=False,
        postgresql_where=sa.text("keep_until IS NOT NULL"),
    )
    op.execute(REFUSE)
    op.execute(UNCHANGED_TRIGGER)


def downgrade() -> None:
    op.drop_table("archives")
    op.execute("DROP FUNCTION refuse_to_change_archive()")
