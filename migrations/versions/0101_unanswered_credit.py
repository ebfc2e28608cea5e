"""A question that the credit platform refuses is shown, and what is learned elsewhere is written down."""

import sqlalchemy as sa
from alembic import op

revision = "0101_unanswered_credit"
down_revision = "0100_cleared_promises"
branch_labels = None
depends_on = None

_STATE, _ANSWER = "ck_credit_listings_state_known", "ck_credit_listings_known_has_its_answer"
_LEARNED = "ck_case_credits_learned_whole"


def upgrade() -> None:
    op.add_column("credit_listings", sa.Column("refusal", sa.String(length=64), nullable=True))
    _replace(_STATE, "state IN ('asking', 'known', 'refused')", how="")
    _replace(
        _ANSWER,
        "(state = 'asking') = (answered_at IS NULL)"
        " AND (state = 'known') = (sealed_entries IS NOT NULL)"
        " AND (state = 'refused') = (refusal IS NOT NULL)",
        how="",
    )
    op.add_column("case_credits", sa.Column("learned_by", sa.BigInteger(), nullable=True))
    op.add_column("case_credits", sa.Column("learned_by_name", sa.String(length=64), nullable=True))
    op.add_column("case_credits", sa.Column("learned_from", sa.LargeBinary(), nullable=True))
    op.add_column("case_credits", sa.Column("learned_why", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f(_LEARNED),
        "case_credits",
        "(learned_by IS NULL) = (learned_by_name IS NULL) AND (learned_by IS NULL) = (learned_from IS NULL)"
        " AND (learned_by IS NULL) = (learned_why IS NULL)"
        " AND (learned_by IS NULL OR settled_at IS NOT NULL)",
    )


def downgrade() -> None:
    op.execute(f"ALTER TABLE case_credits DROP CONSTRAINT IF EXISTS {_LEARNED}")
    for name in ("learned_why", "learned_from", "learned_by_name", "learned_by"):
        op.drop_column("case_credits", name)
    # The program before it asks on, as if nothing had been said.
    op.execute(
        "UPDATE credit_listings SET state = 'asking', answered_at = NULL, refusal = NULL"
        " WHERE state = 'refused'"
    )
    _replace(_STATE, "state IN ('asking', 'known')")
    _replace(
        _ANSWER,
        "(state = 'known') = (answered_at IS NOT NULL) AND (answered_at IS NULL) = (sealed_entries IS NULL)",
    )
    op.drop_column("credit_listings", "refusal")


def _replace(name: str, rule: str, *, how: str = "NOT VALID") -> None:
    op.execute(f"ALTER TABLE credit_listings DROP CONSTRAINT IF EXISTS {name}")
    op.execute(f"ALTER TABLE credit_listings ADD CONSTRAINT {name} CHECK ({rule}) {how}")
