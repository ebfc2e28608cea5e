"""A clerk looks at a draft before its applicant travels: rounds, a visit code, and a word when it is late."""

import sqlalchemy as sa
from alembic import op

revision = "0098_prechecks"
down_revision = "0097_oversight_findings"
branch_labels = None
depends_on = None

_KIND = "ck_static_codes_kind"
_KINDS = "kind IN ('guide', 'centre', 'window', 'case', 'bill', 'certificate', 'licence'{more})"
_RULE = "ck_supervision_alerts_rule_known"
_RULES = (
    "rule IN ('promise_near', 'promise_over', 'law_over', 'answer_late', 'pause_long', 'fee_unpaid',"
    " 'delivery_late', 'check_late'{more})"
)


def upgrade() -> None:
    _create_table()
    op.create_index(
        "uq_case_prechecks_open",
        "case_prechecks",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index(
        "ix_case_prechecks_due",
        "case_prechecks",
        ["due_on", "id"],
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.execute(f"ALTER TABLE static_codes DROP CONSTRAINT IF EXISTS {_KIND}")
    op.create_check_constraint(op.f(_KIND), "static_codes", _KINDS.format(more=", 'precheck'"))
    op.execute(f"ALTER TABLE supervision_alerts DROP CONSTRAINT IF EXISTS {_RULE}")
    op.create_check_constraint(op.f(_RULE), "supervision_alerts", _RULES.format(more=", 'precheck_late'"))


def downgrade() -> None:
    op.execute(f"ALTER TABLE supervision_alerts DROP CONSTRAINT IF EXISTS {_RULE}")
    op.execute("DELETE FROM supervision_alerts WHERE rule = 'precheck_late'")
    op.execute(
        f"ALTER TABLE supervision_alerts ADD CONSTRAINT {_RULE} CHECK ({_RULES.format(more='')}) NOT VALID"
    )
    op.execute(f"ALTER TABLE static_codes DROP CONSTRAINT IF EXISTS {_KIND}")
    # Codes of a kind that the program before does not know.
    op.execute("DELETE FROM static_codes WHERE kind = 'precheck'")
    op.execute(f"ALTER TABLE static_codes ADD CONSTRAINT {_KIND} CHECK ({_KINDS.format(more='')}) NOT VALID")
    op.drop_table("case_prechecks")


def _create_table() -> None:
    op.create_table(
        "case_prechecks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_things", sa.LargeBinary(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("clerk_name", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_points", sa.LargeBinary(), nullable=True),
        sa.Column("late_reason", sa.LargeBinary(), nullable=True),
        sa.Column("holds_until", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'passed', 'to_mend', 'taken_back', 'used')",
            name=op.f("ck_case_prechecks_state_known"),
        ),
        sa.CheckConstraint(
            "(state IN ('passed', 'to_mend', 'used')) = (answered_at IS NOT NULL)"
            " AND (answered_at IS NULL) = (clerk_id IS NULL)"
            " AND (answered_at IS NULL) = (clerk_name IS NULL)",
            name=op.f("ck_case_prechecks_answered_whole"),
        ),
        sa.CheckConstraint(
            "(state = 'to_mend') = (sealed_points IS NOT NULL)",
            name=op.f("ck_case_prechecks_points_say_what"),
        ),
        sa.CheckConstraint(
            "late_reason IS NULL OR state = 'to_mend'", name=op.f("ck_case_prechecks_late_of_points")
        ),
        sa.CheckConstraint(
            "(state IN ('passed', 'used')) = (holds_until IS NOT NULL)",
            name=op.f("ck_case_prechecks_pass_has_its_day"),
        ),
        sa.CheckConstraint(
            "(state IN ('taken_back', 'used')) = (ended_at IS NOT NULL)",
            name=op.f("ck_case_prechecks_ended_has_its_time"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_prechecks_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_prechecks")),
        sa.UniqueConstraint("case_id", "round", name=op.f("uq_case_prechecks_case_id_round")),
    )
