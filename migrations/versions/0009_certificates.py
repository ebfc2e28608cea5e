"""The tables of: certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0009_certificates"
down_revision = "0008_materials"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE certificate_serials MINVALUE 1")
    op.create_table(
        "certificate_types",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("dept_code", sa.String(length=64), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "number BETWEEN 1 AND 999", name=op.f("ck_certificate_types_number_has_three_digits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_types")),
        sa.UniqueConstraint("dept_code", "number", name=op.f("uq_certificate_types_dept_code_number")),
        sa.UniqueConstraint("dept_code", "task_code", name=op.f("uq_certificate_types_dept_code_task_code")),
    )
    op.create_table(
        "certificates",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("identifier", sa.String(length=128), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("issuer_name", sa.Text(), nullable=False),
        sa.Column("holder_name", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_facts", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('valid', 'revoked')", name=op.f("ck_certificates_state_known")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= issued_on", name=op.f("ck_certificates_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_certificates_case_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_certificates_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("case_id", name=op.f("uq_certificates_case_id")),
        sa.UniqueConstraint("identifier", name=op.f("uq_certificates_identifier")),
    )
    op.create_index("ix_certificates_of_citizen", "certificates", ["citizen_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_certificates_of_citizen", table_name="certificates")
    op.drop_table("certificates")
    op.drop_table("certificate_types")
    op.execute("DROP SEQUENCE certificate_serials")
