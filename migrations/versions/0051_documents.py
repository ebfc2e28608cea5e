"""Numbered legal notices."""

import sqlalchemy as sa
from alembic import op

revision = "0051_documents"
down_revision = "0050_bundles_of_companies"
branch_labels = None
depends_on = None

KINDS = "'acceptance', 'correction', 'not_accepted', 'grant', 'refusal', 'special', 'extension', 'delivery'"
# What was issued stays as it is; only the file of one that has none yet may be written down.
UNCHANGED = """
CREATE FUNCTION refuse_to_change_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept documents;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sha256 IS NULL THEN
        kept := NEW;
        kept.sha256 := NULL;
        kept.size_bytes := NULL;
        kept.storage_key := NULL;
        kept.drawn_at := NULL;
        IF kept IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'documents are never changed and never removed';
END $$
"""
UNCHANGED_TRIGGER = """
CREATE TRIGGER documents_unchanged BEFORE UPDATE OR DELETE ON documents
FOR EACH ROW EXECUTE FUNCTION refuse_to_change_document()
"""


def upgrade() -> None:
    _numbers()
    _documents()
    op.execute(UNCHANGED)
    op.execute(UNCHANGED_TRIGGER)
    op.create_table(
        "document_openings",
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_openings_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_document_openings_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("document_id", "citizen_id", name=op.f("pk_document_openings")),
    )
    op.create_table(
        "document_checks",
        sa.Column("caller", sa.LargeBinary(), nullable=False),
        sa.Column("window_began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("caller", name=op.f("pk_document_checks")),
    )
    op.create_index("ix_document_checks_window", "document_checks", ["window_began_at"])


def downgrade() -> None:
    op.drop_table("document_checks")
    op.drop_table("document_openings")
    op.drop_table("documents")
    op.execute("DROP FUNCTION refuse_to_change_document()")
    op.drop_table("document_numbers")


def _numbers() -> None:
    op.create_table(
        "document_numbers",
        sa.Column("dept_code", sa.String(length=64), nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("word", sa.String(length=8), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_document_numbers_counts_from_one")),
        sa.PrimaryKeyConstraint("dept_code", "year", "word", name=op.f("pk_document_numbers")),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("occasion", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("dept_code", sa.String(length=64), nullable=False),
        sa.Column("dept_name", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("template", sa.SmallInteger(), nullable=False),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("storage_key", sa.String(length=96), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_documents_kind_known")),
        sa.CheckConstraint("length(token) = 22", name=op.f("ck_documents_token_whole")),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (drawn_at IS NULL) AND (sha256 IS NULL) = (storage_key IS NULL)"
            " AND (sha256 IS NULL) = (size_bytes IS NULL) AND (sha256 IS NULL OR length(sha256) = 64)",
            name=op.f("ck_documents_file_whole"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_documents_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["documents.id"], name=op.f("fk_documents_replaces_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("case_id", "kind", "occasion", name=op.f("uq_documents_case_id_kind_occasion")),
        sa.UniqueConstraint("dept_code", "number", name=op.f("uq_documents_dept_code_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_documents_replaces_id")),
        sa.UniqueConstraint("token", name=op.f("uq_documents_token")),
    )
    op.create_index("ix_documents_undrawn", "documents", ["id"], postgresql_where=sa.text("sha256 IS NULL"))
