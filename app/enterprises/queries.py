"""What can be asked about names of enterprises and what the registry told (企业名称、登记信息查询)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.enterprises.errors import ReservationNotFound
from app.enterprises.models import LIVE_NAME, NameReservation, NameState, RegistryMessage

_COMPANY = "公司"
STATE_TEXTS = {
    NameState.SENDING: "正在等登记系统答复",
    NameState.RESERVED: "已保留",
    NameState.REFUSED: "没有申报成",
    NameState.ENDED: "保留期已过",
    NameState.USED: "已登记使用",
}


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What a message says about a reserved name."""

    citizen_id: int
    name: str
    state: str
    registry_no: str | None
    expires_on: date | None


def of_citizen(session: Session, *, citizen_id: int, reservation_id: int) -> NameReservation:
    """A citizen's own reservation; raises ReservationNotFound, also for somebody else's."""
    found = session.scalar(
        select(NameReservation)
        .where(NameReservation.id == reservation_id, NameReservation.citizen_id == citizen_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise ReservationNotFound
    return found


def live(session: Session, *, citizen_id: int, name: str) -> NameReservation | None:
    """The reservation with which a citizen has, or asks for, just this name."""
    return session.scalar(
        select(NameReservation).where(
            NameReservation.citizen_id == citizen_id,
            NameReservation.name == name,
            NameReservation.state.in_(LIVE_NAME),
        )
    )


def mine(
    session: Session, *, citizen_id: int, before_id: int | None, limit: int
) -> Sequence[NameReservation]:
    """A citizen's reservations, newest first."""
    asked = select(NameReservation).where(NameReservation.citizen_id == citizen_id)
    if before_id is not None:
        asked = asked.where(NameReservation.id < before_id)
    return session.scalars(asked.order_by(NameReservation.id.desc()).limit(limit)).all()


def reserved_name(session: Session, *, citizen_id: int, company: bool) -> NameReservation | None:
    """The name that a citizen reserved last and that is still kept: of a company (公司), or of anything else.

    《个体工商户名称登记管理办法》 keeps the word 公司 from those who trade alone, so that the name tells.
    """
    ends_so = NameReservation.name.endswith(_COMPANY)
    return session.scalar(
        select(NameReservation)
        .where(
            NameReservation.citizen_id == citizen_id,
            NameReservation.state == NameState.RESERVED.value,
            NameReservation.expires_on >= clock.today(),
            ends_so if company else ~ends_so,
        )
        .order_by(NameReservation.id.desc())
        .limit(1)
    )


def name_facts(session: Session, *, reservation_id: int) -> NameFacts:
    """What a message says about a reservation."""
    found = session.get_one(NameReservation, reservation_id)
    return NameFacts(found.citizen_id, found.name, found.state, found.registry_no, found.expires_on)


def newest_changes(session: Session, *, organisation_code: str, since: datetime) -> dict[str, str]:
    """What the registry told of a unit since a moment: topic → what is registered now."""
    asked = (
        select(RegistryMessage.topic, RegistryMessage.sealed_values)
        .where(
            RegistryMessage.subject == organisation_code,
            RegistryMessage.overtaken.is_(False),
            RegistryMessage.received_at >= since,
        )
        .order_by(RegistryMessage.sequence)
    )
    return {row.topic: str(json.loads(row.sealed_values).get("value", "")) for row in session.execute(asked)}


def message_about(session: Session, *, message_id: int) -> tuple[str, str]:
    """Whom a message of the registry is about, and in which respect."""
    found = session.get_one(RegistryMessage, message_id)
    return found.subject, found.topic
