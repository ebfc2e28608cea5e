"""Clerks and their sessions as they are stored (工作人员、登录会话)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class Role(StrEnum):
    """What a clerk is there for (岗位); the first two are also parties of the states of a case."""

    FRONT_DESK = "front_desk"
    APPROVER = "approver"
    SUPERVISOR = "supervisor"
    CASHIER = "cashier"
    HEAD = "head"


ROLE_NAMES = {
    Role.FRONT_DESK: "受理",
    Role.APPROVER: "审批",
    Role.SUPERVISOR: "督导",
    Role.CASHIER: "收费",
    Role.HEAD: "负责人",
}

_ROLES = ", ".join(f'"{role}"' for role in Role)


class Clerk(Base):
    """One clerk (工作人员). `department` is the name or code of the one whose cases they see; None: of all.

    `centre_id` is where they sit; `totp_step` the last step of the second factor that was used, so that no
    code works twice. `demo` accounts have a published password; production refuses them.
    """

    __tablename__ = "clerks"
    __table_args__ = (
        CheckConstraint(
            f"jsonb_typeof(roles) = 'array' AND roles <> '[]'::jsonb AND roles <@ '[{_ROLES}]'::jsonb",
            name="roles_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    roles: Mapped[list[str]]
    centre_id: Mapped[str | None] = mapped_column(String(16))
    department: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(255))
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText("clerks.totp_secret"))
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    demo: Mapped[bool] = mapped_column(default=False, server_default="false")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class StaffSession(Base):
    """One login of a clerk (登录会话). Only the hash of the cookie's token is stored."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One try to log in that has not succeeded (登录尝试); account and address are keyed hashes."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_account", "account_index", "at"),
        Index("ix_sign_in_attempts_caller", "caller_index", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_index: Mapped[bytes] = mapped_column(LargeBinary)
    caller_index: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)
