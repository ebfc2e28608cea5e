"""Cases, bills and certificates of a company (代表企业办理)."""

import sqlalchemy as sa
from alembic import op

revision = "0047_acting_for"
down_revision = "0046_organisations"
branch_labels = None
depends_on = None

_TABLES = ("cases", "bills", "certificates")


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
    op.drop_index("uq_cases_one_live_draft", table_name="cases")
    op.create_index(
        "uq_cases_one_live_draft",
        "cases",
        ["citizen_id", "task_code"],
        unique=True,
        postgresql_where=sa.text("state = 'draft' AND organisation_id IS NULL"),
    )
    op.create_index(
        "uq_cases_one_live_draft_of_organisation",
        "cases",
        ["organisation_id", "task_code"],
        unique=True,
        postgresql_where=sa.text("state = 'draft' AND organisation_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_cases_one_live_draft_of_organisation", table_name="cases")
    op.drop_index("uq_cases_one_live_draft", table_name="cases")
    # A person may have one draft of their own and have begun one of a company: of one item one stays.
    op.execute(
        "UPDATE cases SET state = 'withdrawn', withdrawn_at = now()"
        " WHERE state = 'draft' AND organisation_id IS NOT NULL"
    )
    op.create_index(
        "uq_cases_one_live_draft",
        "cases",
        ["citizen_id", "task_code"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    for table in _TABLES:
        op.drop_index(f"ix_{table}_acted_for", table_name=table)
        op.drop_constraint(op.f(f"fk_{table}_organisation_id_organisations"), table, type_="foreignkey")
        op.drop_column(table, "organisation_id")
