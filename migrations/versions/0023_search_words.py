"""What search keeps: changes of what can be found, reviewed words, questions without an answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023_search_words"
down_revision = "0022_guide_documents"
branch_labels = None
depends_on = None

# Whoever changes an item, whichever way, the database itself notes that search must read it again.
FUNCTIONS = (
    """
CREATE FUNCTION note_search_change(what text, which bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO search_changes AS known (kind, ref, change)
  SELECT what, which, pg_current_xact_id()::text::bigint WHERE which IS NOT NULL
  ON CONFLICT (kind, ref) DO UPDATE SET change = excluded.change WHERE known.change <> excluded.change
$$
""",
    """
CREATE FUNCTION search_item_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_search_change('item', COALESCE(NEW.id, OLD.id));
  RETURN NULL;
END
$$
""",
    """
CREATE FUNCTION search_version_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_search_change('item', COALESCE(NEW.service_item_id, OLD.service_item_id));
  RETURN NULL;
END
$$
""",
    """
CREATE FUNCTION search_words_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_search_change('item', id) FROM service_items
  WHERE task_code IN (NEW.task_code, OLD.task_code);
  IF TG_TABLE_NAME = 'faqs' THEN
    PERFORM note_search_change('faq', COALESCE(NEW.id, OLD.id));
  END IF;
  RETURN NULL;
END
$$
""",
)
TRIGGERS = {
    "service_items": "search_item_changed",
    "guide_versions": "search_version_changed",
    "faqs": "search_words_changed",
    "search_aliases": "search_words_changed",
}


def upgrade() -> None:
    op.create_table(
        "search_changes",
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("ref", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "ref", name=op.f("pk_search_changes")),
    )
    op.create_index("ix_search_changes_change", "search_changes", ["change"], unique=False)
    op.create_table(
        "search_aliases",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("task_code", sa.String(length=33), nullable=False),
        sa.Column("words", sa.String(length=60), nullable=False),
        sa.Column("plain", sa.String(length=60), nullable=False),
        sa.Column("provenance", sa.String(length=64), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_search_aliases_clerk_id_clerks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_aliases")),
        sa.UniqueConstraint("task_code", "plain", name=op.f("uq_search_aliases_task_code_plain")),
    )
    op.create_table(
        "search_misses",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("plain", sa.String(length=60), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("candidates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("why IN ('nothing', 'not_useful')", name=op.f("ck_search_misses_why_is_known")),
        sa.PrimaryKeyConstraint("day", "why", "plain", name=op.f("pk_search_misses")),
    )
    op.create_table(
        "search_verdicts",
        sa.Column("plain", sa.String(length=60), nullable=False),
        sa.Column("task_code", sa.String(length=33), nullable=True),
        sa.Column("clerk_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_search_verdicts_clerk_id_clerks")),
        sa.PrimaryKeyConstraint("plain", name=op.f("pk_search_verdicts")),
    )
    for function in FUNCTIONS:
        op.execute(function)
    for table, function in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER {function} AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    op.execute("SELECT note_search_change('item', id) FROM service_items")
    op.execute("SELECT note_search_change('faq', id) FROM faqs")


def downgrade() -> None:
    for table, function in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {function} ON {table}")
    for function in ("search_item_changed", "search_version_changed", "search_words_changed"):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP FUNCTION note_search_change(text, bigint)")
    for table in ("search_verdicts", "search_misses", "search_aliases", "search_changes"):
        op.drop_table(table)
