"""Supervisors hear that an objection to an untrue promise was right."""

from alembic import op

revision = "0100_cleared_promises"
down_revision = "0099_credit_lists"
branch_labels = None
depends_on = None

_KIND, _ROW = "ck_oversight_events_kind_known", "ck_oversight_events_once_or_by_its_row"
_KINDS = "kind IN ('granted', 'changed', 'revoked', 'cancelled', 'promise_untrue'{more})"
_ROWS = "(kind IN ('changed', 'promise_untrue'{more})) = (reference > 0) AND reference >= 0"
_MORE = ", 'promise_cleared'"


def upgrade() -> None:
    for name, rule in ((_KIND, _KINDS), (_ROW, _ROWS)):
        op.execute(f"ALTER TABLE oversight_events DROP CONSTRAINT IF EXISTS {name}")
        op.create_check_constraint(op.f(name), "oversight_events", rule.format(more=_MORE))


def downgrade() -> None:
    # The program before it knows changes: as one, far from the numbers of real ones, it keeps its place.
    op.execute(
        "UPDATE oversight_events SET kind = 'changed', reference = reference + 4611686018427387904"
        " WHERE kind = 'promise_cleared'"
    )
    for name, rule in ((_KIND, _KINDS), (_ROW, _ROWS)):
        op.execute(f"ALTER TABLE oversight_events DROP CONSTRAINT IF EXISTS {name}")
        op.execute(
            f"ALTER TABLE oversight_events ADD CONSTRAINT {name} CHECK ({rule.format(more='')}) NOT VALID"
        )
