"""The index by which the page of a payment finds its differences."""

from alembic import op

revision = "0024_differences_of_payments"
down_revision = "0023_search_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_payment_exceptions_attempt_id", "payment_exceptions", ["attempt_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_payment_exceptions_attempt_id", table_name="payment_exceptions")
