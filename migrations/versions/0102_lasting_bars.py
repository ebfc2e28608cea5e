"""A broken promise bars its giver by the number's keyed hash too, until it bars no more."""

import sqlalchemy as sa
from alembic import op

revision = "0102_lasting_bars"
down_revision = "0101_unanswered_credit"
branch_labels = None
depends_on = None

_RULE = "ck_credit_records_forgotten_when_over"


def upgrade() -> None:
    op.add_column("credit_records", sa.Column("number_index", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f(_RULE),
        "credit_records",
        "number_index IS NULL OR organisation_id IS NULL AND state IN ('waiting', 'on_hold', 'ready')",
    )
    op.create_index(
        "ix_credit_records_of_number",
        "credit_records",
        ["number_index"],
        postgresql_where=sa.text("number_index IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("DROP INDEX IF EXISTS ix_credit_records_of_number")
    op.execute(f"ALTER TABLE credit_records DROP CONSTRAINT IF EXISTS {_RULE}")
    op.drop_column("credit_records", "number_index")
