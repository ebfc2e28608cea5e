"""Promises that stand for materials, their checks, and what is kept of a broken one."""

import sqlalchemy as sa
from alembic import op

revision = "0074_promises"
down_revision = "0073_channels"
branch_labels = None
depends_on = None

_PAPERS = "ck_documents_kind_known"
_PAPER_KINDS = (
    "'acceptance', 'correction', 'not_accepted', 'grant', 'refusal', 'special', 'extension', 'opinions',"
    " 'delivery', 'termination'"
)
_NEW_PAPERS = "'undertaking', 'promise_check', 'promise_end'"
_SIGNED = "ck_signed_undertakings_kind_known"
_SETTLED = "'cleared', 'corrected', 'revoked'"


def upgrade() -> None:
    op.drop_constraint(op.f(_PAPERS), "documents", type_="check")
    op.create_check_constraint(op.f(_PAPERS), "documents", f"kind IN ({_PAPER_KINDS}, {_NEW_PAPERS})")
    op.drop_constraint(op.f(_SIGNED), "signed_undertakings", type_="check")
    op.create_check_constraint(op.f(_SIGNED), "signed_undertakings", "kind IN ('tolerance', 'promise')")
    op.create_table(
        "case_promises",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("material_code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("undertaking_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("check_days", sa.SmallInteger(), nullable=False),
        sa.Column("revocable", sa.Boolean(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("check_days > 0", name=op.f("ck_case_promises_some_days")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_promises_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["undertaking_id"],
            ["signed_undertakings.id"],
            name=op.f("fk_case_promises_undertaking_id_signed_undertakings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_promises")),
        sa.UniqueConstraint("case_id", "material_code", name=op.f("uq_case_promises_case_id_material_code")),
    )
    _create_checks()
    _create_records()


def _create_checks() -> None:
    op.create_table(
        "promise_checks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("promise_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.BigInteger(), nullable=True),
        sa.Column("checked_by_name", sa.String(length=64), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.Column("object_until", sa.Date(), nullable=True),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objection", sa.LargeBinary(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_by_name", sa.String(length=64), nullable=True),
        sa.Column("settlement", sa.LargeBinary(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'met', 'broken', 'objected', 'cleared', 'corrected', 'revoked')",
            name=op.f("ck_promise_checks_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (checked_at IS NULL) AND (checked_at IS NULL) = (checked_by IS NULL)"
            " AND (checked_at IS NULL) = (evidence IS NULL)",
            name=op.f("ck_promise_checks_checked_whole"),
        ),
        sa.CheckConstraint(
            "(state IN ('open', 'met')) = (object_until IS NULL)",
            name=op.f("ck_promise_checks_broken_may_object"),
        ),
        sa.CheckConstraint(
            "(objected_at IS NULL) = (objection IS NULL)", name=op.f("ck_promise_checks_objected_whole")
        ),
        sa.CheckConstraint(
            f"(state IN ({_SETTLED})) = (settled_at IS NOT NULL)"
            " AND (settled_at IS NULL) = (settled_by IS NULL)"
            " AND (settled_at IS NULL) = (settlement IS NULL)",
            name=op.f("ck_promise_checks_settled_whole"),
        ),
        sa.CheckConstraint("settled_by <> checked_by", name=op.f("ck_promise_checks_two_persons")),
        sa.CheckConstraint(
            "state <> 'revoked' OR legal_basis IS NOT NULL", name=op.f("ck_promise_checks_revoked_by_law")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_promise_checks_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["case_promises.id"], name=op.f("fk_promise_checks_promise_id_case_promises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_checks")),
        sa.UniqueConstraint("promise_id", name=op.f("uq_promise_checks_promise_id")),
    )
    op.create_index("ix_promise_checks_of_case", "promise_checks", ["case_id", "id"])
    op.create_index(
        "ix_promise_checks_to_do",
        "promise_checks",
        ["due_on", "id"],
        postgresql_where=sa.text("state IN ('open', 'broken', 'objected')"),
    )


def _create_records() -> None:
    op.create_table(
        "credit_records",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("undertaking_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'on_hold', 'ready', 'sent', 'lifted')",
            name=op.f("ck_credit_records_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_credit_records_sent_has_its_time")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_credit_records_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_credit_records_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["undertaking_id"],
            ["signed_undertakings.id"],
            name=op.f("fk_credit_records_undertaking_id_signed_undertakings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_records")),
        sa.UniqueConstraint("undertaking_id", name=op.f("uq_credit_records_undertaking_id")),
    )
    op.create_index(
        "ix_credit_records_of_citizen",
        "credit_records",
        ["citizen_id"],
        postgresql_where=sa.text("organisation_id IS NULL"),
    )
    op.create_index(
        "ix_credit_records_of_organisation",
        "credit_records",
        ["organisation_id"],
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_credit_records_ready", "credit_records", ["id"], postgresql_where=sa.text("state = 'ready'")
    )


def downgrade() -> None:
    op.drop_table("credit_records")
    op.drop_table("promise_checks")
    op.drop_table("case_promises")
    op.execute(f"ALTER TABLE signed_undertakings DROP CONSTRAINT IF EXISTS {_SIGNED}")
    op.execute(
        f"ALTER TABLE signed_undertakings ADD CONSTRAINT {_SIGNED} CHECK (kind IN ('tolerance')) NOT VALID"
    )
    op.execute(f"ALTER TABLE documents DROP CONSTRAINT IF EXISTS {_PAPERS}")
    op.execute(f"ALTER TABLE documents ADD CONSTRAINT {_PAPERS} CHECK (kind IN ({_PAPER_KINDS})) NOT VALID")
