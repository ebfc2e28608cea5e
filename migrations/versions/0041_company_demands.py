"""Demands of companies, and the departments that are asked about them."""

import sqlalchemy as sa
from alembic import op

revision = "0041_company_demands"
down_revision = "0040_licence_leads"
branch_labels = None
depends_on = None

_BEFORE = "kind IN ('cannot_get_done', 'complaint', 'suggestion')"
_KINDS = "kind IN ('cannot_get_done', 'complaint', 'suggestion', 'company_demand')"


def upgrade() -> None:
    op.execute("ALTER TABLE complaints DROP CONSTRAINT IF EXISTS ck_complaints_kind_known")
    op.create_check_constraint(op.f("ck_complaints_kind_known"), "complaints", _KINDS)
    op.add_column("complaints", sa.Column("organisation", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("ck_complaints_demand_has_its_company"),
        "complaints",
        "(kind = 'company_demand') = (organisation IS NOT NULL)",
    )
    op.create_table(
        "complaint_parts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("dept_code", sa.String(length=64), nullable=False),
        sa.Column("dept_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("clerk_name", sa.Text(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (text IS NULL) AND (answered_at IS NULL) = (clerk_id IS NULL)",
            name=op.f("ck_complaint_parts_answered_has_its_words"),
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_parts_complaint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_parts")),
        sa.UniqueConstraint(
            "complaint_id", "dept_code", name=op.f("uq_complaint_parts_complaint_id_dept_code")
        ),
    )


def downgrade() -> None:
    op.drop_table("complaint_parts")
    # What the older program does not know is kept as what it comes nearest to.
    op.execute("ALTER TABLE complaints DROP CONSTRAINT IF EXISTS ck_complaints_demand_has_its_company")
    op.execute(
        "UPDATE complaints SET kind = 'suggestion'"
        " WHERE kind NOT IN ('cannot_get_done', 'complaint', 'suggestion')"
    )
    op.drop_column("complaints", "organisation")
    op.execute("ALTER TABLE complaints DROP CONSTRAINT IF EXISTS ck_complaints_kind_known")
    op.create_check_constraint(op.f("ck_complaints_kind_known"), "complaints", _BEFORE)
