"""The tables of: codes."""

import sqlalchemy as sa
from alembic import op

revision = "0012_codes"
down_revision = "0011_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "static_codes",
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('guide', 'centre', 'window', 'case', 'bill', 'certificate')",
            name=op.f("ck_static_codes_kind"),
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_static_codes")),
    )
    op.create_index(
        "uq_static_codes_living",
        "static_codes",
        ["kind", "target"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "personal_codes",
        sa.Column("id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_personal_codes_citizen_id")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_personal_codes")),
    )
    op.create_index("ix_personal_codes_citizen", "personal_codes", ["citizen_id", "expires_at"], unique=False)
    op.create_index(op.f("ix_personal_codes_expires_at"), "personal_codes", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_personal_codes_expires_at"), table_name="personal_codes")
    op.drop_index("ix_personal_codes_citizen", table_name="personal_codes")
    op.drop_table("personal_codes")
    op.drop_index(
        "uq_static_codes_living", table_name="static_codes", postgresql_where=sa.text("retired_at IS NULL")
    )
    op.drop_table("static_codes")
