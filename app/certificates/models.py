"""Certificates as they are stored (电子证照)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class CertificateState(StrEnum):
    """Whether a certificate stands; that it has expired is told by its date, not by a job."""

    VALID = "valid"
    REVOKED = "revoked"


class CertificateType(Base):
    """Which three digits a department gives to the certificates of one item (证照类型)."""

    __tablename__ = "certificate_types"
    __table_args__ = (
        UniqueConstraint("dept_code", "task_code"),
        UniqueConstraint("dept_code", "number"),
        CheckConstraint("number BETWEEN 1 AND 999", name="number_has_three_digits"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dept_code: Mapped[str] = mapped_column(String(64))
    task_code: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(SmallInteger)


class Certificate(Base):
    """One certificate that a granted case gave (电子证照)."""

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("state IN ('valid', 'revoked')", name="state_known"),
        CheckConstraint("valid_until IS NULL OR valid_until >= issued_on", name="ends_after_start"),
        Index("ix_certificates_of_citizen", "citizen_id", "id"),
        Index(
            "ix_certificates_acted_for",
            "organisation_id",
            "id",
            postgresql_where="organisation_id IS NOT NULL",
        ),
        Index("ix_certificates_holder", "holder_index", postgresql_where="holder_index IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(128), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    # The company that holds it; then `citizen_id` is only who began its case.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    # One decision gives one certificate.
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    name: Mapped[str] = mapped_column(Text)
    task_code: Mapped[str] = mapped_column(String(64))
    issuer_name: Mapped[str] = mapped_column(Text)
    holder_name: Mapped[str] = mapped_column(EncryptedText("certificates.holder_name"))
    # A keyed hash of the 统一社会信用代码, by which the certificates of a unit are found; no person has one.
    holder_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    # JSON object of texts
    sealed_facts: Mapped[str] = mapped_column(EncryptedText("certificates.facts"))
    state: Mapped[str] = mapped_column(String(16), default=CertificateState.VALID.value)
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]

    @property
    def revoked(self) -> bool:
        """Whether it was ended, whenever that was."""
        return self.state == CertificateState.REVOKED

    def state_on(self, day: date) -> str:
        """valid, expired or revoked on a day; the last day of validity is still valid."""
        if self.state == CertificateState.VALID and self.valid_until is not None and day > self.valid_until:
            return "expired"
        return self.state


class RevocationGround(StrEnum):
    """Why a certificate ends before its day: 《行政许可法》第六十九条、第七十条."""

    MISUSE = "misuse"
    BEYOND_POWERS = "beyond_powers"
    WRONG_PROCEDURE = "wrong_procedure"
    NOT_QUALIFIED = "not_qualified"
    DECEIT = "deceit"
    HOLDER_GONE = "holder_gone"
    ENTITY_ENDED = "entity_ended"
    WITHDRAWN = "withdrawn"
    IMPOSSIBLE = "impossible"
    ON_REQUEST = "on_request"


_GROUNDS = ", ".join(f"'{ground}'" for ground in RevocationGround)


class CertificateRevocation(Base):
    """That an approver ended a certificate, and on what ground (撤销、注销); once each, never changed."""

    __tablename__ = "certificate_revocations"
    __table_args__ = (CheckConstraint(f"ground IN ({_GROUNDS})", name="ground_known"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    ground: Mapped[str] = mapped_column(String(32))
    said: Mapped[str] = mapped_column(EncryptedText("certificate_revocations.said"))
    clerk_id: Mapped[int]
    clerk_name: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class CertificateChange(Base):
    """What a message of the registry changed on a certificate (证照信息变更); itself never changed."""

    __tablename__ = "certificate_changes"
    __table_args__ = (UniqueConstraint("certificate_id", "message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("registry_messages.id"))
    field: Mapped[str] = mapped_column(String(16))
    before: Mapped[str] = mapped_column(EncryptedText("certificate_changes.before"))
    after: Mapped[str] = mapped_column(EncryptedText("certificate_changes.after"))
    at: Mapped[datetime]
