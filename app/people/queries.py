"""What can be asked about people (市民查询)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from app.crypto import blind_index
from app.people import phones
from app.people.errors import CitizenUnknown
from app.people.models import AccountClosing, Citizen, ClosingState, Platform, PlatformIdentity

_PUBLIC_ID_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Profile:
    """A citizen as shown on their own screen, where others may look over the shoulder (个人资料).

    `id` is opaque and stable; `platforms` are the ways in; `closing_on` is the day on which the account
    ends, if its owner wished so.
    """

    id: str
    name: str | None
    id_number: str | None
    phone: str | None
    assurance: int
    platforms: list[str]
    preferences: dict[str, Any]
    closing_on: date | None


def citizen(session: Session, *, citizen_id: int) -> Citizen:
    """One citizen; raises CitizenUnknown."""
    found = session.get(Citizen, citizen_id)
    if found is None:
        raise CitizenUnknown
    return found


def open_id(session: Session, *, citizen_id: int, platform: str) -> str | None:
    """The citizen's newest account at a platform, as the platform names it; None when there is none."""
    return session.scalar(
        select(PlatformIdentity.open_id)
        .where(PlatformIdentity.citizen_id == citizen_id, PlatformIdentity.platform == platform)
        .order_by(PlatformIdentity.id.desc())
        .limit(1)
    )


def districts(session: Session, *, citizen_ids: Collection[int]) -> dict[int, str]:
    """The districts (six digits) in which citizens told us that they live or trade, as far as they did."""
    told = Citizen.preferences["district"].as_string()
    asked = select(Citizen.id, told).where(Citizen.id.in_(citizen_ids), told.is_not(None))
    return {row[0]: row[1] for row in session.execute(asked)}


def names(session: Session, *, citizen_ids: Collection[int]) -> dict[int, str]:
    """The names of citizens, as far as they are known."""
    asked = select(Citizen.id, Citizen.name).where(Citizen.id.in_(citizen_ids))
    return {row.id: row.name for row in session.execute(asked) if row.name}


def phone(session: Session, *, citizen_id: int) -> str | None:
    """The citizen's proven number, or None."""
    return session.scalar(select(Citizen.phone).where(Citizen.id == citizen_id))


def has_account(session: Session, *, citizen_id: int) -> bool:
    """Whether the citizen's account is open (未注销)."""
    asked = select(Citizen.id).where(Citizen.id == citizen_id, Citizen.closed_at.is_(None))
    return session.scalar(asked) is not None


def by_phone(session: Session, *, phone: str) -> int | None:
    """The one citizen who has proven a number, by id; None where nobody or more than one has.

    Raises PhoneUnreadable.
    """
    asked = select(Citizen.id).where(Citizen.phone_index == phones.index(phones.normal(phone))).limit(2)
    found = session.scalars(asked).all()
    return found[0] if len(found) == 1 else None


def profile(session: Session, *, citizen_id: int) -> Profile:
    """The citizen's own page, with name, number and phone masked; raises CitizenUnknown."""
    found = citizen(session, citizen_id=citizen_id)
    platforms = session.scalars(
        select(PlatformIdentity.platform)
        .where(PlatformIdentity.citizen_id == citizen_id, PlatformIdentity.platform != Platform.WECHAT_OA)
        .distinct()
        .order_by(PlatformIdentity.platform)
    ).all()
    return Profile(
        id=public_id(citizen_id),
        name=masked_name(found.name),
        id_number=masked_id_number(found.id_number),
        phone=phones.masked(found.phone),
        assurance=found.assurance,
        platforms=list(platforms),
        preferences=found.preferences,
        closing_on=closing_on(session, citizen_id=citizen_id),
    )


def closing_on(session: Session, *, citizen_id: int) -> date | None:
    """The day on which the account ends; None while nobody wished so (注销日)."""
    return session.scalar(
        select(AccountClosing.closes_on).where(
            AccountClosing.citizen_id == citizen_id,
            # Literal, so that the partial index is recognised also once PostgreSQL plans generically.
            AccountClosing.state == literal_column(f"'{ClosingState.WAITING}'"),
        )
    )


def public_id(citizen_id: int) -> str:
    """A name for a citizen outside this program that tells nothing and cannot be counted up."""
    return "c" + blind_index(str(citizen_id), purpose="citizens.public_id").hex()[:_PUBLIC_ID_LENGTH]


def masked_name(name: str | None) -> str | None:
    """The last character of a name, the rest hidden: 王小明 → **明, 李四 → *四."""
    return None if not name else "*" * max(len(name) - 1, 1) + name[1:][-1:]


def masked_id_number(id_number: str | None) -> str | None:
    """The first and the last character of an identity number (身份证号)."""
    return None if not id_number else id_number[0] + "*" * (len(id_number) - 2) + id_number[-1]
