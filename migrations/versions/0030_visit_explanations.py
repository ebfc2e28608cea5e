"""Why a case took more visits than promised, in the words of who handled it."""

import sqlalchemy as sa
from alembic import op

revision = "0030_visit_explanations"
down_revision = "0029_article_states"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_explanations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_name", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_visits.case_id"], name=op.f("fk_visit_explanations_case_id")
        ),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_visit_explanations_clerk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_explanations")),
        sa.UniqueConstraint("case_id", "clerk_id", name=op.f("uq_visit_explanations_case_id_clerk_id")),
    )
    op.create_index("ix_visit_explanations_case_id", "visit_explanations", ["case_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_visit_explanations_case_id", table_name="visit_explanations")
    op.drop_table("visit_explanations")
