"""What is not as it should be is answered by its department, as a wish to revoke is."""

import sqlalchemy as sa
from alembic import op

revision = "0103_irregular_findings"
down_revision = "0102_lasting_bars"
branch_labels = None
depends_on = None

_ANSWERED, _OPEN = "ck_oversight_findings_answered_what_was_asked", "ix_oversight_findings_to_answer"


def upgrade() -> None:
    op.execute(f"ALTER TABLE oversight_findings DROP CONSTRAINT IF EXISTS {_ANSWERED}")
    op.create_check_constraint(
        op.f(_ANSWERED), "oversight_findings", "answered_at IS NULL OR result <> 'fine'"
    )
    _index("result <> 'fine' AND answered_at IS NULL")


def downgrade() -> None:
    op.execute(f"ALTER TABLE oversight_findings DROP CONSTRAINT IF EXISTS {_ANSWERED}")
    op.execute(
        f"ALTER TABLE oversight_findings ADD CONSTRAINT {_ANSWERED}"
        " CHECK (answered_at IS NULL OR result = 'revoke_asked') NOT VALID"
    )
    _index("result = 'revoke_asked' AND answered_at IS NULL")


def _index(which: str) -> None:
    op.execute(f"DROP INDEX IF EXISTS {_OPEN}")
    op.create_index(_OPEN, "oversight_findings", ["id"], postgresql_where=sa.text(which))
