"""The document locker: what may be used again, and every use."""

import sqlalchemy as sa
from alembic import op

revision = "0081_locker"
down_revision = "0080_proof_kept"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _items()
    op.create_table(
        "locker_uses",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("from_case_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("material_code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("pages > 0", name=op.f("ck_locker_uses_some_pages")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_locker_uses_citizen_id")),
        sa.ForeignKeyConstraint(["from_case_id"], ["cases.id"], name=op.f("fk_locker_uses_from_case_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_locker_uses_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locker_uses")),
    )
    op.create_index("ix_locker_uses_of_citizen", "locker_uses", ["citizen_id", "id"])
    # As for everything that a citizen begins: see 0019.
    for table in ("locker_items", "locker_uses"):
        op.execute(
            f"CREATE TRIGGER account_is_open BEFORE INSERT ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION refuse_closed_account()"
        )


def downgrade() -> None:
    op.drop_table("locker_uses")
    op.drop_table("locker_items")


def _items() -> None:
    op.create_table(
        "locker_items",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("material_code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pages_digest", sa.LargeBinary(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(pages_digest) = 32", name=op.f("ck_locker_items_digest_whole")),
        sa.CheckConstraint("expires_on <= taken_on + 366", name=op.f("ck_locker_items_a_year_at_most")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_locker_items_citizen_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_locker_items_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locker_items")),
        sa.UniqueConstraint(
            "citizen_id", "kind", "pages_digest", name=op.f("uq_locker_items_citizen_id_kind_pages_digest")
        ),
    )
    op.create_index(
        "ix_locker_items_of_citizen",
        "locker_items",
        ["citizen_id", "id"],
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index("ix_locker_items_expires_on", "locker_items", ["expires_on"])
    op.create_index("ix_locker_items_of_case", "locker_items", ["case_id"])
