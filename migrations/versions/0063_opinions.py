"""Departments are asked for their opinion of a case, and one notice holds all of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0063_opinions"
down_revision = "0062_resent_messages"
branch_labels = None
depends_on = None

_CHECKS = {
    "state_known": "state IN ('asked', 'given', 'silent', 'taken_back', 'ended')",
    "answer_known": "answer IN ('agrees', 'on_condition', 'objects')",
    "given_by_somebody": "(state = 'given') = (answer IS NOT NULL) AND (answer IS NULL) = (clerk_id IS NULL)"
    " AND (answer IS NULL) = (clerk_name IS NULL)",
    "more_than_yes_is_said": "answer IS NULL OR answer = 'agrees' OR said IS NOT NULL",
    "objection_founded": "answer IS DISTINCT FROM 'objects' OR legal_basis IS NOT NULL",
    "silence_by_rule": "state <> 'silent' OR silence_agrees",
    "rule_has_its_law": "NOT silence_agrees OR law <> ''",
    "settled_has_its_time": "(state = 'asked') = (settled_at IS NULL)",
    "taken_back_with_reason": "(state = 'taken_back') = (taken_back_why IS NOT NULL)",
    "days_forward": "due_on >= asked_on",
}
_BEFORE = ["acceptance", "correction", "not_accepted", "grant", "refusal", "special", "extension", "delivery"]
_AFTER = [*_BEFORE[:-1], "opinions", "delivery"]
_KIND = "ck_documents_kind_known"


def upgrade() -> None:
    op.create_table(
        "opinion_requests",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("dept_code", sa.String(length=64), nullable=False),
        sa.Column("dept_name", sa.String(length=100), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("materials", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("silence_agrees", sa.Boolean(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("clerk_name", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_why", sa.Text(), nullable=True),
        *(
            sa.CheckConstraint(what, name=op.f(f"ck_opinion_requests_{name}"))
            for name, what in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_opinion_requests_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerks.id"], name=op.f("fk_opinion_requests_clerk_id_clerks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_requests")),
    )
    op.create_index(
        "uq_opinion_requests_one_of_department", "opinion_requests", ["case_id", "dept_name"], unique=True
    )
    op.create_index("ix_opinion_requests_of_department", "opinion_requests", ["dept_name", "id"])
    op.create_index(
        "ix_opinion_requests_open",
        "opinion_requests",
        ["due_on", "id"],
        postgresql_where=sa.text("state = 'asked'"),
    )
    _kinds(_AFTER)


def downgrade() -> None:
    # The program before knows no such notice; what it says stands in the case's story too.
    op.execute("ALTER TABLE documents DISABLE TRIGGER USER")
    documents = sa.table("documents", sa.column("id"), sa.column("kind"))
    openings = sa.table("document_openings", sa.column("document_id"))
    gone = sa.select(documents.c.id).where(documents.c.kind.not_in(_BEFORE))
    op.execute(sa.delete(openings).where(openings.c.document_id.in_(gone)))
    op.execute(sa.delete(documents).where(documents.c.kind.not_in(_BEFORE)))
    op.execute("ALTER TABLE documents ENABLE TRIGGER USER")
    _kinds(_BEFORE)
    op.drop_table("opinion_requests")


def _kinds(known: list[str]) -> None:
    words = ", ".join(f"'{kind}'" for kind in known)
    op.execute(f"ALTER TABLE documents DROP CONSTRAINT IF EXISTS {_KIND}")
    op.create_check_constraint(op.f(_KIND), "documents", f"kind IN ({words})")
