"""Indexes by which a department counts its own ratings."""

from alembic import op

revision = "0021_ratings_of_departments"
down_revision = "0020_desk_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("dept_code", "dept_name"):
        op.create_index(f"ix_evaluations_of_{column}", "evaluations", [column, "created_at"], unique=False)


def downgrade() -> None:
    for column in ("dept_name", "dept_code"):
        op.drop_index(f"ix_evaluations_of_{column}", table_name="evaluations")
