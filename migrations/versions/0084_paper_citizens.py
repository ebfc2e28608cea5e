"""Citizens without an account, met at a window by their document."""

import sqlalchemy as sa
from alembic import op

revision = "0084_paper_citizens"
down_revision = "0083_delegations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_citizens",
        sa.Column("citizen_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_paper_citizens_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("citizen_id", name=op.f("pk_paper_citizens")),
        sa.UniqueConstraint("number_index", name=op.f("uq_paper_citizens_number_index")),
    )
    op.add_column("presences", sa.Column("document", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("presences", "document")
    op.drop_table("paper_citizens")
