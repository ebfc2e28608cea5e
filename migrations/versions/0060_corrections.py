"""The correction loop: one notice, its answer, silence that accepts, cases that are not taken up."""

import sqlalchemy as sa
from alembic import op

revision = "0060_corrections"
down_revision = "0059_scanned_photos"
branch_labels = None
depends_on = None

_STATE = "ck_cases_state_known"
_KNOWN = "state IN ('draft', 'submitted', 'accepted', 'decided', 'closed', 'withdrawn')"
_KNOWN_NOW = (
    "state IN ('draft', 'submitted', 'correction', 'accepted', 'decided', 'closed', 'not_accepted',"
    " 'withdrawn')"
)
_COLUMNS = (
    ("notice_due_on", sa.Date()),
    ("deemed_accepted_at", sa.DateTime(timezone=True)),
    ("correct_by", sa.Date()),
    ("not_accepted_at", sa.DateTime(timezone=True)),
    ("not_accepted_code", sa.String(length=32)),
    ("remedies", sa.Text()),
)
_CHECKS = (
    ("silence_has_its_day", "state <> 'submitted' OR notice_due_on IS NOT NULL"),
    (
        "deemed_from_receipt",
        "deemed_accepted_at IS NULL OR (accepted_at IS NOT NULL AND accepted_at = received_at)",
    ),
    ("correction_has_its_day", "state <> 'correction' OR correct_by IS NOT NULL"),
    ("not_accepted_has_its_time", "(state = 'not_accepted') = (not_accepted_at IS NOT NULL)"),
    (
        "not_accepted_founded",
        (
            "not_accepted_at IS NULL OR (not_accepted_code IS NOT NULL AND decision_reason IS NOT NULL"
            " AND legal_basis IS NOT NULL AND remedies IS NOT NULL AND decided_by IS NOT NULL)"
        ),
    ),
)
# The third working day after the case was received, and for what lies there longer after this day: nobody was
# told before that silence accepts. Makes up the days that the calendar knows; weekends are off.
_FIRST_DAYS = """
UPDATE cases SET notice_due_on = (
    SELECT days.day::date
    FROM generate_series(1, 60) AS ahead,
         LATERAL (SELECT greatest(cases.received_at, now()) AT TIME ZONE 'Asia/Shanghai'
                         + ahead * interval '1 day' AS day) AS days
    LEFT JOIN calendar_days ON calendar_days.day = days.day::date
    WHERE calendar_days.kind = 'make_up'
       OR (calendar_days.day IS NULL AND extract(isodow FROM days.day) < 6)
    ORDER BY days.day OFFSET 2 LIMIT 1
) WHERE state = 'submitted'
"""


def upgrade() -> None:
    op.drop_constraint(op.f(_STATE), "cases", type_="check")
    op.create_check_constraint(op.f(_STATE), "cases", _KNOWN_NOW)
    for name, kind in _COLUMNS:
        op.add_column("cases", sa.Column(name, kind, nullable=True))
    op.execute(_FIRST_DAYS)
    for name, rule in _CHECKS:
        op.create_check_constraint(op.f(f"ck_cases_{name}"), "cases", rule)
    op.create_index(
        "ix_cases_to_tell",
        "cases",
        ["notice_due_on", "id"],
        unique=False,
        postgresql_where="state = 'submitted'",
    )
    op.create_index(
        "ix_cases_to_correct",
        "cases",
        ["correct_by", "id"],
        unique=False,
        postgresql_where="state = 'correction'",
    )
    op.add_column("photos", sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_photos_set_aside_is_no_page"),
        "photos",
        "set_aside_at IS NULL OR deleted_at IS NOT NULL",
    )
    _create_corrections()
    _create_demands()


def _create_corrections() -> None:
    op.create_table(
        "case_corrections",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_name", sa.String(length=64), nullable=False),
        sa.Column("sealed_points", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_before", sa.LargeBinary(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "answered_at IS NULL OR answered_at >= asked_at",
            name=op.f("ck_case_corrections_answered_after_asked"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_corrections_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_corrections")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_corrections_case_id")),
    )


def _create_demands() -> None:
    op.create_table(
        "outside_demands",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_by_name", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_by_name", sa.String(length=64), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("settled_by <> asked_by", name=op.f("ck_outside_demands_two_persons")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (confirmed IS NULL) AND (settled_at IS NULL) = (settled_by IS NULL)"
            " AND (settled_at IS NULL) = (settled_by_name IS NULL)",
            name=op.f("ck_outside_demands_settled_whole"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outside_demands_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_demands")),
    )
    op.create_index("ix_outside_demands_of_case", "outside_demands", ["case_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("outside_demands")
    op.drop_table("case_corrections")
    op.execute("ALTER TABLE photos DROP CONSTRAINT IF EXISTS ck_photos_set_aside_is_no_page")
    op.drop_column("photos", "set_aside_at")
    op.drop_index("ix_cases_to_correct", table_name="cases")
    op.drop_index("ix_cases_to_tell", table_name="cases")
    for name, _ in _CHECKS:
        op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS ck_cases_{name}")
    # A correction goes on as a case that waits; what was not taken up is over, as if it were taken back.
    op.execute("UPDATE cases SET state = 'submitted' WHERE state = 'correction'")
    op.execute(
        "UPDATE cases SET state = 'withdrawn', withdrawn_at = not_accepted_at WHERE state = 'not_accepted'"
    )
    for name, _ in _COLUMNS:
        op.drop_column("cases", name)
    op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS {_STATE}")
    op.execute(f"ALTER TABLE cases ADD CONSTRAINT {_STATE} CHECK ({_KNOWN}) NOT VALID")
