"""A revoked grant is kept on its case, and checks of promises that are late are told of once."""

import sqlalchemy as sa
from alembic import op

revision = "0090_revoked_grants"
down_revision = "0089_refusal_grounds"
branch_labels = None
depends_on = None

_RULE = "ck_supervision_alerts_rule_known"
_KNOWN = (
    "rule IN ('promise_near', 'promise_over', 'law_over', 'answer_late', 'pause_long', 'fee_unpaid',"
    " 'delivery_late'{more})"
)
_REVOKED = (
    "(grant_revoked_at IS NULL OR granted IS TRUE)"
    " AND (grant_revoked_why IS NULL OR grant_revoked_at IS NOT NULL)"
)
# What was revoked before: with its certificate on a ground of article 69, or with a promise.
_BEFORE = """
UPDATE cases SET grant_revoked_at = revoked.at FROM (
    SELECT case_id, min(at) AS at FROM (
        SELECT certificates.case_id, certificate_revocations.at
        FROM certificate_revocations
        JOIN certificates ON certificates.id = certificate_revocations.certificate_id
        WHERE certificate_revocations.ground IN (
            'misuse', 'beyond_powers', 'wrong_procedure', 'not_qualified', 'deceit'
        )
        UNION ALL
        SELECT case_id, settled_at FROM promise_checks WHERE state = 'revoked'
    ) AS every GROUP BY case_id
) AS revoked WHERE revoked.case_id = cases.id AND cases.granted IS TRUE
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("grant_revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("grant_revoked_why", sa.LargeBinary(), nullable=True))
    op.execute(_BEFORE)
    op.create_check_constraint(op.f("ck_cases_revoked_what_was_granted"), "cases", _REVOKED)
    op.execute(f"ALTER TABLE supervision_alerts DROP CONSTRAINT IF EXISTS {_RULE}")
    op.create_check_constraint(op.f(_RULE), "supervision_alerts", _KNOWN.format(more=", 'check_late'"))


def downgrade() -> None:
    op.execute(f"ALTER TABLE supervision_alerts DROP CONSTRAINT IF EXISTS {_RULE}")
    op.execute("DELETE FROM supervision_alerts WHERE rule = 'check_late'")
    op.execute(
        f"ALTER TABLE supervision_alerts ADD CONSTRAINT {_RULE} CHECK ({_KNOWN.format(more='')}) NOT VALID"
    )
    # The check goes with its columns.
    op.drop_column("cases", "grant_revoked_why")
    op.drop_column("cases", "grant_revoked_at")
