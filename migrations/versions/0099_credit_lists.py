"""What the credit platform says of applicants who promise, and how their cases stand with it."""

import sqlalchemy as sa
from alembic import op

revision = "0099_credit_lists"
down_revision = "0098_prechecks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credit_listings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_index", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_number", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sealed_entries", sa.LargeBinary(), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("state IN ('asking', 'known')", name=op.f("ck_credit_listings_state_known")),
        sa.CheckConstraint(
            "(state = 'known') = (answered_at IS NOT NULL)"
            " AND (answered_at IS NULL) = (sealed_entries IS NULL)",
            name=op.f("ck_credit_listings_known_has_its_answer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_listings")),
        sa.UniqueConstraint("subject_index", name=op.f("uq_credit_listings_subject_index")),
    )
    op.create_index(
        "ix_credit_listings_to_ask",
        "credit_listings",
        ["next_check_at"],
        postgresql_where=sa.text("state = 'asking'"),
    )
    op.create_index("ix_credit_listings_answered", "credit_listings", ["answered_at"])
    op.create_table(
        "case_credits",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("subject_index", sa.LargeBinary(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "mark IN ('waiting', 'clear', 'listed', 'unproven')", name=op.f("ck_case_credits_mark_known")
        ),
        sa.CheckConstraint(
            "(mark = 'unproven') = (subject_index IS NULL)", name=op.f("ck_case_credits_asked_of_somebody")
        ),
        sa.CheckConstraint(
            "(mark IN ('clear', 'listed')) = (settled_at IS NOT NULL)",
            name=op.f("ck_case_credits_settled_whole"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_credits_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_credits")),
    )
    op.create_index(
        "ix_case_credits_waiting",
        "case_credits",
        ["subject_index"],
        postgresql_where=sa.text("mark = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_table("case_credits")
    op.drop_table("credit_listings")
