"""Second persons who sign an application: invitations and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0085_co_signings"
down_revision = "0084_paper_citizens"
branch_labels = None
depends_on = None

_SIGNED = "ck_signed_undertakings_kind_known"


def upgrade() -> None:
    op.drop_constraint(op.f(_SIGNED), "signed_undertakings", type_="check")
    op.create_check_constraint(
        op.f(_SIGNED), "signed_undertakings", "kind IN ('tolerance', 'promise', 'co_sign')"
    )
    _create_table()
    op.create_index("ix_co_signings_case_id", "co_signings", ["case_id"])
    op.create_index(
        "uq_co_signings_live",
        "co_signings",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'taken', 'signed')"),
    )
    op.create_index(
        "ix_co_signings_of_citizen",
        "co_signings",
        ["citizen_id", "id"],
        postgresql_where=sa.text("citizen_id IS NOT NULL"),
    )
    # As for everything that a citizen begins: see 0019. They begin with the code that they take.
    op.execute(
        "CREATE TRIGGER account_is_open BEFORE UPDATE OF citizen_id ON co_signings FOR EACH ROW"
        " WHEN (NEW.citizen_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_account()"
    )


def downgrade() -> None:
    op.drop_table("co_signings")
    # What was signed stays as it was; only the rule of the time before is put back for what comes.
    op.execute(f"ALTER TABLE signed_undertakings DROP CONSTRAINT IF EXISTS {_SIGNED}")
    op.execute(
        f"ALTER TABLE signed_undertakings ADD CONSTRAINT {_SIGNED}"
        " CHECK (kind IN ('tolerance', 'promise')) NOT VALID"
    )


def _create_table() -> None:
    op.create_table(
        "co_signings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("undertaking_id", sa.BigInteger(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'taken', 'signed', 'declined', 'ended')",
            name=op.f("ck_co_signings_state_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'ended') OR citizen_id IS NOT NULL",
            name=op.f("ck_co_signings_taken_by_somebody"),
        ),
        sa.CheckConstraint(
            "(citizen_id IS NULL) = (taken_at IS NULL)", name=op.f("ck_co_signings_taken_has_its_time")
        ),
        sa.CheckConstraint(
            "state <> 'signed' OR (digest IS NOT NULL AND undertaking_id IS NOT NULL"
            " AND signed_at IS NOT NULL)",
            name=op.f("ck_co_signings_signed_whole"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_co_signings_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_co_signings_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(
            ["undertaking_id"],
            ["signed_undertakings.id"],
            name=op.f("fk_co_signings_undertaking_id_signed_undertakings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_signings")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_co_signings_code_hash")),
    )
