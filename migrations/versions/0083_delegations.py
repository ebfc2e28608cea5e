"""Authorities between citizens, what agents did under them, and who handed a case in for whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0083_delegations"
down_revision = "0082_site_visits"
branch_labels = None
depends_on = None

_JSON = postgresql.JSONB(astext_type=sa.Text())
_MARKED = ("cases", "case_events", "appointments")


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scope", _JSON, nullable=False),
        sa.Column("acts", _JSON, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=8), nullable=True),
        sa.Column("witnessed_by", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.String(length=16), nullable=True),
        *_rules(),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_delegations_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["citizens.id"], name=op.f("fk_delegations_agent_id_citizens")),
        sa.ForeignKeyConstraint(
            ["witnessed_by"], ["clerks.id"], name=op.f("fk_delegations_witnessed_by_clerks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_delegations_code_hash")),
    )
    op.create_index(
        "uq_delegations_live",
        "delegations",
        ["citizen_id", "agent_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND agent_id IS NOT NULL"),
    )
    op.create_index("ix_delegations_of_citizen", "delegations", ["citizen_id", "id"])
    op.create_index(
        "ix_delegations_of_agent",
        "delegations",
        ["agent_id", "id"],
        postgresql_where=sa.text("agent_id IS NOT NULL"),
    )
    # As for everything that a citizen begins: see 0019.
    op.execute(
        "CREATE TRIGGER account_is_open BEFORE INSERT ON delegations FOR EACH ROW"
        " WHEN (NEW.citizen_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_account()"
    )
    _create_acts()
    for table in _MARKED:
        op.add_column(table, sa.Column("delegation_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_delegation_id_delegations"), table, "delegations", ["delegation_id"], ["id"]
        )
    op.create_check_constraint(
        op.f("ck_cases_agent_of_a_person"), "cases", "delegation_id IS NULL OR organisation_id IS NULL"
    )
    op.create_check_constraint(
        op.f("ck_case_events_agent_of_a_citizen"),
        "case_events",
        "delegation_id IS NULL OR actor_kind = 'citizen'",
    )


def _rules() -> tuple[sa.CheckConstraint, ...]:
    rules = {
        "for_another": "agent_id <> citizen_id",
        "accepted_by_somebody": "(agent_id IS NULL) = (accepted_at IS NULL)",
        "acts_known": (
            "jsonb_typeof(acts) = 'array' AND acts <> '[]'::jsonb"
            ' AND acts <@ \'["book", "apply", "track", "collect"]\'::jsonb'
        ),
        "what_is_done_is_seen": "NOT (acts ? 'apply' OR acts ? 'collect') OR acts ? 'track'",
        "one_year_at_most": "until <= (made_at AT TIME ZONE 'Asia/Shanghai')::date + 366",
        "ended_by_somebody": "(ended_at IS NULL) = (ended_by IS NULL)",
        "ender_known": "ended_by IN ('giver', 'agent', 'expired')",
        "witness_saw_a_document": "(witnessed_by IS NULL) = (document IS NULL)",
    }
    return tuple(
        sa.CheckConstraint(rule, name=op.f(f"ck_delegations_{name}")) for name, rule in rules.items()
    )


def _create_acts() -> None:
    op.create_table(
        "delegate_acts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("delegation_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegations.id"], name=op.f("fk_delegate_acts_delegation_id_delegations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegate_acts")),
        sa.UniqueConstraint(
            "delegation_id",
            "reference",
            "kind",
            "day",
            name=op.f("uq_delegate_acts_delegation_id_reference_kind_day"),
        ),
    )
    op.create_index("ix_delegate_acts_of_delegation", "delegate_acts", ["delegation_id", "id"])


def downgrade() -> None:
    op.execute("ALTER TABLE cases DROP CONSTRAINT IF EXISTS ck_cases_agent_of_a_person")
    op.execute("ALTER TABLE case_events DROP CONSTRAINT IF EXISTS ck_case_events_agent_of_a_citizen")
    for table in _MARKED:
        op.drop_column(table, "delegation_id")
    op.drop_table("delegate_acts")
    op.drop_table("delegations")
