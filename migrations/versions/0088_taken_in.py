"""What was taken in electronically stays as it was handed in; clerks write remarks beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0088_taken_in"
down_revision = "0087_archive_troubles"
branch_labels = None
depends_on = None

# A draft is its citizen's own, a correction is being mended, what follows later is looked at first, and a
# virus is shut away whatever it was handed in for.
STAYS = """
CREATE FUNCTION refuse_to_take_page_away() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM cases WHERE cases.id = OLD.case_id AND cases.submitted_at IS NOT NULL
        AND cases.state NOT IN ('draft', 'correction')
    ) AND NOT EXISTS (
        SELECT FROM owed_materials WHERE owed_materials.case_id = OLD.case_id
        AND owed_materials.material_code = OLD.material_code AND owed_materials.confirmed_at IS NULL
    ) THEN
        RAISE EXCEPTION 'what was handed in is never taken away and never replaced'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
STAYS_TRIGGER = """
CREATE TRIGGER photos_taken_in_stay BEFORE UPDATE ON photos FOR EACH ROW
WHEN (OLD.deleted_at IS NULL AND NEW.scan <> 'infected' AND (NEW.deleted_at IS NOT NULL
OR NEW.storage_key <> OLD.storage_key OR NEW.sha256 <> OLD.sha256
OR NEW.material_code <> OLD.material_code OR NEW.case_id <> OLD.case_id))
EXECUTE FUNCTION refuse_to_take_page_away()
"""
REMARKS = """
CREATE FUNCTION refuse_to_change_remark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'remarks are never changed and never removed';
END $$
"""
REMARKS_TRIGGER = """
CREATE TRIGGER material_remarks_unchanged BEFORE UPDATE OR DELETE ON material_remarks
FOR EACH ROW EXECUTE FUNCTION refuse_to_change_remark()
"""


def upgrade() -> None:
    op.create_table(
        "material_remarks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("material_code", sa.String(length=64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("clerk_name", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_material_remarks_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_remarks")),
    )
    op.create_index("ix_material_remarks_of_case", "material_remarks", ["case_id", "id"])
    for statement in (STAYS, STAYS_TRIGGER, REMARKS, REMARKS_TRIGGER):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER photos_taken_in_stay ON photos")
    op.execute("DROP FUNCTION refuse_to_take_page_away()")
    op.drop_table("material_remarks")
    op.execute("DROP FUNCTION refuse_to_change_remark()")
