"""The desk's lists are read in their order, however many cases there are."""

from alembic import op

revision = "0071_work_list"
down_revision = "0070_archives"
branch_labels = None
depends_on = None

_URGENCY = {
    "submitted": "notice_due_on",
    "correction": "correct_by",
    "accepted": "promised_due_on",
    "decided": "decided_at",
}
_WHOLE = {"ix_cases_by_state": ["state", "id"], "ix_cases_work_list_by_name": ["state", "dept_name", "id"]}
_PART = {
    "ix_cases_to_decide": (["promised_due_on", "id"], "accepted"),
    "ix_cases_to_hand_out": (["decided_at", "id"], "decided"),
    **{
        f"ix_cases_{state}_{by}": ([by, key, "id"], state)
        for state, key in _URGENCY.items()
        for by in ("dept_code", "dept_name")
    },
}


def upgrade() -> None:
    for name, columns in _WHOLE.items():
        op.create_index(name, "cases", columns)
    for name, (columns, state) in _PART.items():
        op.create_index(name, "cases", columns, postgresql_where=f"state = '{state}'")


def downgrade() -> None:
    for name in (*_PART, *_WHOLE):
        op.drop_index(name, table_name="cases")
