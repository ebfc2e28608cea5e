"""Applications for bundles; a certificate may stand for a material."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033_bundle_applications"
down_revision = "0032_shared_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _applications()
    _parts()
    _proofs()
    op.execute(
        "CREATE TRIGGER account_is_open BEFORE INSERT ON bundle_applications FOR EACH ROW"
        " WHEN (NEW.citizen_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_account()"
    )


def _applications() -> None:
    op.create_table(
        "bundle_applications",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("application_no", sa.String(length=24), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("bundle_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "finished_at IS NULL OR submitted_at IS NOT NULL",
            name=op.f("ck_bundle_applications_finished_after_submitted"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_bundle_applications_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_applications")),
        sa.UniqueConstraint("application_no", name=op.f("uq_bundle_applications_application_no")),
    )
    op.create_index(
        "uq_bundle_applications_one_live_draft",
        "bundle_applications",
        ["citizen_id", "bundle_key"],
        unique=True,
        postgresql_where=sa.text("submitted_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_index(
        "ix_bundle_applications_of_citizen", "bundle_applications", ["citizen_id", "id"], unique=False
    )


def _parts() -> None:
    op.create_table(
        "bundle_parts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("task_code", sa.String(length=33), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("held_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("step >= 1", name=op.f("ck_bundle_parts_steps_begin_at_one")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["bundle_applications.id"],
            name=op.f("fk_bundle_parts_application_id_bundle_applications"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_bundle_parts_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_parts")),
        sa.UniqueConstraint("case_id", name=op.f("uq_bundle_parts_case_id")),
    )
    op.create_index(
        "ix_bundle_parts_of_application", "bundle_parts", ["application_id", "step", "place"], unique=False
    )


def _proofs() -> None:
    op.create_table(
        "case_proofs",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("material_code", sa.String(length=64), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_proofs_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_case_proofs_certificate_id_certificates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_proofs")),
        sa.UniqueConstraint("case_id", "material_code", name=op.f("uq_case_proofs_case_id_material_code")),
    )
    op.create_index(op.f("ix_case_proofs_certificate_id"), "case_proofs", ["certificate_id"], unique=False)


def downgrade() -> None:
    op.drop_table("case_proofs")
    op.drop_table("bundle_parts")
    op.drop_table("bundle_applications")
