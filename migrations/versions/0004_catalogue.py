"""The tables of: catalogue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_catalogue"
down_revision = "0003_audit_and_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bundles",
        sa.Column("bundle_key", sa.String(length=64), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("task_codes", postgresql.ARRAY(sa.String(length=33)), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("provenance", sa.String(length=64), nullable=False),
        sa.CheckConstraint("audience IN ('personal', 'business')", name=op.f("ck_bundles_audience_is_known")),
        sa.PrimaryKeyConstraint("bundle_key", name=op.f("pk_bundles")),
    )
    op.create_table(
        "catalogue_generation",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalogue_generation_there_is_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_generation")),
    )
    op.create_table(
        "faqs",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("faq_key", sa.String(length=32), nullable=False),
        sa.Column("task_code", sa.String(length=33), nullable=True),
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("paraphrases", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("provenance", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faqs")),
        sa.UniqueConstraint("faq_key", name=op.f("uq_faqs_faq_key")),
    )
    op.create_index(op.f("ix_faqs_task_code"), "faqs", ["task_code"], unique=False)
    op.create_table(
        "reference_lists",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("provenance", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reference_lists")),
    )
    op.create_table(
        "service_items",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("task_code", sa.String(length=33), nullable=False),
        sa.Column("item_key", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=1), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("theme", sa.String(length=64), nullable=False),
        sa.Column("dept_code", sa.String(length=18), nullable=False),
        sa.Column("dept_name", sa.String(length=100), nullable=False),
        sa.Column("audiences", postgresql.ARRAY(sa.String(length=16)), nullable=False),
        sa.Column("labels", postgresql.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.String(length=16)), nullable=False),
        sa.Column("visits", sa.SmallInteger(), nullable=False),
        sa.Column("cross_province", sa.Boolean(), nullable=False),
        sa.Column("provenance", sa.String(length=64), nullable=False),
        sa.Column("card", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("state IN ('1', '2', '3', '4')", name=op.f("ck_service_items_state_is_known")),
        sa.CheckConstraint(
            "length(task_code) IN (31, 33)", name=op.f("ck_service_items_code_has_its_length")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_items")),
        sa.UniqueConstraint("task_code", name=op.f("uq_service_items_task_code")),
    )
    op.create_index(op.f("ix_service_items_dept_name"), "service_items", ["dept_name"], unique=False)
    op.create_index(
        "ix_service_items_labels", "service_items", ["labels"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_service_items_public",
        "service_items",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = '1' AND NOT secret"),
    )
    op.create_index(op.f("ix_service_items_theme"), "service_items", ["theme"], unique=False)
    op.create_table(
        "guide_versions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("service_item_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "effective_to IS NULL OR effective_to >= effective_from",
            name=op.f("ck_guide_versions_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["service_item_id"], ["service_items.id"], name=op.f("fk_guide_versions_service_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_versions")),
        sa.UniqueConstraint(
            "service_item_id", "version", name=op.f("uq_guide_versions_service_item_id_version")
        ),
    )
    op.create_index(
        "uq_guide_versions_one_current",
        "guide_versions",
        ["service_item_id"],
        unique=True,
        postgresql_where=sa.text("effective_to IS NULL"),
    )
    op.create_table(
        "guide_feedback",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("guide_version_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=True),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_guide_feedback_citizen_id")),
        sa.ForeignKeyConstraint(
            ["guide_version_id"], ["guide_versions.id"], name=op.f("fk_guide_feedback_guide_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_feedback")),
        sa.UniqueConstraint(
            "citizen_id", "guide_version_id", name=op.f("uq_guide_feedback_citizen_id_guide_version_id")
        ),
    )
    op.create_index(
        "ix_guide_feedback_guide_version_id_created_at",
        "guide_feedback",
        ["guide_version_id", "created_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_guide_feedback_guide_version_id_created_at", table_name="guide_feedback")
    op.drop_table("guide_feedback")
    op.drop_index(
        "uq_guide_versions_one_current",
        table_name="guide_versions",
        postgresql_where=sa.text("effective_to IS NULL"),
    )
    op.drop_table("guide_versions")
    op.drop_index(op.f("ix_service_items_theme"), table_name="service_items")
    op.drop_index(
        "ix_service_items_public",
        table_name="service_items",
        postgresql_where=sa.text("state = '1' AND NOT secret"),
    )
    op.drop_index("ix_service_items_labels", table_name="service_items", postgresql_using="gin")
    op.drop_index(op.f("ix_service_items_dept_name"), table_name="service_items")
    op.drop_table("service_items")
    op.drop_table("reference_lists")
    op.drop_index(op.f("ix_faqs_task_code"), table_name="faqs")
    op.drop_table("faqs")
    op.drop_table("catalogue_generation")
    op.drop_table("bundles")
