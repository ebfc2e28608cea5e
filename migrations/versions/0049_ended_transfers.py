"""Hand-overs end with their case."""

from alembic import op

revision = "0049_ended_transfers"
down_revision = "0048_review_points"
branch_labels = None
depends_on = None

_CONSTRAINT = "ck_transfers_state_known"


def upgrade() -> None:
    op.drop_constraint(op.f(_CONSTRAINT), "transfers", type_="check")
    op.create_check_constraint(
        op.f(_CONSTRAINT), "transfers", "state IN ('sending', 'sent', 'received', 'refused', 'ended')"
    )
    # Those of cases that were over before hand-overs ended with them: nobody would ever close these.
    op.execute(
        "UPDATE transfers SET state = 'ended' FROM cases WHERE cases.id = transfers.case_id"
        " AND transfers.state IN ('sending', 'sent') AND cases.state IN ('withdrawn', 'closed')"
    )


def downgrade() -> None:
    op.execute("UPDATE transfers SET state = 'refused', refusal = 'case_over' WHERE state = 'ended'")
    op.execute(f"ALTER TABLE transfers DROP CONSTRAINT IF EXISTS {_CONSTRAINT}")
    op.execute(
        f"ALTER TABLE transfers ADD CONSTRAINT {_CONSTRAINT}"
        " CHECK (state IN ('sending', 'sent', 'received', 'refused')) NOT VALID"
    )
