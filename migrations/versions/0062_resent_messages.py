"""A clerk may have a message leave once more by short message."""

import sqlalchemy as sa
from alembic import op

revision = "0062_resent_messages"
down_revision = "0061_supervision"
branch_labels = None
depends_on = None

_ONCE, _ROUNDS = "uq_dispatches_message_id_way", "uq_dispatches_message_id_way_round"
_COUNTS, _ASKED = "ck_dispatches_round_counts", "ck_dispatches_round_is_asked_for"


def upgrade() -> None:
    op.add_column("dispatches", sa.Column("round", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("dispatches", sa.Column("requested_by", sa.Text(), nullable=True))
    op.add_column("dispatches", sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f(_ONCE), "dispatches", type_="unique")
    op.create_unique_constraint(op.f(_ROUNDS), "dispatches", ["message_id", "way", "round"])
    op.create_check_constraint(op.f(_COUNTS), "dispatches", "round BETWEEN 0 AND 3")
    op.create_check_constraint(
        op.f(_ASKED),
        "dispatches",
        "(round = 0) = (requested_by IS NULL) AND (round = 0) = (requested_at IS NULL)",
    )


def downgrade() -> None:
    # The program before knows one dispatch for each way.
    op.execute("DELETE FROM dispatches WHERE round > 0")
    for check in (_ASKED, _COUNTS):
        op.execute(f"ALTER TABLE dispatches DROP CONSTRAINT IF EXISTS {check}")
    op.drop_constraint(op.f(_ROUNDS), "dispatches", type_="unique")
    op.create_unique_constraint(op.f(_ONCE), "dispatches", ["message_id", "way"])
    for column in ("requested_at", "requested_by", "round"):
        op.drop_column("dispatches", column)
