"""Consents: what a citizen agrees to, in which words, from when to when."""

import sqlalchemy as sa
from alembic import op

revision = "0035_consents"
down_revision = "0034_cross_province"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("text_version", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.String(length=16), nullable=True),
        sa.CheckConstraint("text_version > 0", name=op.f("ck_consents_version_counts_from_one")),
        sa.CheckConstraint("ended IN ('withdrawn', 'renewed')", name=op.f("ck_consents_ended_known")),
        sa.CheckConstraint(
            "(ended IS NULL) = (ended_at IS NULL)", name=op.f("ck_consents_ended_has_its_time")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_consents_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(
        "uq_consents_live",
        "consents",
        ["citizen_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_consents_citizen_id", "consents", ["citizen_id", "id"], unique=False)
    # As for everything that a citizen begins: see 0019.
    op.execute(
        "CREATE TRIGGER account_is_open BEFORE INSERT ON consents FOR EACH ROW"
        " WHEN (NEW.citizen_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_account()"
    )


def downgrade() -> None:
    op.drop_table("consents")
