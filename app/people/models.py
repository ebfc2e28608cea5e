"""Citizens, their sessions, SMS codes and farewells as they are stored (市民、登录会话、短信验证码、注销)."""

from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base
from app.tries import Counted


class Platform(StrEnum):
    """Where a citizen comes from."""

    WECHAT = "wechat"
    WECHAT_OA = "wechat_oa"
    ALIPAY = "alipay"
    H5 = "h5"


class Assurance(IntEnum):
    """How sure we are who somebody is (实名等级)."""

    PLATFORM = 0
    PHONE = 1
    REAL_NAME = 2


class Citizen(Base):
    """One person (市民). Names, numbers and phones are encrypted; they are found by keyed hashes.

    Once `closed_at` is set nothing personal is left here, and the database refuses whatever a citizen begins
    (trigger `account_is_open`); the row stays as the pseudonym that the archives point to.
    """

    __tablename__ = "citizens"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    name: Mapped[str | None] = mapped_column(EncryptedText("citizens.name"))
    id_number: Mapped[str | None] = mapped_column(EncryptedText("citizens.id_number"))
    id_number_index: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    phone: Mapped[str | None] = mapped_column(EncryptedText("citizens.phone"))
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    assurance: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    closed_at: Mapped[datetime | None]


class PaperCitizen(Base):
    """A citizen without an account, known by the document they show at a window (不用手机的市民).

    The number is found by a keyed hash of its own, so that the same person may still have an account made.
    """

    __tablename__ = "paper_citizens"

    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), primary_key=True, autoincrement=False)
    number_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime]


class IdentityTries(Counted, Base):
    """How often a clerk entered an identity lately (核验次数)."""

    __tablename__ = "identity_tries"

    clerk_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class PlatformIdentity(Base):
    """One account of a citizen at a platform (平台身份): the same account never belongs to two people."""

    __tablename__ = "platform_identities"
    __table_args__ = (
        UniqueConstraint("platform", "app_id", "open_id"),
        Index("ix_platform_identities_union_id", "union_id", postgresql_where="union_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    platform: Mapped[str] = mapped_column(String(16))
    app_id: Mapped[str] = mapped_column(String(64))
    open_id: Mapped[str] = mapped_column(String(128))
    union_id: Mapped[str | None] = mapped_column(String(128))
    created_at: Mapped[datetime]


class LoginSession(Base):
    """One login (登录会话); rotation adds a row to the same family. Only hashes of tokens are stored."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    family: Mapped[UUID] = mapped_column(Uuid, index=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    platform: Mapped[str] = mapped_column(String(16))
    access_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    access_expires_at: Mapped[datetime]
    refresh_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    refresh_expires_at: Mapped[datetime] = mapped_column(index=True)
    refreshed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SmsCode(Base):
    """One code on its way to a phone (短信验证码); the code itself is stored as a keyed hash.

    `caller_index` is the keyed hash of the address that asked; `sent_at` and `failure` are the outcome
    at the provider, both empty while nobody knows.
    """

    __tablename__ = "sms_codes"
    __table_args__ = (
        Index("ix_sms_codes_phone", "phone_index", "created_at"),
        Index("ix_sms_codes_caller", "caller_index", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone_index: Mapped[bytes] = mapped_column(LargeBinary)
    caller_index: Mapped[bytes] = mapped_column(LargeBinary)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    used_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str | None] = mapped_column(String(64))
    failure: Mapped[str | None] = mapped_column(String(64))


class ClosingState(StrEnum):
    """What became of a citizen's wish to close the account."""

    WAITING = "waiting"
    TAKEN_BACK = "taken_back"
    CLOSED = "closed"


class AccountClosing(Base):
    """A citizen's wish to close the account (注销申请): it waits, is taken back, or is carried out.

    `closes_on` is the first day on which the account may end; `reminded_for` the one of which the citizen was
    told the day before.
    """

    __tablename__ = "account_closings"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'taken_back', 'closed')", name="state_known"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_has_its_time"),
        Index("uq_account_closings_waiting", "citizen_id", unique=True, postgresql_where="state = 'waiting'"),
        Index("ix_account_closings_due", "closes_on", "id", postgresql_where="state = 'waiting'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    state: Mapped[str] = mapped_column(String(16), default=ClosingState.WAITING.value)
    asked_at: Mapped[datetime]
    closes_on: Mapped[date]
    reminded_for: Mapped[date | None]
    ended_at: Mapped[datetime | None]
