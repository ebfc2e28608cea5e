"""What was granted, and what became of it, is told to whoever supervises it."""

import sqlalchemy as sa
from alembic import op

revision = "0095_oversight"
down_revision = "0094_assistance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "oversight_events",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("event_no", sa.String(length=32), nullable=False),
        sa.Column("supervisor_name", sa.Text(), nullable=False),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("receipt_no", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "kind IN ('granted', 'changed', 'revoked', 'cancelled', 'promise_untrue')",
            name=op.f("ck_oversight_events_kind_known"),
        ),
        sa.CheckConstraint(
            "(kind = 'granted') = (position = 1) AND position >= 1",
            name=op.f("ck_oversight_events_grant_first"),
        ),
        sa.CheckConstraint(
            "(kind IN ('changed', 'promise_untrue')) = (reference > 0) AND reference >= 0",
            name=op.f("ck_oversight_events_once_or_by_its_row"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'received', 'refused')", name=op.f("ck_oversight_events_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'received') = (receipt_no IS NOT NULL)"
            " AND (receipt_no IS NULL) = (received_at IS NULL)",
            name=op.f("ck_oversight_events_received_has_its_receipt"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)",
            name=op.f("ck_oversight_events_refused_has_its_reason"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_oversight_events_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_events")),
        sa.UniqueConstraint("case_id", "position", name=op.f("uq_oversight_events_case_id_position")),
        sa.UniqueConstraint(
            "case_id", "kind", "reference", name=op.f("uq_oversight_events_case_id_kind_reference")
        ),
        sa.UniqueConstraint("event_no", name=op.f("uq_oversight_events_event_no")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_oversight_events_receipt_no")),
    )
    op.create_index(
        "ix_oversight_events_to_tell",
        "oversight_events",
        ["next_check_at"],
        unique=False,
        postgresql_where="state = 'waiting'",
    )
    op.create_index("ix_oversight_events_at_the_desk", "oversight_events", ["state", "id"])


def downgrade() -> None:
    op.drop_table("oversight_events")
