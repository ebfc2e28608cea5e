"""What is told of broken promises, and the pleas of whoever broke one."""

import sqlalchemy as sa
from alembic import op

revision = "0096_credit_reports"
down_revision = "0095_oversight"
branch_labels = None
depends_on = None

_STATE = "ck_credit_records_state_known"
_SENT = "ck_credit_records_sent_has_its_time"
# Until today nothing was sent: what was settled waits to be told now.
_TELL_SETTLED = """
INSERT INTO credit_reports (record_id, kind, state, created_at, next_check_at)
SELECT id, 'record', 'waiting', changed_at, changed_at FROM credit_records WHERE state = 'ready'
"""


def upgrade() -> None:
    op.drop_constraint(op.f(_STATE), "credit_records", type_="check")
    op.drop_constraint(op.f(_SENT), "credit_records", type_="check")
    op.create_check_constraint(
        op.f(_STATE),
        "credit_records",
        "state IN ('waiting', 'on_hold', 'ready', 'lifted', 'repaired', 'expired')",
    )
    op.drop_column("credit_records", "sent_at")
    op.drop_index("ix_credit_records_ready", "credit_records")
    op.create_index(
        "ix_credit_records_ready",
        "credit_records",
        ["recorded_at", "id"],
        postgresql_where=sa.text("state = 'ready'"),
    )
    _create_reports()
    op.execute(_TELL_SETTLED)
    _create_pleas()


def _create_reports() -> None:
    op.create_table(
        "credit_reports",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_no", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "kind IN ('record', 'withdrawal', 'repair', 'expiry')", name=op.f("ck_credit_reports_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'received', 'refused', 'dropped')",
            name=op.f("ck_credit_reports_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'received') = (receipt_no IS NOT NULL)"
            " AND (receipt_no IS NULL) = (received_at IS NULL)",
            name=op.f("ck_credit_reports_received_has_its_receipt"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)",
            name=op.f("ck_credit_reports_refused_has_its_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["credit_records.id"], name=op.f("fk_credit_reports_record_id_credit_records")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_reports")),
        sa.UniqueConstraint("record_id", "kind", name=op.f("uq_credit_reports_record_id_kind")),
    )
    op.create_index(
        "uq_credit_reports_end",
        "credit_reports",
        ["record_id"],
        unique=True,
        postgresql_where=sa.text("kind <> 'record'"),
    )
    op.create_index(
        "ix_credit_reports_to_send",
        "credit_reports",
        ["next_check_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_credit_reports_at_the_desk", "credit_reports", ["state", "id"])


def _create_pleas() -> None:
    op.create_table(
        "credit_pleas",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("check_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('objection', 'repair')", name=op.f("ck_credit_pleas_kind_known")),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'refused')", name=op.f("ck_credit_pleas_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)"
            " AND (decided_at IS NULL) = (reason IS NULL)",
            name=op.f("ck_credit_pleas_decided_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["check_id"], ["promise_checks.id"], name=op.f("fk_credit_pleas_check_id_promise_checks")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_credit_pleas_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_pleas")),
    )
    op.create_index(
        "uq_credit_pleas_open",
        "credit_pleas",
        ["check_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_credit_pleas_objection",
        "credit_pleas",
        ["check_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'objection'"),
    )
    op.create_index("ix_credit_pleas_of_check", "credit_pleas", ["check_id", "id"])
    # As for everything that a citizen begins: see 0019.
    op.execute(
        "CREATE TRIGGER account_is_open BEFORE INSERT ON credit_pleas FOR EACH ROW"
        " WHEN (NEW.citizen_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_account()"
    )


def downgrade() -> None:
    op.drop_table("credit_pleas")
    op.drop_table("credit_reports")
    op.drop_index("ix_credit_records_ready", "credit_records")
    op.create_index(
        "ix_credit_records_ready", "credit_records", ["id"], postgresql_where=sa.text("state = 'ready'")
    )
    op.add_column("credit_records", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"ALTER TABLE credit_records DROP CONSTRAINT IF EXISTS {_STATE}")
    op.execute("UPDATE credit_records SET state = 'lifted' WHERE state IN ('repaired', 'expired')")
    op.execute(
        f"ALTER TABLE credit_records ADD CONSTRAINT {_STATE}"
        " CHECK (state IN ('waiting', 'on_hold', 'ready', 'sent', 'lifted')) NOT VALID"
    )
    op.execute(
        f"ALTER TABLE credit_records ADD CONSTRAINT {_SENT}"
        " CHECK ((state = 'sent') = (sent_at IS NOT NULL)) NOT VALID"
    )
