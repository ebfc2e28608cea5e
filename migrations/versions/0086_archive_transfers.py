"""Packages are handed over to the city's archive system, and followed by what was issued afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0086_archive_transfers"
down_revision = "0085_co_signings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("archives", sa.Column("part", sa.SmallInteger(), server_default="0", nullable=False))
    op.create_check_constraint(op.f("ck_archives_parts_counted"), "archives", "part >= 0")
    op.drop_constraint(op.f("uq_archives_case_id"), "archives", type_="unique")
    op.create_unique_constraint(op.f("uq_archives_case_id_part"), "archives", ["case_id", "part"])
    op.create_table(
        "archive_documents",
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("archive_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_archive_documents_document_id")
        ),
        sa.ForeignKeyConstraint(["archive_id"], ["archives.id"], name=op.f("fk_archive_documents_archive")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_archive_documents")),
    )
    op.create_index("ix_archive_documents_archive_id", "archive_documents", ["archive_id"], unique=False)
    op.execute(
        "INSERT INTO archive_documents (document_id, archive_id)"
        " SELECT documents.id, archives.id FROM documents"
        " JOIN archives ON archives.case_id = documents.case_id"
        " WHERE documents.drawn_at <= archives.made_at"
    )
    op.execute(
        "CREATE TRIGGER archive_documents_unchanged BEFORE UPDATE OR DELETE ON archive_documents"
        " FOR EACH ROW EXECUTE FUNCTION refuse_to_change_archive()"
    )
    _transfers()


def _transfers() -> None:
    op.create_table(
        "archive_transfers",
        sa.Column("archive_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("receipt_no", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'received', 'refused')", name=op.f("ck_archive_transfers_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'received') = (receipt_no IS NOT NULL)"
            " AND (receipt_no IS NULL) = (received_at IS NULL)",
            name=op.f("ck_archive_transfers_received_has_its_receipt"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)",
            name=op.f("ck_archive_transfers_refused_has_its_reason"),
        ),
        sa.ForeignKeyConstraint(["archive_id"], ["archives.id"], name=op.f("fk_archive_transfers_archive")),
        sa.PrimaryKeyConstraint("archive_id", name=op.f("pk_archive_transfers")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_archive_transfers_receipt_no")),
    )
    op.create_index(
        "ix_archive_transfers_to_ask",
        "archive_transfers",
        ["next_check_at"],
        unique=False,
        postgresql_where="state = 'waiting'",
    )
    op.create_index("ix_archive_transfers_at_the_desk", "archive_transfers", ["state", "archive_id"])
    # What was packed before there was anybody to hand it to waits for them.
    op.execute(
        "INSERT INTO archive_transfers (archive_id, state, next_check_at)"
        " SELECT id, 'waiting', now() FROM archives"
    )


def downgrade() -> None:
    op.drop_table("archive_transfers")
    op.drop_table("archive_documents")
    op.drop_constraint(op.f("uq_archives_case_id_part"), "archives", type_="unique")
    # What followed a case's own package has no place beside it any more.
    op.execute("ALTER TABLE archives DISABLE TRIGGER archives_unchanged")
    op.execute("DELETE FROM archives WHERE part > 0")
    op.execute("ALTER TABLE archives ENABLE TRIGGER archives_unchanged")
    op.create_unique_constraint(op.f("uq_archives_case_id"), "archives", ["case_id"])
    op.drop_column("archives", "part")
