"""The tables of: queueing."""

import sqlalchemy as sa
from alembic import op

revision = "0017_queueing"
down_revision = "0016_complaints"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "queue_counters",
        sa.Column("centre_id", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_queue_counters_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "day", "letter", name=op.f("pk_queue_counters")),
    )
    op.create_table(
        "window_sessions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("centre_id", sa.String(length=16), nullable=False),
        sa.Column("window_group_id", sa.BigInteger(), nullable=False),
        sa.Column("window", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_window_sessions_centre_id")),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_window_sessions_clerk_id")),
        sa.ForeignKeyConstraint(
            ["window_group_id"], ["window_groups.id"], name=op.f("fk_window_sessions_window_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window_sessions")),
    )
    op.create_index(
        "ix_window_sessions_window_group_id_day",
        "window_sessions",
        ["window_group_id", "day"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_window_sessions_open_clerk",
        "window_sessions",
        ["clerk_id", "day"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_window_sessions_open_window",
        "window_sessions",
        ["centre_id", "day", "window"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "queue_tickets",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("centre_id", sa.String(length=16), nullable=False),
        sa.Column("window_group_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=True),
        sa.Column("task_code", sa.String(length=40), nullable=True),
        sa.Column("task_name", sa.String(length=200), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("round", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("calls", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("put_back", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("window", sa.String(length=16), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("serving_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('called', 'serving')) = (session_id IS NOT NULL)",
            name=op.f("ck_queue_tickets_session_while_at_a_window"),
        ),
        sa.CheckConstraint(
            "priority IN ('elder', 'disabled', 'pregnant', 'infant', 'military')",
            name=op.f("ck_queue_tickets_priority"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'served', 'passed', 'cancelled')",
            name=op.f("ck_queue_tickets_state"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_queue_tickets_appointment_id")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_queue_tickets_centre_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_queue_tickets_citizen_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["window_sessions.id"], name=op.f("fk_queue_tickets_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["window_group_id"], ["window_groups.id"], name=op.f("fk_queue_tickets_window_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_tickets")),
        sa.UniqueConstraint("centre_id", "day", "number", name=op.f("uq_queue_tickets_centre_id_day_number")),
    )
    op.create_index("ix_queue_tickets_centre_id_day", "queue_tickets", ["centre_id", "day"], unique=False)
    op.create_index("ix_queue_tickets_citizen_id_day", "queue_tickets", ["citizen_id", "day"], unique=False)
    op.create_index(
        "ix_queue_tickets_live_day",
        "queue_tickets",
        ["day"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'called', 'serving')"),
    )
    op.create_index(
        "ix_queue_tickets_served",
        "queue_tickets",
        ["window_group_id", "served_at"],
        unique=False,
        postgresql_where=sa.text("state = 'served'"),
    )
    op.create_index(
        "ix_queue_tickets_waiting",
        "queue_tickets",
        ["window_group_id", "day"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("uq_queue_tickets_appointment_id", "queue_tickets", ["appointment_id"], unique=True)
    op.create_index(
        "uq_queue_tickets_live_walk_in",
        "queue_tickets",
        ["citizen_id", "centre_id", "day"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'called', 'serving') AND appointment_id IS NULL"),
    )
    op.create_index(
        "uq_queue_tickets_session_id",
        "queue_tickets",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("session_id IS NOT NULL"),
    )
    op.create_table(
        "waitlist_entries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("centre_id", sa.String(length=16), nullable=False),
        sa.Column("task_code", sa.String(length=40), nullable=False),
        sa.Column("task_name", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("lapses", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'accepted', 'expired', 'cancelled')",
            name=op.f("ck_waitlist_entries_state"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_waitlist_entries_appointment_id")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_waitlist_entries_centre_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_waitlist_entries_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entries")),
    )
    op.create_index(
        "ix_waitlist_entries_citizen_id_id", "waitlist_entries", ["citizen_id", "id"], unique=False
    )
    op.create_index(
        "ix_waitlist_entries_waiting",
        "waitlist_entries",
        ["centre_id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_waitlist_entries_live",
        "waitlist_entries",
        ["citizen_id", "centre_id", "task_code"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'offered')"),
    )
    op.create_table(
        "ticket_warnings",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["queue_tickets.id"], name=op.f("fk_ticket_warnings_ticket_id")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "round", name=op.f("pk_ticket_warnings")),
    )
    op.create_table(
        "waitlist_offers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("slot_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'lapsed')", name=op.f("ck_waitlist_offers_state")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waitlist_entries.id"], name=op.f("fk_waitlist_offers_entry_id")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_waitlist_offers_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_offers")),
        sa.UniqueConstraint("entry_id", "slot_id", name=op.f("uq_waitlist_offers_entry_id_slot_id")),
    )
    op.create_index(
        "ix_waitlist_offers_expires_at",
        "waitlist_offers",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_waitlist_offers_slot_id", "waitlist_offers", ["slot_id"], unique=False)
    op.create_index(
        "uq_waitlist_offers_open",
        "waitlist_offers",
        ["entry_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_waitlist_offers_open", table_name="waitlist_offers", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_index("ix_waitlist_offers_slot_id", table_name="waitlist_offers")
    op.drop_index(
        "ix_waitlist_offers_expires_at",
        table_name="waitlist_offers",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("waitlist_offers")
    op.drop_table("ticket_warnings")
    op.drop_index(
        "uq_waitlist_entries_live",
        table_name="waitlist_entries",
        postgresql_where=sa.text("state IN ('waiting', 'offered')"),
    )
    op.drop_index(
        "ix_waitlist_entries_waiting",
        table_name="waitlist_entries",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index("ix_waitlist_entries_citizen_id_id", table_name="waitlist_entries")
    op.drop_table("waitlist_entries")
    op.drop_index(
        "uq_queue_tickets_session_id",
        table_name="queue_tickets",
        postgresql_where=sa.text("session_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_queue_tickets_live_walk_in",
        table_name="queue_tickets",
        postgresql_where=sa.text("state IN ('waiting', 'called', 'serving') AND appointment_id IS NULL"),
    )
    op.drop_index("uq_queue_tickets_appointment_id", table_name="queue_tickets")
    op.drop_index(
        "ix_queue_tickets_waiting", table_name="queue_tickets", postgresql_where=sa.text("state = 'waiting'")
    )
    op.drop_index(
        "ix_queue_tickets_served", table_name="queue_tickets", postgresql_where=sa.text("state = 'served'")
    )
    op.drop_index(
        "ix_queue_tickets_live_day",
        table_name="queue_tickets",
        postgresql_where=sa.text("state IN ('waiting', 'called', 'serving')"),
    )
    op.drop_index("ix_queue_tickets_citizen_id_day", table_name="queue_tickets")
    op.drop_index("ix_queue_tickets_centre_id_day", table_name="queue_tickets")
    op.drop_table("queue_tickets")
    op.drop_index(
        "uq_window_sessions_open_window",
        table_name="window_sessions",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        "uq_window_sessions_open_clerk",
        table_name="window_sessions",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        "ix_window_sessions_window_group_id_day",
        table_name="window_sessions",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("window_sessions")
    op.drop_table("queue_counters")
