"""The code of the investment project that a case belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0042_project_codes"
down_revision = "0041_company_demands"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("project_code", sa.String(length=24), nullable=True))
    op.create_check_constraint(
        op.f("ck_cases_project_code_written"),
        "cases",
        "project_code ~ '^20[0-9]{2}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$'",
    )
    op.create_index(
        "ix_cases_project_code",
        "cases",
        ["project_code"],
        unique=False,
        postgresql_where=sa.text("project_code IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_cases_project_code", table_name="cases", postgresql_where=sa.text("project_code IS NOT NULL")
    )
    op.drop_column("cases", "project_code")
