"""The tables of: centres."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_centres"
down_revision = "0004_catalogue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('off', 'make_up')", name=op.f("ck_calendar_days_kind")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "centres",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lng", sa.Float(), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("shift_days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("service_groups", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("last_ticket_before_minutes", sa.BigInteger(), nullable=False),
        sa.Column("lunch_break", sa.Boolean(), nullable=False),
        sa.Column("self_service", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("accessibility", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("special_windows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("parking", sa.String(length=200), nullable=False),
        sa.Column("transit", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("provenance", sa.String(length=32), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centres")),
    )
    op.create_table(
        "city_rules",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("advance_workdays", sa.BigInteger(), nullable=False),
        sa.Column("min_lead_minutes", sa.BigInteger(), nullable=False),
        sa.Column("slot_minutes", sa.BigInteger(), nullable=False),
        sa.Column("per_person_per_day", sa.BigInteger(), nullable=False),
        sa.Column("cancel_before_minutes", sa.BigInteger(), nullable=False),
        sa.Column("late_grace_minutes", sa.BigInteger(), nullable=False),
        sa.Column("walk_in_percent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_city_rules_one_row")),
        sa.CheckConstraint(
            "per_person_per_day BETWEEN 1 AND 20", name=op.f("ck_city_rules_per_person_per_day")
        ),
        sa.CheckConstraint("slot_minutes BETWEEN 5 AND 240", name=op.f("ck_city_rules_slot_minutes")),
        sa.CheckConstraint("walk_in_percent BETWEEN 0 AND 100", name=op.f("ck_city_rules_walk_in_percent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_rules")),
    )
    op.create_table(
        "window_groups",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("centre_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("capacity_per_slot", sa.BigInteger(), nullable=False),
        sa.Column("serves", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("weekend_serves", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("capacity_per_slot >= 0", name=op.f("ck_window_groups_capacity_per_slot")),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_window_groups_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window_groups")),
        sa.UniqueConstraint("centre_id", "name", name=op.f("uq_window_groups_centre_id_name")),
    )


def downgrade() -> None:
    op.drop_table("window_groups")
    op.drop_table("city_rules")
    op.drop_table("centres")
    op.drop_table("calendar_years")
    op.drop_table("calendar_days")
