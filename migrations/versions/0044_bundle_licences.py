"""One licence for one trade, with a code of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0044_bundle_licences"
down_revision = "0043_transfers"
branch_labels = None
depends_on = None

KINDS = "'guide', 'centre', 'window', 'case', 'bill', 'certificate'"


def upgrade() -> None:
    op.add_column("bundle_applications", sa.Column("licence_name", sa.String(length=100), nullable=True))
    op.create_table(
        "bundle_licences",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("licence_no", sa.String(length=24), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("holder_name", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["bundle_applications.id"],
            name=op.f("fk_bundle_licences_application_id_bundle_applications"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_bundle_licences_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_licences")),
        sa.UniqueConstraint("application_id", name=op.f("uq_bundle_licences_application_id")),
        sa.UniqueConstraint("licence_no", name=op.f("uq_bundle_licences_licence_no")),
    )
    op.create_index(op.f("ix_bundle_licences_citizen_id"), "bundle_licences", ["citizen_id"], unique=False)
    op.execute("ALTER TABLE static_codes DROP CONSTRAINT IF EXISTS ck_static_codes_kind")
    op.create_check_constraint(op.f("ck_static_codes_kind"), "static_codes", f"kind IN ({KINDS}, 'licence')")


def downgrade() -> None:
    # Codes of kinds that the program before does not know.
    op.execute(
        "DELETE FROM static_codes"
        " WHERE kind NOT IN ('guide', 'centre', 'window', 'case', 'bill', 'certificate')"
    )
    op.execute("ALTER TABLE static_codes DROP CONSTRAINT IF EXISTS ck_static_codes_kind")
    op.create_check_constraint(op.f("ck_static_codes_kind"), "static_codes", f"kind IN ({KINDS})")
    op.drop_table("bundle_licences")
    op.drop_column("bundle_applications", "licence_name")
