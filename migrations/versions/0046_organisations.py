"""Organisations, who may act for them, invitations to agents, and questions to the registry."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0046_organisations"
down_revision = "0045_planned_endings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("code", name=op.f("uq_organisations_code")),
    )
    op.create_table(
        "standings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("proven_by", sa.String(length=16), nullable=True),
        sa.Column("granted_by", sa.BigInteger(), nullable=True),
        sa.Column("scope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('representative', 'agent')", name=op.f("ck_standings_role_known")),
        sa.CheckConstraint(
            "(role = 'agent') = (granted_by IS NOT NULL)", name=op.f("ck_standings_agent_is_authorised")
        ),
        sa.CheckConstraint(
            "(role = 'agent') = (expires_on IS NOT NULL)", name=op.f("ck_standings_agent_has_an_end")
        ),
        sa.CheckConstraint(
            "(role = 'representative') = (proven_by IS NOT NULL)",
            name=op.f("ck_standings_representative_is_proven"),
        ),
        sa.CheckConstraint("proven_by IN ('real_name', 'phone')", name=op.f("ck_standings_proof_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_standings_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_standings_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["standings.id"], name=op.f("fk_standings_granted_by_standings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standings")),
    )
    op.create_index(
        "uq_standings_live",
        "standings",
        ["citizen_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_standings_of_organisation", "standings", ["organisation_id", "id"], unique=False)
    op.create_index(
        "ix_standings_granted_by",
        "standings",
        ["granted_by"],
        unique=False,
        postgresql_where=sa.text("granted_by IS NOT NULL"),
    )
    op.create_table(
        "agent_invitations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("standing_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("agent_until", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["standing_id"], ["standings.id"], name=op.f("fk_agent_invitations_standing_id_standings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_invitations")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_agent_invitations_code_hash")),
    )
    op.create_index("ix_agent_invitations_standing_id", "agent_invitations", ["standing_id"], unique=False)
    _create_claims()
    # As for everything that a citizen begins: see 0019.
    for table in ("standings", "organisation_claims"):
        op.execute(
            f"CREATE TRIGGER account_is_open BEFORE INSERT ON {table} FOR EACH ROW"
            " WHEN (NEW.citizen_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_account()"
        )


def _create_claims() -> None:
    op.create_table(
        "organisation_claims",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("refusal", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('asking', 'proven', 'refused')", name=op.f("ck_organisation_claims_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'asking') = (answered_at IS NULL)",
            name=op.f("ck_organisation_claims_answered_has_its_time"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)",
            name=op.f("ck_organisation_claims_refused_has_its_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_organisation_claims_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_claims")),
    )
    op.create_index(
        "uq_organisation_claims_asking",
        "organisation_claims",
        ["citizen_id", "code"],
        unique=True,
        postgresql_where=sa.text("state = 'asking'"),
    )
    op.create_index(
        "ix_organisation_claims_due",
        "organisation_claims",
        ["next_check_at"],
        unique=False,
        postgresql_where=sa.text("state = 'asking'"),
    )
    op.create_index(
        "ix_organisation_claims_of_citizen", "organisation_claims", ["citizen_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("organisation_claims")
    op.drop_table("agent_invitations")
    op.drop_table("standings")
    op.drop_table("organisations")
