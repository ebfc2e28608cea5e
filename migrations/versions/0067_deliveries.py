"""Results on paper: fetched with a code or sent by the courier; a case stays open until they arrive."""

import sqlalchemy as sa
from alembic import op

revision = "0067_deliveries"
down_revision = "0066_owed_materials"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WAITS = sa.text("state = 'waiting'")
_ON_ITS_WAY = sa.text("state IN ('ordering', 'ordered', 'moving')")
_TO_ASK = sa.text("state IN ('ordering', 'ordered', 'moving', 'cancelling')")
_CASE_CHECKS = (
    ("delivery_way_known", "delivery_way IN ('electronic', 'window', 'post')"),
    (
        "closed_once_delivered",
        (
            "state <> 'closed' OR delivered_at IS NOT NULL OR delivery_way IS NULL"
            " OR delivery_way = 'electronic'"
        ),
    ),
)


def upgrade() -> None:
    op.add_column("cases", sa.Column("delivery_way", sa.String(length=16), nullable=True))
    op.add_column("cases", sa.Column("delivered_at", _MOMENT, nullable=True))
    for name, holds in _CASE_CHECKS:
        op.create_check_constraint(op.f(f"ck_cases_{name}"), "cases", holds)
    _deliveries()
    _parcels()
    op.create_table(
        "pick_up_tries",
        sa.Column("clerk_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("window_began_at", _MOMENT, nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clerk_id", name=op.f("pk_pick_up_tries")),
    )
    op.create_index("ix_pick_up_tries_window", "pick_up_tries", ["window_began_at"], unique=False)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("centre_id", sa.String(length=16), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("proxy_name", sa.LargeBinary(), nullable=True),
        sa.Column("recipient", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("postage_bill_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("delivered_at", _MOMENT, nullable=True),
        sa.Column("received_by", sa.LargeBinary(), nullable=True),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('chosen', 'waiting', 'preparing', 'sending', 'returned', 'delivered')",
            name=op.f("ck_deliveries_state_known"),
        ),
        sa.CheckConstraint("region IN ('city', 'elsewhere')", name=op.f("ck_deliveries_region_known")),
        sa.CheckConstraint(
            "(state = 'delivered') = (delivered_at IS NOT NULL)",
            name=op.f("ck_deliveries_delivered_has_its_time"),
        ),
        sa.CheckConstraint(
            "state <> 'waiting' OR (salt IS NOT NULL AND code_hash IS NOT NULL)",
            name=op.f("ck_deliveries_waits_with_a_code"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('preparing', 'sending')"
            " OR (recipient IS NOT NULL AND phone IS NOT NULL AND address IS NOT NULL)",
            name=op.f("ck_deliveries_sent_somewhere"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deliveries_case_id")),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_deliveries_centre_id")),
        sa.ForeignKeyConstraint(
            ["postage_bill_id"], ["bills.id"], name=op.f("fk_deliveries_postage_bill_id")
        ),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_deliveries_clerk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("case_id", name=op.f("uq_deliveries_case_id")),
    )
    op.create_index("uq_deliveries_code", "deliveries", ["code_hash"], unique=True, postgresql_where=_WAITS)
    op.create_index("ix_deliveries_at_the_desk", "deliveries", ["state", "id"], unique=False)


def _parcels() -> None:
    op.create_table(
        "parcels",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("sealed_label", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("waybill", sa.String(length=40), nullable=True),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("next_check_at", _MOMENT, nullable=False),
        sa.Column("checks", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('ordering', 'ordered', 'moving', 'signed', 'returned', 'refused', 'cancelling',"
            " 'cancelled')",
            name=op.f("ck_parcels_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('ordered', 'moving', 'signed', 'returned') OR waybill IS NOT NULL",
            name=op.f("ck_parcels_ordered_has_its_number"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_parcels_refused_has_its_reason")
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_parcels_delivery_id")),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_parcels_clerk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcels")),
        sa.UniqueConstraint("reference", name=op.f("uq_parcels_reference")),
        sa.UniqueConstraint("waybill", name=op.f("uq_parcels_waybill")),
    )
    op.create_index(
        "uq_parcels_one_on_its_way", "parcels", ["delivery_id"], unique=True, postgresql_where=_ON_ITS_WAY
    )
    op.create_index("ix_parcels_of_delivery", "parcels", ["delivery_id", "id"], unique=False)
    op.create_index("ix_parcels_to_ask", "parcels", ["next_check_at"], unique=False, postgresql_where=_TO_ASK)
    op.create_table(
        "parcel_events",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("parcel_id", sa.BigInteger(), nullable=False),
        sa.Column("event_no", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name=op.f("fk_parcel_events_parcel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_events")),
        sa.UniqueConstraint("parcel_id", "event_no", name=op.f("uq_parcel_events_parcel_id_event_no")),
    )
    op.create_index(
        "ix_parcel_events_in_order", "parcel_events", ["parcel_id", "at", "sequence"], unique=False
    )


def downgrade() -> None:
    for table in ("pick_up_tries", "parcel_events", "parcels", "deliveries"):
        op.drop_table(table)
    for name, _ in _CASE_CHECKS:
        op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS ck_cases_{name}")
    op.drop_column("cases", "delivered_at")
    op.drop_column("cases", "delivery_way")
