"""Nobody empties what proves; a day's entry keeps its way to the root; more steps call for the chain."""

import hashlib
import json
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0080_proof_kept"
down_revision = "0079_postage"
branch_labels = None
depends_on = None

_KEPT = ("case_receipts", "case_receipt_openings", "daily_roots", "daily_leaves", "audit_entries")
_REFUSES = """
CREATE FUNCTION refuse_to_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are never emptied', TG_TABLE_NAME;
END $$
"""
_PARCEL_CALLS = """
CREATE FUNCTION call_for_case_proof_of_parcel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_proof_calls (case_id)
    SELECT deliveries.case_id FROM parcels JOIN deliveries ON deliveries.id = parcels.delivery_id
    WHERE parcels.id = NEW.parcel_id;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute(_REFUSES)
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_empty()"
        )
    _keep_paths()
    op.create_table(
        "case_proof_troubles",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tries >= 1", name=op.f("ck_case_proof_troubles_tried")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_proof_troubles_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_proof_troubles")),
    )
    op.execute(_PARCEL_CALLS)
    op.execute(
        "CREATE TRIGGER parcel_events_into_proof AFTER INSERT ON parcel_events"
        " FOR EACH ROW EXECUTE FUNCTION call_for_case_proof_of_parcel()"
    )
    op.execute(
        "CREATE TRIGGER deliveries_into_proof AFTER UPDATE OF state ON deliveries FOR EACH ROW"
        " WHEN (NEW.state IN ('delivered', 'withheld')) EXECUTE FUNCTION call_for_case_proof()"
    )
    op.execute(
        "CREATE TRIGGER opinion_requests_into_proof AFTER UPDATE OF state ON opinion_requests FOR EACH ROW"
        " WHEN (NEW.settled_at IS NOT NULL) EXECUTE FUNCTION call_for_case_proof()"
    )
    # What was said and handed over before has its receipts from now on.
    op.execute(
        "INSERT INTO case_proof_calls (case_id)"
        " SELECT case_id FROM opinion_requests WHERE settled_at IS NOT NULL"
        " UNION SELECT case_id FROM deliveries WHERE state = 'delivered'"
        " UNION SELECT case_id FROM deliveries JOIN parcels ON parcels.delivery_id = deliveries.id"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER opinion_requests_into_proof ON opinion_requests")
    op.execute("DROP TRIGGER deliveries_into_proof ON deliveries")
    op.execute("DROP TRIGGER parcel_events_into_proof ON parcel_events")
    op.execute("DROP FUNCTION call_for_case_proof_of_parcel()")
    op.drop_table("case_proof_troubles")
    op.drop_column("daily_leaves", "path")
    for table in _KEPT:
        op.execute(f"DROP TRIGGER {table}_kept ON {table}")
    op.execute("DROP FUNCTION refuse_to_empty()")


def _keep_paths() -> None:
    """Every entry gets the way to its root, made as it was made for each download until now."""
    op.add_column("daily_leaves", sa.Column("path", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    days = defaultdict(list)
    for row in connection.execute(
        sa.text(
            "SELECT daily_leaves.day, position, length, head, case_no FROM daily_leaves"
            " JOIN cases ON cases.id = daily_leaves.case_id ORDER BY daily_leaves.day, position"
        )
    ):
        days[row.day].append(row)
    op.execute("ALTER TABLE daily_leaves DISABLE TRIGGER daily_leaves_unchanged")
    for day, rows in days.items():
        for row, path in zip(rows, _paths([_leaf(row) for row in rows]), strict=True):
            connection.execute(
                sa.text("UPDATE daily_leaves SET path = :path WHERE day = :day AND position = :position"),
                {"path": path, "day": day, "position": row.position},
            )
    op.execute("ALTER TABLE daily_leaves ENABLE TRIGGER daily_leaves_unchanged")
    op.alter_column("daily_leaves", "path", nullable=False)
    op.create_check_constraint(
        op.f("ck_daily_leaves_path_of_whole_hashes"), "daily_leaves", "length(path) % 32 = 0"
    )


def _leaf(row: sa.Row[*tuple[object, ...]]) -> bytes:
    entry = {"case_no": row.case_no, "head": row.head.hex(), "length": row.length}
    written = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x00" + written.encode()).digest()


def _paths(leaves: list[bytes]) -> list[bytes]:
    """Of each entry what is hashed with it on its way to the root (RFC 9162, 2.1.3), from below."""
    found, places, level = [b""] * len(leaves), list(range(len(leaves))), leaves
    while len(level) > 1:
        for entry, place in enumerate(places):
            if place ^ 1 < len(level):
                found[entry] += level[place ^ 1]
        pairs = range(0, len(level) - 1, 2)
        above = [hashlib.sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in pairs]
        level = above + (level[-1:] if len(level) % 2 else [])
        places = [place // 2 for place in places]
    return found
