"""Clerks who sit beside citizens and type for them, and what they did there."""

import sqlalchemy as sa
from alembic import op

revision = "0094_assistance"
down_revision = "0093_confirmed_papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assistances",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("centre_id", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("document", sa.String(length=16), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_version", sa.SmallInteger(), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=16), nullable=True),
        *_rules(),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_assistances_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_assistances_clerk_id_clerks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistances")),
    )
    for whose in ("citizen", "clerk"):
        op.create_index(
            f"uq_assistances_of_{whose}",
            "assistances",
            [f"{whose}_id"],
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    op.create_index("ix_assistances_of_citizen", "assistances", ["citizen_id", "id"])
    op.create_index(
        "ix_assistances_in_halls",
        "assistances",
        ["centre_id", "agreed_at"],
        postgresql_where=sa.text("agreed_at IS NOT NULL"),
    )
    # As for everything that a citizen begins: see 0019.
    op.execute(
        "CREATE TRIGGER account_is_open BEFORE INSERT ON assistances FOR EACH ROW"
        " WHEN (NEW.citizen_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_account()"
    )
    op.create_table(
        "assist_acts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("assistance_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_id"], ["assistances.id"], name=op.f("fk_assist_acts_assistance_id_assistances")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assist_acts")),
    )
    op.create_index("ix_assist_acts_of_assistance", "assist_acts", ["assistance_id", "id"])
    op.create_index("ix_assist_acts_of_reference", "assist_acts", ["reference"])


def _rules() -> tuple[sa.CheckConstraint, ...]:
    rules = {
        "way_known": "way IN ('phone', 'paper')",
        "agreed_whole": (
            "(agreed_at IS NULL) = (channel IS NULL) AND (agreed_at IS NULL) = (text_version IS NULL)"
        ),
        "version_counts_from_one": "text_version > 0",
        "channel_known": "channel IN ('hall', 'pc', 'kiosk', 'wechat', 'alipay', 'h5')",
        "paper_was_seen": (
            "(way = 'paper') = (document IS NOT NULL) AND (way <> 'paper' OR agreed_at IS NOT NULL)"
        ),
        "half_an_hour_at_most": "over_at <= coalesce(agreed_at, asked_at) + interval '30 minutes'",
        "ended_by_somebody": "(ended_at IS NULL) = (ended_by IS NULL)",
        "ender_known": (
            "ended_by IN ('refused', 'unanswered', 'citizen', 'clerk', 'log_out', 'time', 'idle', 'account')"
        ),
        "refused_before_it_began": "ended_by NOT IN ('refused', 'unanswered') OR agreed_at IS NULL",
    }
    return tuple(
        sa.CheckConstraint(rule, name=op.f(f"ck_assistances_{name}")) for name, rule in rules.items()
    )


def downgrade() -> None:
    op.drop_table("assist_acts")
    op.drop_table("assistances")
