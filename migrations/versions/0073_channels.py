"""Through which end of the service a case was handed in, and each line of its timeline came."""

import sqlalchemy as sa
from alembic import op

revision = "0073_channels"
down_revision = "0072_heads"
branch_labels = None
depends_on = None

_KNOWN = "channel IN ('hall', 'pc', 'kiosk', 'wechat', 'alipay', 'h5')"
_TABLES = ("cases", "case_events")
# As it was counted until now: from where the citizen had last logged in, else at a window.
_CAME_FROM = """
UPDATE cases SET channel = COALESCE((
    SELECT CASE sessions.platform WHEN 'wechat_oa' THEN 'wechat' ELSE sessions.platform END
    FROM login_sessions AS sessions
    WHERE sessions.citizen_id = cases.citizen_id AND sessions.created_at <= cases.submitted_at
      AND sessions.platform IN ('wechat', 'wechat_oa', 'alipay', 'h5')
    ORDER BY sessions.created_at DESC LIMIT 1
), 'hall') WHERE submitted_at IS NOT NULL
"""


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("channel", sa.String(length=8), nullable=True))
    op.execute(_CAME_FROM)
    for table in _TABLES:
        op.create_check_constraint(op.f(f"ck_{table}_channel_known"), table, _KNOWN)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS ck_{table}_channel_known")
        op.drop_column(table, "channel")
