"""Organisations and standings as they are stored (企业、代表与代办人)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Role(StrEnum):
    """In what quality somebody acts for an organisation."""

    REPRESENTATIVE = "representative"
    AGENT = "agent"


class ClaimState(StrEnum):
    """What the registry says to who claims to represent a company; `asking` while it says nothing."""

    ASKING = "asking"
    PROVEN = "proven"
    REFUSED = "refused"


class Proof(StrEnum):
    """By what the registry knew the representative (核验方式)."""

    REAL_NAME = "real_name"
    PHONE = "phone"


class Organisation(Base):
    """One organisation that somebody has acted for (企业); known by its code, GB 32100."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class Standing(Base):
    """One citizen's right to act for one organisation (办事身份), from its day to its end.

    A representative is proven by the registry (`proven_by`); an agent is authorised by a representative
    (`granted_by`) for items (`scope`, task codes; empty: all) until a last day. At most one is live for each
    citizen and organisation.
    """

    __tablename__ = "standings"
    __table_args__ = (
        CheckConstraint("role IN ('representative', 'agent')", name="role_known"),
        CheckConstraint("(role = 'agent') = (granted_by IS NOT NULL)", name="agent_is_authorised"),
        CheckConstraint("(role = 'agent') = (expires_on IS NOT NULL)", name="agent_has_an_end"),
        CheckConstraint(
            "(role = 'representative') = (proven_by IS NOT NULL)", name="representative_is_proven"
        ),
        CheckConstraint("proven_by IN ('real_name', 'phone')", name="proof_known"),
        Index(
            "uq_standings_live",
            "citizen_id",
            "organisation_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
        Index("ix_standings_of_organisation", "organisation_id", "id"),
        Index("ix_standings_granted_by", "granted_by", postgresql_where="granted_by IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    role: Mapped[str] = mapped_column(String(16))
    proven_by: Mapped[str | None] = mapped_column(String(16))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("standings.id"))
    scope: Mapped[list[str]] = mapped_column(default=list)
    expires_on: Mapped[date | None]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Invitation(Base):
    """What a representative hands to somebody who is to act as agent (代办授权邀请); good once.

    Only a keyed hash of its code is stored; it is taken by whoever knows the code and accepts.
    """

    __tablename__ = "agent_invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    standing_id: Mapped[int] = mapped_column(ForeignKey("standings.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scope: Mapped[list[str]] = mapped_column(default=list)
    agent_until: Mapped[date]
    made_at: Mapped[datetime]
    over_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class OrganisationClaim(Base):
    """One question to the registry whether a citizen is a company's legal representative (法定代表人核验).

    A row before anything is asked; `asking` stays until the registry answers, and a job asks again. With
    `recheck` nobody asked for it: somebody else was proven, so that the earlier one is asked about anew.
    """

    __tablename__ = "organisation_claims"
    __table_args__ = (
        CheckConstraint("state IN ('asking', 'proven', 'refused')", name="state_known"),
        CheckConstraint("(state = 'asking') = (answered_at IS NULL)", name="answered_has_its_time"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_has_its_reason"),
        Index(
            "uq_organisation_claims_asking",
            "citizen_id",
            "code",
            unique=True,
            postgresql_where="state = 'asking'",
        ),
        Index("ix_organisation_claims_due", "next_check_at", postgresql_where="state = 'asking'"),
        Index("ix_organisation_claims_of_citizen", "citizen_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    code: Mapped[str] = mapped_column(String(18))
    state: Mapped[str] = mapped_column(String(16), default=ClaimState.ASKING.value)
    # One of claims.REFUSALS.
    refusal: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    recheck: Mapped[bool] = mapped_column(default=False, server_default="false")
