"""Public notices that come before the limits of a case, and what the registry tells."""

import sqlalchemy as sa
from alembic import op

revision = "0037_public_notices"
down_revision = "0036_papers"
branch_labels = None
depends_on = None

LIMIT = "ck_cases_accepted_has_its_limit"
WHOLE = "ck_cases_notice_whole"
UNOPPOSED = "ck_cases_granted_unopposed"


def upgrade() -> None:
    for name in ("notice_from", "notice_until", "notice_objected_on"):
        op.add_column("cases", sa.Column(name, sa.Date(), nullable=True))
    op.create_table(
        "registry_messages",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("sealed_values", sa.LargeBinary(), nullable=False),
        sa.Column("overtaken", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_registry_messages_sequence_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_messages")),
        sa.UniqueConstraint("event_id", name=op.f("uq_registry_messages_event_id")),
    )
    op.create_index("ix_registry_messages_subject", "registry_messages", ["subject", "topic", "sequence"])
    op.drop_constraint(op.f(LIMIT), "cases", type_="check")
    op.create_check_constraint(
        op.f(LIMIT),
        "cases",
        "(accepted_at IS NULL OR notice_objected_on IS NOT NULL) = (promised_due_on IS NULL)",
    )
    op.create_check_constraint(
        op.f(WHOLE),
        "cases",
        "(notice_from IS NULL) = (notice_until IS NULL) AND notice_until >= notice_from"
        " AND (notice_from IS NULL OR accepted_at IS NOT NULL)"
        " AND (notice_objected_on IS NULL OR notice_from IS NOT NULL)",
    )
    op.create_check_constraint(op.f(UNOPPOSED), "cases", "granted IS NOT TRUE OR notice_objected_on IS NULL")


def downgrade() -> None:
    op.drop_table("registry_messages")
    op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS {UNOPPOSED}")
    op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS {WHOLE}")
    op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS {LIMIT}")
    # Before there were notices every accepted case had a limit.
    op.execute("UPDATE cases SET promised_due_on = notice_until WHERE notice_objected_on IS NOT NULL")
    for name in ("notice_objected_on", "notice_until", "notice_from"):
        op.drop_column("cases", name)
    op.execute(
        f"ALTER TABLE cases ADD CONSTRAINT {LIMIT} CHECK ((accepted_at IS NULL) = (promised_due_on IS NULL))"
    )
