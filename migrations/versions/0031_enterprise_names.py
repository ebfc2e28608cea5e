"""Names of enterprises that citizens ask the registry for."""

import sqlalchemy as sa
from alembic import op

revision = "0031_enterprise_names"
down_revision = "0030_visit_explanations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_reservations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("registry_no", sa.String(length=40), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('sending', 'reserved', 'refused', 'ended')",
            name=op.f("ck_name_reservations_state_known"),
        ),
        sa.CheckConstraint(
            "(state IN ('reserved', 'ended')) = (registry_no IS NOT NULL AND expires_on IS NOT NULL)",
            name=op.f("ck_name_reservations_reserved_has_its_number"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)",
            name=op.f("ck_name_reservations_refused_has_its_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_name_reservations_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_reservations")),
        sa.UniqueConstraint("reference", name=op.f("uq_name_reservations_reference")),
        sa.UniqueConstraint("registry_no", name=op.f("uq_name_reservations_registry_no")),
    )
    op.create_index(
        "uq_name_reservations_live",
        "name_reservations",
        ["citizen_id", "name"],
        unique=True,
        postgresql_where=sa.text("state IN ('sending', 'reserved')"),
    )
    op.create_index("ix_name_reservations_of_citizen", "name_reservations", ["citizen_id", "id"])
    op.create_index(
        "ix_name_reservations_to_ask",
        "name_reservations",
        ["next_check_at"],
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_name_reservations_ending",
        "name_reservations",
        ["expires_on"],
        postgresql_where=sa.text("state = 'reserved'"),
    )
    op.create_table(
        "name_check_counts",
        sa.Column("citizen_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("window_began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_name_check_counts_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("citizen_id", name=op.f("pk_name_check_counts")),
    )
    op.create_index("ix_name_check_counts_window", "name_check_counts", ["window_began_at"])
    # As in 0019: a citizen whose account is closed begins nothing.
    op.execute(
        "CREATE TRIGGER account_is_open BEFORE INSERT ON name_reservations FOR EACH ROW"
        " WHEN (NEW.citizen_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_account()"
    )


def downgrade() -> None:
    op.drop_table("name_check_counts")
    op.drop_table("name_reservations")
