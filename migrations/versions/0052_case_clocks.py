"""The decision clock of a case: its events, pauses for special procedures, the one extension."""

import sqlalchemy as sa
from alembic import op

revision = "0052_case_clocks"
down_revision = "0051_documents"
branch_labels = None
depends_on = None

_HAPPENINGS = "'started', 'moved', 'paused', 'resumed', 'extended', 'recounted', 'stopped'"
_LIMIT = "ck_cases_accepted_has_its_limit"
_NEW_CHECKS = {
    "ck_cases_paused_while_examined": "clock_paused_on IS NULL OR state = 'accepted'",
    "ck_cases_accepted_has_its_start": "(accepted_at IS NULL) = (clock_from IS NULL)",
    "ck_cases_provisional_is_a_limit": "NOT limit_provisional OR promised_due_on IS NOT NULL",
}
_REFUSE_CHANGES = """
CREATE FUNCTION refuse_to_change_clock_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'clock events are only appended to';
END $$
"""
_APPEND_ONLY = """
CREATE TRIGGER case_clock_events_append_only BEFORE UPDATE OR DELETE ON case_clock_events
FOR EACH ROW EXECUTE FUNCTION refuse_to_change_clock_events()
"""
# Counted from the day of acceptance, after a notice from its end, after an objection from its settlement.
_STARTS = """
UPDATE cases SET clock_from = COALESCE(
    GREATEST(notice_until, (
        SELECT max((at AT TIME ZONE 'Asia/Shanghai')::date) FROM case_events
        WHERE case_events.case_id = cases.id AND kind = 'notice_settled'
    )),
    (accepted_at AT TIME ZONE 'Asia/Shanghai')::date
) WHERE accepted_at IS NOT NULL
"""
_PROVISIONAL = """
UPDATE cases SET limit_provisional = true
WHERE state = 'accepted' AND promised_due_on IS NOT NULL AND NOT EXISTS (
    SELECT FROM calendar_years WHERE published AND year = EXTRACT(year FROM cases.statutory_due_on)
)
"""
_STARTED = """
INSERT INTO case_clock_events
    (case_id, kind, at, cause, actor_kind, actor_name, promised_after, statutory_after)
SELECT id, 'started', accepted_at, '受理', 'system', '系统', promised_due_on, statutory_due_on
FROM cases WHERE accepted_at IS NOT NULL ORDER BY id
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("clock_from", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("clock_paused_on", sa.Date(), nullable=True))
    op.add_column(
        "cases", sa.Column("limit_provisional", sa.Boolean(), server_default="false", nullable=False)
    )
    _make_tables()
    op.execute(_REFUSE_CHANGES)
    op.execute(_APPEND_ONLY)
    for backfill in (_STARTS, _PROVISIONAL, _STARTED):
        op.execute(backfill)
    op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS {_LIMIT}")
    op.create_check_constraint(
        op.f(_LIMIT),
        "cases",
        "state = 'withdrawn' OR (accepted_at IS NULL OR notice_objected_on IS NOT NULL"
        " OR clock_paused_on IS NOT NULL) = (promised_due_on IS NULL)",
    )
    for name, rule in _NEW_CHECKS.items():
        op.create_check_constraint(op.f(name), "cases", rule)
    op.create_index(
        "ix_cases_provisional",
        "cases",
        ["statutory_due_on", "id"],
        postgresql_where=sa.text("limit_provisional"),
    )


def downgrade() -> None:
    op.drop_index("ix_cases_provisional", "cases")
    for name in (*_NEW_CHECKS, _LIMIT):
        op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS {name}")
    # Before there were pauses every accepted case had a limit: the last one that it had.
    op.execute(
        "UPDATE cases SET promised_due_on = told.promised_before, statutory_due_on = told.statutory_before"
        " FROM (SELECT DISTINCT ON (case_id) * FROM case_clock_events WHERE promised_before IS NOT NULL"
        " ORDER BY case_id, id DESC) told WHERE told.case_id = cases.id"
        " AND cases.promised_due_on IS NULL AND cases.notice_objected_on IS NULL"
    )
    for name in ("case_extensions", "case_pauses", "case_clock_events"):
        op.drop_table(name)
    op.execute("DROP FUNCTION refuse_to_change_clock_events()")
    for name in ("limit_provisional", "clock_paused_on", "clock_from"):
        op.drop_column("cases", name)
    op.execute(
        f"ALTER TABLE cases ADD CONSTRAINT {_LIMIT} CHECK"
        " ((accepted_at IS NULL OR notice_objected_on IS NOT NULL) = (promised_due_on IS NULL)) NOT VALID"
    )


def _make_tables() -> None:
    op.create_table(
        "case_clock_events",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("promised_before", sa.Date(), nullable=True),
        sa.Column("promised_after", sa.Date(), nullable=True),
        sa.Column("statutory_before", sa.Date(), nullable=True),
        sa.Column("statutory_after", sa.Date(), nullable=True),
        sa.CheckConstraint(f"kind IN ({_HAPPENINGS})", name=op.f("ck_case_clock_events_kind_known")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_clock_events_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_clock_events")),
    )
    op.create_index("ix_case_clock_events_of_case", "case_clock_events", ["case_id", "id"])
    op.create_table(
        "case_pauses",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_until", sa.Date(), nullable=False),
        sa.Column("published_until", sa.Date(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_name", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "expected_until >= began_on AND published_until >= began_on",
            name=op.f("ck_case_pauses_days_forward"),
        ),
        sa.CheckConstraint("ended_on >= began_on", name=op.f("ck_case_pauses_ends_after_it_began")),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_at IS NULL)", name=op.f("ck_case_pauses_ended_has_its_time")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_pauses_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pauses")),
    )
    still_open = sa.text("ended_on IS NULL")
    op.create_index(
        "uq_case_pauses_one_open", "case_pauses", ["case_id"], unique=True, postgresql_where=still_open
    )
    op.create_index("ix_case_pauses_of_case", "case_pauses", ["case_id", "id"])
    op.create_index(
        "ix_case_pauses_too_long", "case_pauses", ["published_until", "id"], postgresql_where=still_open
    )
    op.create_table(
        "case_extensions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 15", name=op.f("ck_case_extensions_days_of_the_law")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_extensions_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_extensions")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_extensions_case_id")),
    )
