"""Applications for bundles, and what they give, of a company (一件事代表企业办理)."""

import sqlalchemy as sa
from alembic import op

revision = "0050_bundles_of_companies"
down_revision = "0049_ended_transfers"
branch_labels = None
depends_on = None

_TABLES = ("bundle_applications", "bundle_licences")
_LIVE = "submitted_at IS NULL AND withdrawn_at IS NULL"


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("organisation_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_organisation_id_organisations"),
            table,
            "organisations",
            ["organisation_id"],
            ["id"],
        )
        op.create_index(
            f"ix_{table}_acted_for",
            table,
            ["organisation_id", "id"],
            unique=False,
            postgresql_where=sa.text("organisation_id IS NOT NULL"),
        )
    op.drop_index("uq_bundle_applications_one_live_draft", table_name="bundle_applications")
    _one_live_draft(
        "uq_bundle_applications_one_live_draft", "citizen_id", f"{_LIVE} AND organisation_id IS NULL"
    )
    _one_live_draft(
        "uq_bundle_applications_one_live_draft_of_organisation",
        "organisation_id",
        f"{_LIVE} AND organisation_id IS NOT NULL",
    )


def downgrade() -> None:
    op.drop_index("uq_bundle_applications_one_live_draft_of_organisation", table_name="bundle_applications")
    op.drop_index("uq_bundle_applications_one_live_draft", table_name="bundle_applications")
    # A person may have one draft of their own and have begun one of a company: of one bundle one stays.
    op.execute(
        "UPDATE bundle_applications SET withdrawn_at = now()"
        " WHERE submitted_at IS NULL AND withdrawn_at IS NULL AND organisation_id IS NOT NULL"
    )
    _one_live_draft("uq_bundle_applications_one_live_draft", "citizen_id", _LIVE)
    for table in _TABLES:
        op.drop_index(f"ix_{table}_acted_for", table_name=table)
        op.drop_constraint(op.f(f"fk_{table}_organisation_id_organisations"), table, type_="foreignkey")
        op.drop_column(table, "organisation_id")


def _one_live_draft(name: str, owner: str, where: str) -> None:
    op.create_index(
        name, "bundle_applications", [owner, "bundle_key"], unique=True, postgresql_where=sa.text(where)
    )
