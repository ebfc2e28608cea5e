"""The tables of: closing accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0019_closing_accounts"
down_revision = "0018_refund_requests"
branch_labels = None
depends_on = None

# A request that was let in a moment before its account was closed must not leave something behind that nobody
# can follow any more. The closing holds the citizen's row, so whoever comes second waits and then sees it.
# The code makes programs answer "unavailable, try again", and the second try finds the login over.
ACCOUNT_IS_OPEN = """
CREATE FUNCTION refuse_closed_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM citizens WHERE id = NEW.citizen_id AND closed_at IS NULL FOR KEY SHARE;
    IF NOT FOUND AND EXISTS (SELECT 1 FROM citizens WHERE id = NEW.citizen_id) THEN
        RAISE EXCEPTION 'the account is closed' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN NEW;
END $$
"""
# What a citizen begins; what the city writes down about them, such as a message, may come later.
BEGUN_BY_CITIZENS = (
    "account_closings",
    "appointments",
    "cases",
    "complaints",
    "evaluations",
    "guide_feedback",
    "login_sessions",
    "payment_attempts",
    "platform_identities",
    "queue_tickets",
    "refund_requests",
    "waitlist_entries",
)


def upgrade() -> None:
    op.add_column("citizens", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "account_closings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken_back', 'closed')", name=op.f("ck_account_closings_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_account_closings_ended_has_its_time")
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_account_closings_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_closings")),
    )
    op.create_index(
        "uq_account_closings_waiting",
        "account_closings",
        ["citizen_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_account_closings_due",
        "account_closings",
        ["closes_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.execute(ACCOUNT_IS_OPEN)
    for table in BEGUN_BY_CITIZENS:
        op.execute(
            f"CREATE TRIGGER account_is_open BEFORE INSERT ON {table} FOR EACH ROW"
            " WHEN (NEW.citizen_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_account()"
        )


def downgrade() -> None:
    for table in BEGUN_BY_CITIZENS:
        op.execute(f"DROP TRIGGER account_is_open ON {table}")
    op.execute("DROP FUNCTION refuse_closed_account()")
    op.drop_table("account_closings")
    op.drop_column("citizens", "closed_at")
