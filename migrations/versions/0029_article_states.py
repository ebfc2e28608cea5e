"""Articles written at the desk, let out by a second clerk, and found by search."""

import sqlalchemy as sa
from alembic import op

revision = "0029_article_states"
down_revision = "0028_publishing"
branch_labels = None
depends_on = None

# As for guides (0023): whoever changes an article, the database itself notes that search must read it again.
FUNCTION = """
CREATE FUNCTION search_article_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_search_change('text', COALESCE(NEW.id, OLD.id));
  RETURN NULL;
END
$$
"""


def upgrade() -> None:
    op.add_column(
        "articles", sa.Column("state", sa.String(length=9), server_default="public", nullable=False)
    )
    op.add_column("articles", sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False))
    op.add_column("articles", sa.Column("author_id", sa.BigInteger(), nullable=True))
    op.add_column("articles", sa.Column("publisher_id", sa.BigInteger(), nullable=True))
    for column in ("author_id", "publisher_id"):
        op.create_foreign_key(op.f(f"fk_articles_{column}_clerks"), "articles", "clerks", [column], ["id"])
    op.create_check_constraint(
        op.f("ck_articles_state_is_known"), "articles", "state IN ('draft', 'waiting', 'public', 'withdrawn')"
    )
    op.create_check_constraint(
        op.f("ck_articles_public_after_a_second_look"),
        "articles",
        "state <> 'public' OR author_id IS NULL OR (publisher_id IS NOT NULL AND publisher_id <> author_id)",
    )
    op.create_index(
        "ix_articles_waiting", "articles", ["id"], unique=False, postgresql_where=sa.text("state = 'waiting'")
    )
    op.execute(FUNCTION)
    op.execute(
        "CREATE TRIGGER search_article_changed AFTER INSERT OR UPDATE OR DELETE ON articles"
        " FOR EACH ROW EXECUTE FUNCTION search_article_changed()"
    )
    op.execute("SELECT note_search_change('text', id) FROM articles")


def downgrade() -> None:
    op.execute("DROP TRIGGER search_article_changed ON articles")
    op.execute("DROP FUNCTION search_article_changed()")
    op.execute("DELETE FROM search_changes WHERE kind = 'text'")
    # What was not public before there were states would become so.
    op.execute("DELETE FROM articles WHERE state <> 'public'")
    op.drop_index("ix_articles_waiting", table_name="articles", postgresql_where=sa.text("state = 'waiting'"))
    for name in ("state_is_known", "public_after_a_second_look"):
        op.execute(f"ALTER TABLE articles DROP CONSTRAINT IF EXISTS ck_articles_{name}")
    for column in ("publisher_id", "author_id"):
        op.drop_constraint(op.f(f"fk_articles_{column}_clerks"), "articles", type_="foreignkey")
        op.drop_column("articles", column)
    op.drop_column("articles", "revision")
    op.drop_column("articles", "state")
