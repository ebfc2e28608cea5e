"""Policies in plain words; halls and special steps of items, as lists ask for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026_articles"
down_revision = "0025_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("paragraphs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("task_codes", postgresql.ARRAY(sa.String(length=33)), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("provenance", sa.String(length=64), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(paragraphs) = 'array'", name=op.f("ck_articles_paragraphs_are_a_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("key", name=op.f("uq_articles_key")),
    )
    op.create_index("ix_articles_published_on_id", "articles", ["published_on", "id"], unique=False)
    op.create_index(
        "ix_articles_task_codes", "articles", ["task_codes"], unique=False, postgresql_using="gin"
    )
    # Facts follow the guides by themselves; emptied, they are read again with the new column.
    op.execute("DELETE FROM item_facts")
    op.add_column(
        "item_facts",
        sa.Column("special_steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    )
    op.create_index("ix_item_facts_centres", "item_facts", ["centres"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_item_facts_special_steps",
        "item_facts",
        ["service_item_id"],
        unique=False,
        postgresql_where=sa.text("special_steps <> '[]'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_item_facts_special_steps",
        table_name="item_facts",
        postgresql_where=sa.text("special_steps <> '[]'"),
    )
    op.drop_index("ix_item_facts_centres", table_name="item_facts", postgresql_using="gin")
    op.drop_column("item_facts", "special_steps")
    op.drop_table("articles")
