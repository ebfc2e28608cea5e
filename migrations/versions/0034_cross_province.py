"""Only what is handled in the whole country counts as handled across provinces."""

from alembic import op

revision = "0034_cross_province"
down_revision = "0033_bundle_applications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE service_items SET cross_province = false, labels = array_remove(labels, 'cross_province'),"
        " card = card || jsonb_build_object('cross_province', false,"
        " 'labels', COALESCE(card -> 'labels', '[]'::jsonb) - 'cross_province')"
        " FROM guide_versions"
        " WHERE cross_province AND guide_versions.service_item_id = service_items.id"
        " AND guide_versions.effective_to IS NULL"
        " AND guide_versions.body ->> 'handle_area' IS DISTINCT FROM '1'"
    )


def downgrade() -> None:
    """What the guides say is not changed, so that there is nothing to take back."""
