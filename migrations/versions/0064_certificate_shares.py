"""Showing certificates for some minutes, and ending one on a ground of the law."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0064_certificate_shares"
down_revision = "0063_opinions"
branch_labels = None
depends_on = None

GROUNDS = (
    "'misuse', 'beyond_powers', 'wrong_procedure', 'not_qualified', 'deceit', 'holder_gone', 'entity_ended',"
    " 'withdrawn', 'impossible', 'on_request'"
)


def upgrade() -> None:
    _revocations()
    _shares()
    op.create_table(
        "certificate_looks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("share_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"],
            ["certificate_shares.id"],
            name=op.f("fk_certificate_looks_share_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_looks")),
    )
    op.create_index("ix_certificate_looks_of_share", "certificate_looks", ["share_id", "id"])
    op.create_table(
        "certificate_tries",
        sa.Column("caller", sa.LargeBinary(), nullable=False),
        sa.Column("window_began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("caller", name=op.f("pk_certificate_tries")),
    )
    op.create_index("ix_certificate_tries_window", "certificate_tries", ["window_began_at"])


def downgrade() -> None:
    op.drop_table("certificate_tries")
    op.drop_table("certificate_looks")
    op.drop_table("certificate_shares")
    op.drop_table("certificate_revocations")


def _revocations() -> None:
    op.create_table(
        "certificate_revocations",
        sa.Column("certificate_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"ground IN ({GROUNDS})", name=op.f("ck_certificate_revocations_ground_known")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_revocations_certificate_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_revocations")),
    )


def _shares() -> None:
    op.create_table(
        "certificate_shares",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > shown_at", name=op.f("ck_certificate_shares_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_shares_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_certificate_shares_citizen_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_shares")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_certificate_shares_token_hash")),
    )
    op.create_index(
        "uq_certificate_shares_one_open",
        "certificate_shares",
        ["certificate_id", "citizen_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_certificate_shares_of_certificate", "certificate_shares", ["certificate_id", "id"])
    op.create_index("ix_certificate_shares_of_citizen", "certificate_shares", ["citizen_id", "id"])
    op.create_index("ix_certificate_shares_shown_at", "certificate_shares", ["shown_at"])
    # As for everything that a citizen begins: see 0019.
    op.execute(
        "CREATE TRIGGER account_is_open BEFORE INSERT ON certificate_shares FOR EACH ROW"
        " EXECUTE FUNCTION refuse_closed_account()"
    )
