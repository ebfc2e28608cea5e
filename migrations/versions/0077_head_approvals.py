"""The head approves grants too, and nothing waits for the head once its case is over."""

import sqlalchemy as sa
from alembic import op

revision = "0077_head_approvals"
down_revision = "0076_what_is_over"
branch_labels = None
depends_on = None

_WHOLE = (
    "(settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (approved IS NULL)"
    " AND (settled_at IS NULL) = (settled_by_name IS NULL)"
)
_KEPT = {
    "days_of_the_law": "days BETWEEN 1 AND 15",
    "settled_whole": _WHOLE,
    "settled_by_another": "settled_by <> asked_by",
}
_NEW = {
    "kind_known": "kind IN ('extension', 'grant')",
    "extension_has_days": "(kind = 'extension') = (days IS NOT NULL)",
    "settled_or_ended": "ended_at IS NULL OR settled_at IS NULL",
}


def upgrade() -> None:
    op.drop_index("uq_extension_approvals_one_open", table_name="extension_approvals")
    _rename("extension_approvals", "head_approvals")
    op.add_column(
        "head_approvals", sa.Column("kind", sa.String(16), nullable=False, server_default="extension")
    )
    op.alter_column("head_approvals", "kind", server_default=None)
    op.add_column("head_approvals", sa.Column("legal_basis", sa.Text(), nullable=True))
    op.add_column("head_approvals", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("head_approvals", "days", nullable=True)
    op.execute(
        "UPDATE head_approvals SET ended_at = now() FROM cases WHERE cases.id = head_approvals.case_id"
        " AND head_approvals.settled_at IS NULL AND cases.state <> 'accepted'"
    )
    for name, condition in _NEW.items():
        op.create_check_constraint(op.f(f"ck_head_approvals_{name}"), "head_approvals", condition)
    op.create_index(
        "uq_head_approvals_one_open",
        "head_approvals",
        ["case_id", "kind"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL AND ended_at IS NULL"),
    )


def downgrade() -> None:
    # The program before knows extensions alone, and asks for one of a case at a time: what has ended goes.
    op.execute("DELETE FROM head_approvals WHERE kind <> 'extension' OR ended_at IS NOT NULL")
    op.drop_index("uq_head_approvals_one_open", table_name="head_approvals")
    for name in _NEW:
        op.execute(f"ALTER TABLE head_approvals DROP CONSTRAINT IF EXISTS ck_head_approvals_{name}")
    op.alter_column("head_approvals", "days", nullable=False)
    for column in ("ended_at", "legal_basis", "kind"):
        op.drop_column("head_approvals", column)
    _rename("head_approvals", "extension_approvals")
    op.create_index(
        "uq_extension_approvals_one_open",
        "extension_approvals",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def _rename(before: str, after: str) -> None:
    op.rename_table(before, after)
    op.execute(f"ALTER SEQUENCE {before}_id_seq RENAME TO {after}_id_seq")
    op.execute(f"ALTER TABLE {after} RENAME CONSTRAINT pk_{before} TO pk_{after}")
    op.execute(f"ALTER TABLE {after} RENAME CONSTRAINT fk_{before}_case_id_cases TO fk_{after}_case_id_cases")
    for name, condition in _KEPT.items():
        op.execute(f"ALTER TABLE {after} DROP CONSTRAINT IF EXISTS ck_{before}_{name}")
        op.create_check_constraint(op.f(f"ck_{after}_{name}"), after, condition)
