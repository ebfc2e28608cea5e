"""The tables of: appointments."""

import sqlalchemy as sa
from alembic import op

revision = "0006_appointments"
down_revision = "0005_centres"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slots",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("centre_id", sa.String(length=16), nullable=False),
        sa.Column("window_group_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shift", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column("walk_in", sa.BigInteger(), nullable=False),
        sa.Column("booked", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("booked BETWEEN 0 AND capacity", name=op.f("ck_slots_booked_within_capacity")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_slots_ends_after_start")),
        sa.CheckConstraint("walk_in >= 0", name=op.f("ck_slots_walk_in")),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_slots_centre_id")),
        sa.ForeignKeyConstraint(
            ["window_group_id"], ["window_groups.id"], name=op.f("fk_slots_window_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint("window_group_id", "starts_at", name=op.f("uq_slots_window_group_id_starts_at")),
        postgresql_with={"fillfactor": 40},
    )
    op.create_index("ix_slots_centre_id_day", "slots", ["centre_id", "day"], unique=False)
    op.create_table(
        "appointments",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("slot_id", sa.BigInteger(), nullable=False),
        sa.Column("task_code", sa.String(length=40), nullable=False),
        sa.Column("task_name", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=22), nullable=False),
        sa.Column("visitor", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('booked', 'checked_in', 'cancelled')", name=op.f("ck_appointments_status")
        ),
        sa.CheckConstraint("nth >= 1", name=op.f("ck_appointments_nth")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_appointments_citizen_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_appointments_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("code", name=op.f("uq_appointments_code")),
    )
    op.create_index(
        "ix_appointments_citizen_id_starts_at_id",
        "appointments",
        ["citizen_id", "starts_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_appointments_slot_id",
        "appointments",
        ["slot_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('booked', 'checked_in')"),
    )
    op.create_index(
        "uq_appointments_live_item_day",
        "appointments",
        ["citizen_id", "day", "task_code"],
        unique=True,
        postgresql_where=sa.text("status IN ('booked', 'checked_in')"),
    )
    op.create_index(
        "uq_appointments_live_nth",
        "appointments",
        ["citizen_id", "day", "nth"],
        unique=True,
        postgresql_where=sa.text("status IN ('booked', 'checked_in')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_appointments_live_nth",
        table_name="appointments",
        postgresql_where=sa.text("status IN ('booked', 'checked_in')"),
    )
    op.drop_index(
        "uq_appointments_live_item_day",
        table_name="appointments",
        postgresql_where=sa.text("status IN ('booked', 'checked_in')"),
    )
    op.drop_index(
        "ix_appointments_slot_id",
        table_name="appointments",
        postgresql_where=sa.text("status IN ('booked', 'checked_in')"),
    )
    op.drop_index("ix_appointments_citizen_id_starts_at_id", table_name="appointments")
    op.drop_table("appointments")
    op.drop_index("ix_slots_centre_id_day", table_name="slots")
    op.drop_table("slots")
