"""The tables of: people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_people"
down_revision = "0001_foundation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizens",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("assurance", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column(
            "preferences", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizens")),
        sa.UniqueConstraint("id_number_index", name=op.f("uq_citizens_id_number_index")),
    )
    op.create_index(op.f("ix_citizens_phone_index"), "citizens", ["phone_index"], unique=False)
    op.create_table(
        "sms_codes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("caller_index", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.String(length=64), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_codes")),
    )
    op.create_index("ix_sms_codes_caller", "sms_codes", ["caller_index", "created_at"], unique=False)
    op.create_index(op.f("ix_sms_codes_created_at"), "sms_codes", ["created_at"], unique=False)
    op.create_index("ix_sms_codes_phone", "sms_codes", ["phone_index", "created_at"], unique=False)
    op.create_table(
        "login_sessions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("access_hash", sa.LargeBinary(), nullable=False),
        sa.Column("access_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refresh_hash", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_login_sessions_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("access_hash", name=op.f("uq_login_sessions_access_hash")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_login_sessions_refresh_hash")),
    )
    op.create_index(op.f("ix_login_sessions_citizen_id"), "login_sessions", ["citizen_id"], unique=False)
    op.create_index(op.f("ix_login_sessions_family"), "login_sessions", ["family"], unique=False)
    op.create_index(
        op.f("ix_login_sessions_refresh_expires_at"), "login_sessions", ["refresh_expires_at"], unique=False
    )
    op.create_table(
        "platform_identities",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("app_id", sa.String(length=64), nullable=False),
        sa.Column("open_id", sa.String(length=128), nullable=False),
        sa.Column("union_id", sa.String(length=128), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_platform_identities_citizen_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_identities")),
        sa.UniqueConstraint(
            "platform", "app_id", "open_id", name=op.f("uq_platform_identities_platform_app_id_open_id")
        ),
    )
    op.create_index(
        op.f("ix_platform_identities_citizen_id"), "platform_identities", ["citizen_id"], unique=False
    )
    op.create_index(
        "ix_platform_identities_union_id",
        "platform_identities",
        ["union_id"],
        unique=False,
        postgresql_where=sa.text("union_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_platform_identities_union_id",
        table_name="platform_identities",
        postgresql_where=sa.text("union_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_platform_identities_citizen_id"), table_name="platform_identities")
    op.drop_table("platform_identities")
    op.drop_index(op.f("ix_login_sessions_refresh_expires_at"), table_name="login_sessions")
    op.drop_index(op.f("ix_login_sessions_family"), table_name="login_sessions")
    op.drop_index(op.f("ix_login_sessions_citizen_id"), table_name="login_sessions")
    op.drop_table("login_sessions")
    op.drop_index("ix_sms_codes_phone", table_name="sms_codes")
    op.drop_index(op.f("ix_sms_codes_created_at"), table_name="sms_codes")
    op.drop_index("ix_sms_codes_caller", table_name="sms_codes")
    op.drop_table("sms_codes")
    op.drop_index(op.f("ix_citizens_phone_index"), table_name="citizens")
    op.drop_table("citizens")
