"""A refusal after examination has one ground of a list (不予的情形)."""

import sqlalchemy as sa
from alembic import op

revision = "0089_refusal_grounds"
down_revision = "0088_taken_in"
branch_labels = None
depends_on = None

_CHECKS = (
    ("refusal_has_its_ground", "(granted IS FALSE) = (refused_code IS NOT NULL)"),
    (
        "refused_code_known",
        (
            "refused_code IN ('not_qualified', 'inspection_failed', 'department_objects', 'rights_of_others',"
            " 'no_quota', 'false_papers', 'barred')"
        ),
    ),
)


def upgrade() -> None:
    op.add_column("cases", sa.Column("refused_code", sa.String(length=32), nullable=True))
    # The one ground that every refusal was reported with so far.
    op.execute("UPDATE cases SET refused_code = 'not_qualified' WHERE granted IS FALSE")
    for name, rule in _CHECKS:
        op.create_check_constraint(op.f(f"ck_cases_{name}"), "cases", rule)


def downgrade() -> None:
    # The checks go with their column.
    op.drop_column("cases", "refused_code")
