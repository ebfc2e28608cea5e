"""The tables of: evaluations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015_evaluations"
down_revision = "0014_bots"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_tallies",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "level", name=op.f("pk_evaluation_tallies")),
    )
    op.create_table(
        "evaluations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("appointment_id", sa.BigInteger(), nullable=True),
        sa.Column("task_name", sa.Text(), nullable=False),
        sa.Column("dept_code", sa.String(length=64), nullable=False),
        sa.Column("dept_name", sa.Text(), nullable=False),
        sa.Column("centre_id", sa.String(length=16), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("tags", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_evaluations_level_known")),
        sa.CheckConstraint(
            "num_nonnulls(case_id, appointment_id) = 1", name=op.f("ck_evaluations_rates_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_evaluations_appointment_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_evaluations_case_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_evaluations_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
    )
    op.create_index("ix_evaluations_of_citizen", "evaluations", ["citizen_id", "id"], unique=False)
    op.create_index("uq_evaluations_appointment", "evaluations", ["appointment_id"], unique=True)
    op.create_index("uq_evaluations_case", "evaluations", ["case_id"], unique=True)
    op.create_table(
        "mending_tickets",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("evaluation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "state = 'open' OR answered_at IS NOT NULL", name=op.f("ck_mending_tickets_answered_before_over")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'mended', 'unfounded', 'closed')", name=op.f("ck_mending_tickets_state_known")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (in_time IS NULL)", name=op.f("ck_mending_tickets_answered_whole")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("fk_mending_tickets_evaluation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mending_tickets")),
        sa.UniqueConstraint("evaluation_id", name=op.f("uq_mending_tickets_evaluation_id")),
    )
    op.create_index("ix_mending_tickets_list", "mending_tickets", ["state", "due_on", "id"], unique=False)
    op.create_table(
        "mending_steps",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('opened', 'extended', 'escalated', 'mended', 'unfounded', 'called_back', 'confirmed',"
            " 'reopened')",
            name=op.f("ck_mending_steps_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["mending_tickets.id"], name=op.f("fk_mending_steps_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mending_steps")),
    )
    op.create_index("ix_mending_steps_of_ticket", "mending_steps", ["ticket_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_mending_steps_of_ticket", table_name="mending_steps")
    op.drop_table("mending_steps")
    op.drop_index("ix_mending_tickets_list", table_name="mending_tickets")
    op.drop_table("mending_tickets")
    op.drop_index("uq_evaluations_case", table_name="evaluations")
    op.drop_index("uq_evaluations_appointment", table_name="evaluations")
    op.drop_index("ix_evaluations_of_citizen", table_name="evaluations")
    op.drop_table("evaluations")
    op.drop_table("evaluation_tallies")
