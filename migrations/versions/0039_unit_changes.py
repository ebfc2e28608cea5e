"""Certificates and cases of units, found again when the registry tells of a change."""

import sqlalchemy as sa
from alembic import op

revision = "0039_unit_changes"
down_revision = "0038_partners"
branch_labels = None
depends_on = None

STATE = "ck_name_reservations_state_known"
NUMBER = "ck_name_reservations_reserved_has_its_number"


def upgrade() -> None:
    op.add_column("certificates", sa.Column("holder_index", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_certificates_holder",
        "certificates",
        ["holder_index"],
        postgresql_where=sa.text("holder_index IS NOT NULL"),
    )
    op.add_column("cases", sa.Column("organisation_index", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_cases_of_organisation",
        "cases",
        ["organisation_index"],
        postgresql_where=sa.text("organisation_index IS NOT NULL"),
    )
    op.create_table(
        "certificate_changes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_changes_certificate_id_certificates"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["registry_messages.id"],
            name=op.f("fk_certificate_changes_message_id_registry_messages"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_changes")),
        sa.UniqueConstraint(
            "certificate_id", "message_id", name=op.f("uq_certificate_changes_certificate_id_message_id")
        ),
    )
    _checks("'sending', 'reserved', 'refused', 'ended', 'used'", "'reserved', 'ended', 'used'")


def downgrade() -> None:
    op.execute("UPDATE name_reservations SET state = 'ended' WHERE state = 'used'")
    # What is there was right under the wider rule; only what is new need be looked at.
    _checks("'sending', 'reserved', 'refused', 'ended'", "'reserved', 'ended'", how="NOT VALID")
    op.drop_table("certificate_changes")
    op.drop_column("cases", "organisation_index")
    op.drop_column("certificates", "holder_index")


def _checks(states: str, with_number: str, *, how: str = "") -> None:
    for name in (STATE, NUMBER):
        op.execute(f"ALTER TABLE name_reservations DROP CONSTRAINT IF EXISTS {name}")
    op.execute(f"ALTER TABLE name_reservations ADD CONSTRAINT {STATE} CHECK (state IN ({states})) {how}")
    op.execute(
        f"ALTER TABLE name_reservations ADD CONSTRAINT {NUMBER} CHECK ((state IN ({with_number}))"
        f" = (registry_no IS NOT NULL AND expires_on IS NOT NULL)) {how}"
    )
