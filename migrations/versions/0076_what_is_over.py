"""Nobody is asked about a case that is over, and receipts of closed accounts say nothing."""

from alembic import op

revision = "0076_what_is_over"
down_revision = "0075_open_fees"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A case that was terminated left its departments asked.
    op.execute(
        "UPDATE opinion_requests SET state = 'ended', settled_at = now() FROM cases"
        " WHERE cases.id = opinion_requests.case_id AND opinion_requests.state = 'asked'"
        " AND cases.state <> 'accepted'"
    )
    # The first chains were also made of cases whose applicant had closed the account before.
    op.execute(
        "DELETE FROM case_receipt_openings USING cases, citizens"
        " WHERE cases.id = case_receipt_openings.case_id AND cases.organisation_id IS NULL"
        " AND citizens.id = cases.citizen_id AND citizens.closed_at IS NOT NULL"
    )


def downgrade() -> None:
    """What was ended and dropped was over before; nothing brings it back."""
