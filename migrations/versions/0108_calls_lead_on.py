"""A call that reached nobody is tried again, and one that was a complaint is answered."""

import sqlalchemy as sa
from alembic import op

revision = "0108_calls_lead_on"
down_revision = "0107_opinion_numbers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "call_backs", sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.alter_column("call_backs", "tries", server_default=None)
    op.add_column("call_backs", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("call_backs", sa.Column("complaint_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_call_backs_complaint_id_complaints"), "call_backs", "complaints", ["complaint_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_call_backs_complaint_id"), "call_backs", ["complaint_id"])
    op.create_check_constraint(op.f("ck_call_backs_tries_counted"), "call_backs", "tries BETWEEN 0 AND 3")
    op.create_check_constraint(
        op.f("ck_call_backs_try_has_its_time"), "call_backs", "(tries = 0) = (tried_at IS NULL)"
    )
    op.create_check_constraint(
        op.f("ck_call_backs_complaint_of_the_unsatisfied"),
        "call_backs",
        "complaint_id IS NULL OR result = 'unsatisfied'",
    )


def downgrade() -> None:
    for column in ("complaint_id", "tried_at", "tries"):
        op.drop_column("call_backs", column)
