"""The tables of: cases."""

import sqlalchemy as sa
from alembic import op

revision = "0007_cases"
down_revision = "0006_appointments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE case_numbers MINVALUE 1 MAXVALUE 99999999 CYCLE")
    op.create_table(
        "track_attempts",
        sa.Column("case_no", sa.String(length=23), nullable=False),
        sa.Column("window_began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_track_attempts")),
    )
    op.create_index("ix_track_attempts_window", "track_attempts", ["window_began_at"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_no", sa.String(length=23), nullable=False),
        sa.Column("query_code", sa.LargeBinary(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("guide_version_id", sa.BigInteger(), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("task_name", sa.Text(), nullable=False),
        sa.Column("dept_code", sa.String(length=64), nullable=False),
        sa.Column("dept_name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sealed_form", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_answers", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_due_on", sa.Date(), nullable=True),
        sa.Column("statutory_due_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decision_reason", sa.LargeBinary(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('decided', 'closed')) = (decided_at IS NOT NULL)",
            name=op.f("ck_cases_decided_has_its_time"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'accepted', 'decided', 'closed', 'withdrawn')",
            name=op.f("ck_cases_state_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND received_at IS NOT NULL)",
            name=op.f("ck_cases_submitted_whole"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'decided', 'closed') OR accepted_at IS NOT NULL",
            name=op.f("ck_cases_accepted_has_its_time"),
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (promised_due_on IS NULL)", name=op.f("ck_cases_accepted_has_its_limit")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (granted IS NULL)", name=op.f("ck_cases_decided_has_its_answer")
        ),
        sa.CheckConstraint(
            "granted IS NOT FALSE OR (decision_reason IS NOT NULL AND legal_basis IS NOT NULL)",
            name=op.f("ck_cases_refusal_founded"),
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_cases_citizen_id")),
        sa.ForeignKeyConstraint(
            ["guide_version_id"], ["guide_versions.id"], name=op.f("fk_cases_guide_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("case_no", name=op.f("uq_cases_case_no")),
    )
    op.create_index("ix_cases_of_citizen", "cases", ["citizen_id", "id"], unique=False)
    op.create_index("ix_cases_work_list", "cases", ["state", "dept_code", "id"], unique=False)
    op.create_index(
        "uq_cases_one_live_draft",
        "cases",
        ["citizen_id", "task_code"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "case_events",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "actor_kind IN ('citizen', 'clerk', 'system')", name=op.f("ck_case_events_actor_kind_known")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index("ix_case_events_of_case", "case_events", ["case_id", "id"], unique=False)
    op.create_index(
        "uq_case_events_one_decision",
        "case_events",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'decided'"),
    )
    op.create_index(
        "uq_case_events_reference",
        "case_events",
        ["case_id", "kind", "reference"],
        unique=True,
        postgresql_where=sa.text("reference IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_case_events_reference",
        table_name="case_events",
        postgresql_where=sa.text("reference IS NOT NULL"),
    )
    op.drop_index(
        "uq_case_events_one_decision", table_name="case_events", postgresql_where=sa.text("kind = 'decided'")
    )
    op.drop_index("ix_case_events_of_case", table_name="case_events")
    op.drop_table("case_events")
    op.drop_index("uq_cases_one_live_draft", table_name="cases", postgresql_where=sa.text("state = 'draft'"))
    op.drop_index("ix_cases_work_list", table_name="cases")
    op.drop_index("ix_cases_of_citizen", table_name="cases")
    op.drop_table("cases")
    op.drop_index("ix_track_attempts_window", table_name="track_attempts")
    op.drop_table("track_attempts")
    op.execute("DROP SEQUENCE case_numbers")
