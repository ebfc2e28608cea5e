"""The head of a department approves extensions in the system."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0072_heads"
down_revision = "0071_work_list"
branch_labels = None
depends_on = None

_KNOWN = ["front_desk", "approver", "supervisor", "cashier"]
_ROLES = "ck_clerks_roles_known"


def upgrade() -> None:
    op.create_table(
        "extension_approvals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_by_name", sa.Text(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.CheckConstraint("days BETWEEN 1 AND 15", name=op.f("ck_extension_approvals_days_of_the_law")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (approved IS NULL)"
            " AND (settled_at IS NULL) = (settled_by_name IS NULL)",
            name=op.f("ck_extension_approvals_settled_whole"),
        ),
        sa.CheckConstraint("settled_by <> asked_by", name=op.f("ck_extension_approvals_settled_by_another")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_extension_approvals_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_approvals")),
    )
    op.create_index(
        "uq_extension_approvals_one_open",
        "extension_approvals",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    _roles([*_KNOWN, "head"])


def downgrade() -> None:
    # The program before knows no head: whoever is one is disabled, under a role that it knows.
    clerks = sa.table("clerks", sa.column("roles", JSONB()), sa.column("disabled_at"))
    unknown = sa.not_(
        sa.and_(sa.func.jsonb_typeof(clerks.c.roles) == "array", clerks.c.roles.contained_by(_KNOWN))
    )
    now = sa.func.coalesce(clerks.c.disabled_at, sa.func.now())
    op.execute(sa.update(clerks).where(unknown).values(roles=["supervisor"], disabled_at=now))
    _roles(_KNOWN)
    op.drop_table("extension_approvals")


def _roles(known: list[str]) -> None:
    words = ", ".join(f'"{role}"' for role in known)
    op.execute(f"ALTER TABLE clerks DROP CONSTRAINT IF EXISTS {_ROLES}")
    op.create_check_constraint(
        op.f(_ROLES),
        "clerks",
        f"jsonb_typeof(roles) = 'array' AND roles <> '[]'::jsonb AND roles <@ '[{words}]'::jsonb",
    )
