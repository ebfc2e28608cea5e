"""A request for a refund can be taken back before anybody has decided about it."""

from alembic import op

revision = "0091_withdrawn_refunds"
down_revision = "0090_revoked_grants"
branch_labels = None
depends_on = None

_STATE = "ck_refund_requests_state_is_known"
_CLERK = "ck_refund_requests_decided_has_its_clerk"
_STATES = "'requested', 'approved', 'refused', 'done', 'failed'"
_BOTH = "(decided_at IS NULL) = (decided_by IS NULL)"


def upgrade() -> None:
    _say(
        f"state IN ({_STATES}, 'withdrawn')",
        f"(state IN ('requested', 'withdrawn')) = (decided_at IS NULL) AND {_BOTH}",
    )


def downgrade() -> None:
    # What was taken back was never decided; the version before knows no word for it.
    op.execute(
        "DELETE FROM refund_requests"
        " WHERE state NOT IN ('requested', 'approved', 'refused', 'done', 'failed')"
    )
    _say(f"state IN ({_STATES})", f"(state = 'requested') = (decided_at IS NULL) AND {_BOTH}")


def _say(state: str, clerk: str) -> None:
    for name, rule in ((_STATE, state), (_CLERK, clerk)):
        op.execute(f"ALTER TABLE refund_requests DROP CONSTRAINT IF EXISTS {name}")
        op.create_check_constraint(op.f(name), "refund_requests", rule)
