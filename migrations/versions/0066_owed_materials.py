"""Materials that follow later by a signed promise, and cases that end because they do not come."""

import sqlalchemy as sa
from alembic import op

revision = "0066_owed_materials"
down_revision = "0065_forecasts"
branch_labels = None
depends_on = None

_STATE = "ck_cases_state_known"
_KNOWN = (
    "state IN ('draft', 'submitted', 'correction', 'accepted', 'decided', 'closed', 'not_accepted',"
    " 'withdrawn')"
)
_KNOWN_NOW = (
    "state IN ('draft', 'submitted', 'correction', 'accepted', 'decided', 'closed', 'not_accepted',"
    " 'withdrawn', 'terminated')"
)
_LIMIT = "ck_cases_accepted_has_its_limit"
_LIMIT_RULE = (
    "(accepted_at IS NULL OR notice_objected_on IS NOT NULL"
    " OR clock_paused_on IS NOT NULL) = (promised_due_on IS NULL)"
)
_CHECKS = (
    ("ended_has_its_time", "(state = 'terminated') = (terminated_at IS NOT NULL)"),
    (
        "ended_founded",
        (
            "terminated_at IS NULL OR (accepted_at IS NOT NULL AND decision_reason IS NOT NULL"
            " AND legal_basis IS NOT NULL AND decided_by IS NOT NULL)"
        ),
    ),
)
_PAPERS = "ck_documents_kind_known"
_PAPER_KINDS = (
    "'acceptance', 'correction', 'not_accepted', 'grant', 'refusal', 'special', 'extension', 'opinions',"
    " 'delivery'"
)

# The words that somebody signed are never changed; they go only with a draft that nobody was ever given.
UNCHANGED = """
CREATE FUNCTION refuse_to_change_undertaking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (
        SELECT FROM cases WHERE id = OLD.case_id AND submitted_at IS NOT NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a signed undertaking is never changed' USING ERRCODE = 'restrict_violation';
END $$
"""
UNCHANGED_TRIGGER = """
CREATE TRIGGER undertakings_unchanged BEFORE UPDATE OR DELETE ON signed_undertakings
FOR EACH ROW EXECUTE FUNCTION refuse_to_change_undertaking()
"""
OPEN_TRIGGER = """
CREATE TRIGGER account_is_open BEFORE INSERT ON signed_undertakings
FOR EACH ROW WHEN (NEW.citizen_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_account()
"""


def upgrade() -> None:
    op.drop_constraint(op.f(_STATE), "cases", type_="check")
    op.create_check_constraint(op.f(_STATE), "cases", _KNOWN_NOW)
    op.drop_constraint(op.f(_LIMIT), "cases", type_="check")
    op.create_check_constraint(
        op.f(_LIMIT), "cases", f"state IN ('withdrawn', 'terminated') OR {_LIMIT_RULE}"
    )
    op.add_column("cases", sa.Column("terminated_at", sa.DateTime(timezone=True), nullable=True))
    for name, rule in _CHECKS:
        op.create_check_constraint(op.f(f"ck_cases_{name}"), "cases", rule)
    op.drop_constraint(op.f(_PAPERS), "documents", type_="check")
    op.create_check_constraint(op.f(_PAPERS), "documents", f"kind IN ({_PAPER_KINDS}, 'termination')")
    _create_undertakings()
    _create_owed()


def _create_undertakings() -> None:
    op.create_table(
        "signed_undertakings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("material_code", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.CheckConstraint("kind IN ('tolerance')", name=op.f("ck_signed_undertakings_kind_known")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_signed_undertakings_digest_whole")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_signed_undertakings_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_signed_undertakings_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_undertakings")),
        sa.UniqueConstraint(
            "case_id",
            "kind",
            "material_code",
            "digest",
            "citizen_id",
            name=op.f("uq_signed_undertakings_case_id_kind_material_code_digest_citizen_id"),
        ),
    )
    op.create_index("ix_signed_undertakings_of_citizen", "signed_undertakings", ["citizen_id", "id"])
    op.execute(UNCHANGED)
    op.execute(UNCHANGED_TRIGGER)
    op.execute(OPEN_TRIGGER)


def _create_owed() -> None:
    op.create_table(
        "owed_materials",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("material_code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("undertaking_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_why", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by_name", sa.String(length=64), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("days > 0", name=op.f("ck_owed_materials_some_days")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)"
            " AND (confirmed_at IS NULL OR delivered_at IS NOT NULL)",
            name=op.f("ck_owed_materials_confirmed_whole"),
        ),
        sa.CheckConstraint(
            "overdue_at IS NULL OR (delivered_at IS NULL AND due_on IS NOT NULL)",
            name=op.f("ck_owed_materials_late_or_there"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_owed_materials_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["undertaking_id"],
            ["signed_undertakings.id"],
            name=op.f("fk_owed_materials_undertaking_id_signed_undertakings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed_materials")),
        sa.UniqueConstraint("case_id", "material_code", name=op.f("uq_owed_materials_case_id_material_code")),
    )
    op.create_index(
        "ix_owed_materials_unconfirmed",
        "owed_materials",
        ["case_id"],
        unique=False,
        postgresql_where=sa.text("confirmed_at IS NULL"),
    )
    op.create_index(
        "ix_owed_materials_open",
        "owed_materials",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("delivered_at IS NULL AND overdue_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("owed_materials")
    op.drop_table("signed_undertakings")
    op.execute("DROP FUNCTION refuse_to_change_undertaking()")
    op.execute(f"ALTER TABLE documents DROP CONSTRAINT IF EXISTS {_PAPERS}")
    op.execute(f"ALTER TABLE documents ADD CONSTRAINT {_PAPERS} CHECK (kind IN ({_PAPER_KINDS})) NOT VALID")
    for name, _ in _CHECKS:
        op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS ck_cases_{name}")
    # A case that ended is over, as if it had been taken back.
    op.execute(
        "UPDATE cases SET state = 'withdrawn', withdrawn_at = terminated_at WHERE state = 'terminated'"
    )
    op.drop_column("cases", "terminated_at")
    op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS {_LIMIT}")
    op.execute(
        f"ALTER TABLE cases ADD CONSTRAINT {_LIMIT} CHECK (state = 'withdrawn' OR {_LIMIT_RULE}) NOT VALID"
    )
    op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS {_STATE}")
    op.execute(f"ALTER TABLE cases ADD CONSTRAINT {_STATE} CHECK ({_KNOWN}) NOT VALID")
