"""What was revoked before anybody had it on paper is withheld."""

from alembic import op

revision = "0078_withheld"
down_revision = "0077_head_approvals"
branch_labels = None
depends_on = None

_KNOWN = "ck_deliveries_state_known"
_STATES = "'chosen', 'waiting', 'preparing', 'sending', 'returned', 'delivered'"


def upgrade() -> None:
    op.drop_constraint(op.f(_KNOWN), "deliveries", type_="check")
    op.create_check_constraint(op.f(_KNOWN), "deliveries", f"state IN ({_STATES}, 'withheld')")


def downgrade() -> None:
    op.execute(f"ALTER TABLE deliveries DROP CONSTRAINT IF EXISTS {_KNOWN}")
    # Its case is closed as one whose result is there online.
    op.execute("UPDATE deliveries SET state = 'chosen' WHERE state = 'withheld'")
    op.execute(f"ALTER TABLE deliveries ADD CONSTRAINT {_KNOWN} CHECK (state IN ({_STATES})) NOT VALID")
