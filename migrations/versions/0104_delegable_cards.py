"""Lists say what may be delegated, and where the applicant alone fills in an account."""

from alembic import op

revision = "0104_delegable_cards"
down_revision = "0103_irregular_findings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        UPDATE service_items SET card = card || jsonb_build_object(
            'delegable',
            coalesce(body -> 'delegation' @> '{"who": "agent", "allowed": true, "online": true}', false),
            'own_account',
            jsonb_path_exists(body, '$.form[*].key ? (@ starts with "account_")')
        )
        FROM guide_versions
        WHERE guide_versions.service_item_id = service_items.id AND guide_versions.effective_to IS NULL
    """)


def downgrade() -> None:
    op.execute("UPDATE service_items SET card = card - 'delegable' - 'own_account'")
