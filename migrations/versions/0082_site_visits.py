"""Trips to the place of a case and to whoever cannot come, with one record of all departments."""

import sqlalchemy as sa
from alembic import op

revision = "0082_site_visits"
down_revision = "0081_locker"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_KINDS = "ck_head_approvals_kind_known"
_VISIT_CHECKS = {
    "kind_known": "kind IN ('site', 'home')",
    "state_known": "state IN ('asked', 'planned', 'done', 'cancelled')",
    "asked_at_home": "state <> 'asked' OR kind = 'home'",
    "part_of_the_day": "part BETWEEN 1 AND 4",
    "day_has_its_part": "(day IS NULL) = (part IS NULL)",
    "planned_whole": (
        "state NOT IN ('planned', 'done') OR (day IS NOT NULL AND planned_by IS NOT NULL"
        " AND planned_by_name IS NOT NULL AND planned_at IS NOT NULL)"
    ),
    "other_time_said": "(other_time_asked_at IS NULL) = (other_time IS NULL)",
    "cancelled_with_reason": (
        "(state = 'cancelled') = (cancelled_at IS NOT NULL)"
        " AND (cancelled_at IS NULL) = (cancelled_why IS NULL)"
    ),
    "closed_whole": (
        "(state = 'done') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (applicant IS NULL)"
        " AND (closed_at IS NULL) = (closed_by_name IS NULL)"
    ),
    "applicant_known": "applicant IN ('present', 'absent')",
    "present_has_a_name": ("(applicant IS NOT DISTINCT FROM 'present') = (applicant_name IS NOT NULL)"),
}


def upgrade() -> None:
    _visits()
    _staff()
    _points()
    op.add_column("opinion_requests", sa.Column("site_visit_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_opinion_requests_site_visit_id_site_visits"),
        "opinion_requests",
        "site_visits",
        ["site_visit_id"],
        ["id"],
    )
    _kinds("'extension', 'grant', 'second_trip'")


def downgrade() -> None:
    op.drop_column("opinion_requests", "site_visit_id")
    op.drop_table("site_visit_points")
    op.drop_table("site_visit_staff")
    op.drop_table("site_visits")
    op.execute("DELETE FROM head_approvals WHERE kind NOT IN ('extension', 'grant')")
    _kinds("'extension', 'grant'")


def _visits() -> None:
    op.create_table(
        "site_visits",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("wish", sa.LargeBinary(), nullable=True),
        sa.Column("prepare", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("part", sa.BigInteger(), nullable=True),
        sa.Column("list_version", sa.BigInteger(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("approval_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("planned_by", sa.BigInteger(), nullable=True),
        sa.Column("planned_by_name", sa.Text(), nullable=True),
        sa.Column("planned_at", _MOMENT, nullable=True),
        sa.Column("other_time", sa.LargeBinary(), nullable=True),
        sa.Column("other_time_asked_at", _MOMENT, nullable=True),
        sa.Column("reminded_at", _MOMENT, nullable=True),
        sa.Column("cancelled_at", _MOMENT, nullable=True),
        sa.Column("cancelled_why", sa.Text(), nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("closed_by_name", sa.Text(), nullable=True),
        sa.Column("applicant", sa.String(8), nullable=True),
        sa.Column("applicant_name", sa.LargeBinary(), nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_site_visits_{name}"))
            for name, condition in _VISIT_CHECKS.items()
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_site_visits_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["head_approvals.id"], name=op.f("fk_site_visits_approval_id_head_approvals")
        ),
        sa.ForeignKeyConstraint(["planned_by"], ["clerks.id"], name=op.f("fk_site_visits_planned_by_clerks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visits")),
    )
    _unique("uq_site_visits_one_open", ["case_id"], "state IN ('asked', 'planned')")
    _unique(
        "uq_site_visits_one_trip",
        ["case_id"],
        "kind = 'site' AND state IN ('planned', 'done') AND approval_id IS NULL",
    )
    _unique("uq_site_visits_one_of_approval", ["approval_id"], "state <> 'cancelled'")
    op.create_index("ix_site_visits_of_case", "site_visits", ["case_id", "id"])
    op.create_index(
        "ix_site_visits_of_day",
        "site_visits",
        ["day", "part", "id"],
        postgresql_where=sa.text("state = 'planned'"),
    )


def _staff() -> None:
    op.create_table(
        "site_visit_staff",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("staff_no", sa.String(64), nullable=False),
        sa.Column("dept_name", sa.String(100), nullable=False),
        sa.Column("department", sa.String(64), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("signed_at", _MOMENT, nullable=True),
        sa.Column("absent", sa.Boolean(), nullable=False),
        sa.CheckConstraint("part BETWEEN 1 AND 4", name=op.f("ck_site_visit_staff_part_of_the_day")),
        sa.CheckConstraint(
            "NOT absent OR signed_at IS NULL", name=op.f("ck_site_visit_staff_absent_signs_nothing")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["site_visits.id"], name=op.f("fk_site_visit_staff_visit_id_site_visits")
        ),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerks.id"], name=op.f("fk_site_visit_staff_clerk_id_clerks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visit_staff")),
    )
    op.create_index("uq_site_visit_staff_once", "site_visit_staff", ["visit_id", "clerk_id"], unique=True)
    op.create_index(
        "uq_site_visit_staff_one_place",
        "site_visit_staff",
        ["clerk_id", "day", "part"],
        unique=True,
        postgresql_where=sa.text("live"),
    )


def _points() -> None:
    op.create_table(
        "site_visit_points",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("dept_name", sa.String(100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("marked_at", _MOMENT, nullable=True),
        sa.Column("marked_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(met IS NULL) = (marked_at IS NULL) AND (met IS NULL) = (marked_by_name IS NULL)",
            name=op.f("ck_site_visit_points_marked_by_somebody"),
        ),
        sa.CheckConstraint(
            "met IS DISTINCT FROM false OR note IS NOT NULL",
            name=op.f("ck_site_visit_points_not_met_says_why"),
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["site_visits.id"], name=op.f("fk_site_visit_points_visit_id_site_visits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visit_points")),
    )
    op.create_index("uq_site_visit_points_place", "site_visit_points", ["visit_id", "position"], unique=True)


def _unique(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "site_visits", columns, unique=True, postgresql_where=sa.text(where))


def _kinds(known: str) -> None:
    op.execute(f"ALTER TABLE head_approvals DROP CONSTRAINT IF EXISTS {_KINDS}")
    op.create_check_constraint(op.f(_KINDS), "head_approvals", f"kind IN ({known})")
