"""Every step of a case in a chain, and the root of each day."""

import sqlalchemy as sa
from alembic import op

revision = "0068_case_proof"
down_revision = "0067_deliveries"
branch_labels = None
depends_on = None

UNCHANGED = """
CREATE FUNCTION refuse_to_change_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are never changed and never removed', TG_TABLE_NAME;
END $$
"""
# Whoever writes a step, in whatever room, calls for it.
CALLS = """
CREATE FUNCTION call_for_case_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_proof_calls (case_id) VALUES (NEW.case_id);
    RETURN NULL;
END $$
"""
MESSAGE_CALLS = """
CREATE FUNCTION call_for_case_proof_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE named text := split_part(NEW.subject, ':', 2);
BEGIN
    IF named !~ '^[0-9]{1,18}$' THEN
        RETURN NULL;
    END IF;
    IF NEW.subject LIKE 'case:%' THEN
        INSERT INTO case_proof_calls (case_id) SELECT id FROM cases WHERE id = named::bigint;
    ELSE
        INSERT INTO case_proof_calls (case_id)
        SELECT case_id FROM bills WHERE id = named::bigint AND case_id IS NOT NULL;
    END IF;
    RETURN NULL;
END $$
"""
CALLING = {
    "case_events": "INSERT",
    "case_clock_events": "INSERT",
    "documents": "INSERT OR UPDATE",
}


def upgrade() -> None:
    _receipts()
    _days()
    op.create_table(
        "case_proof_calls",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_proof_calls")),
    )
    op.create_index("ix_case_proof_calls_case", "case_proof_calls", ["case_id"])
    op.execute(UNCHANGED)
    for table in ("case_receipts", "daily_roots", "daily_leaves"):
        op.execute(
            f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_to_change_proof()"
        )
    # What a receipt says may be forgotten, and never said otherwise.
    op.execute(
        "CREATE TRIGGER case_receipt_openings_unchanged BEFORE UPDATE ON case_receipt_openings"
        " FOR EACH ROW EXECUTE FUNCTION refuse_to_change_proof()"
    )
    op.execute(CALLS)
    op.execute(MESSAGE_CALLS)
    for table, what in CALLING.items():
        op.execute(
            f"CREATE TRIGGER {table}_into_proof AFTER {what} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION call_for_case_proof()"
        )
    op.execute(
        "CREATE TRIGGER messages_into_proof AFTER INSERT ON messages FOR EACH ROW"
        " WHEN (NEW.subject LIKE 'case:%' OR NEW.subject LIKE 'bill:%')"
        " EXECUTE FUNCTION call_for_case_proof_of_message()"
    )
    # What happened before there was a chain begins one.
    op.execute("INSERT INTO case_proof_calls (case_id) SELECT id FROM cases WHERE submitted_at IS NOT NULL")


def downgrade() -> None:
    op.execute("DROP TRIGGER messages_into_proof ON messages")
    for table in CALLING:
        op.execute(f"DROP TRIGGER {table}_into_proof ON {table}")
    op.execute("DROP FUNCTION call_for_case_proof_of_message()")
    op.execute("DROP FUNCTION call_for_case_proof()")
    for table in (
        "case_proof_calls",
        "daily_leaves",
        "daily_roots",
        "case_receipt_openings",
        "case_receipts",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_to_change_proof()")


def _receipts() -> None:
    op.create_table(
        "case_receipts",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_case_receipts_counted_from_one")),
        sa.CheckConstraint(
            "length(hash) = 32 AND length(previous) = 32 AND length(commitment) = 32",
            name=op.f("ck_case_receipts_hashes_whole"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_receipts_case_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_case_receipts")),
        sa.UniqueConstraint("hash", name=op.f("uq_case_receipts_hash")),
    )
    op.create_index("uq_case_receipts_source_once", "case_receipts", ["case_id", "source"], unique=True)
    op.create_index("ix_case_receipts_day", "case_receipts", ["day", "case_id", "seq"])
    op.create_table(
        "case_receipt_openings",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("opened", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "seq"],
            ["case_receipts.case_id", "case_receipts.seq"],
            name=op.f("fk_case_receipt_openings_case_id"),
        ),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_case_receipt_openings")),
    )


def _days() -> None:
    op.create_table(
        "daily_roots",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("leaves", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("leaves >= 0", name=op.f("ck_daily_roots_leaves_counted")),
        sa.CheckConstraint(
            "length(root) = 32 AND length(previous) = 32 AND length(signature) = 64",
            name=op.f("ck_daily_roots_hashes_whole"),
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_roots")),
        sa.UniqueConstraint("previous", name=op.f("uq_daily_roots_previous")),
    )
    op.create_table(
        "daily_leaves",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_daily_leaves_case_id")),
        sa.ForeignKeyConstraint(["day"], ["daily_roots.day"], name=op.f("fk_daily_leaves_day")),
        sa.PrimaryKeyConstraint("day", "position", name=op.f("pk_daily_leaves")),
    )
    op.create_index("uq_daily_leaves_case_once", "daily_leaves", ["case_id", "day"], unique=True)
