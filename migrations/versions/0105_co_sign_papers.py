"""The paper of a second applicant's signature is no promise."""

from alembic import op

revision = "0105_co_sign_papers"
down_revision = "0104_delegable_cards"
branch_labels = None
depends_on = None

_PAPERS = "ck_documents_kind_known"
_KINDS = (
    "'acceptance', 'correction', 'not_accepted', 'grant', 'refusal', 'special', 'extension', 'opinions',"
    " 'delivery', 'termination', 'undertaking', 'promise_check', 'promise_end'"
)


def upgrade() -> None:
    op.drop_constraint(op.f(_PAPERS), "documents", type_="check")
    op.create_check_constraint(op.f(_PAPERS), "documents", f"kind IN ({_KINDS}, 'co_signature')")


def downgrade() -> None:
    op.execute(f"ALTER TABLE documents DROP CONSTRAINT IF EXISTS {_PAPERS}")
    op.execute(f"ALTER TABLE documents ADD CONSTRAINT {_PAPERS} CHECK (kind IN ({_KINDS})) NOT VALID")
