"""What can be done with partner systems (合作单位): add, end, recognise and count a request."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.partners.errors import (
    PartnerNotFound,
    QuotaSpent,
    RateExceeded,
    SignatureMissing,
    SignatureOld,
    SignatureUsed,
    SignatureWrong,
)
from app.partners.models import Partner, PartnerNonce, PartnerUse
from app.partners.signing import SKEW, SignedRequest

DAY_QUOTA, MINUTE_RATE = 10_000, 120
_SECRET_BYTES = 32
# Compared with when nobody has the key, so that an unknown key takes as long as a wrong signature.
_NOBODYS_SECRET = secrets.token_urlsafe(_SECRET_BYTES)
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Used:
    """A partner with what it asked today."""

    partner: Partner
    day_used: int


def add(
    session: Session, *, name: str, day_quota: int = DAY_QUOTA, minute_rate: int = MINUTE_RATE
) -> Partner:
    """Let a system read (新增合作单位); its secret is told once, by whoever calls this."""
    partner = Partner(
        key=f"yp_{secrets.token_hex(8)}",
        name=name,
        secret=secrets.token_urlsafe(_SECRET_BYTES),
        day_quota=day_quota,
        minute_rate=minute_rate,
        created_at=clock.now(),
    )
    session.add(partner)
    session.flush()
    return partner


def end(session: Session, *, key: str) -> None:
    """End a key at once (停用); raises PartnerNotFound."""
    ended = (
        update(Partner)
        .where(Partner.key == key, Partner.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(Partner.id)
    )
    if session.scalar(ended) is None:
        raise PartnerNotFound


def everyone(session: Session) -> list[Used]:
    """Every partner with its use of today, oldest first."""
    today = and_(PartnerUse.partner_id == Partner.id, PartnerUse.day == clock.today())
    rows = session.execute(
        select(Partner, PartnerUse.day_used).outerjoin(PartnerUse, today).order_by(Partner.id)
    )
    return [Used(partner, used or 0) for partner, used in rows]


def recognise(session: Session, *, request: SignedRequest) -> int:
    """Whose signed request this is (验签), with its nonce used up; the partner's id.

    Committed before it is counted: what is refused as too often must not be good for a second time later.
    Raises SignatureMissing, SignatureOld, SignatureWrong and SignatureUsed.
    """
    if not request.is_whole:
        raise SignatureMissing
    now = clock.now()
    if not request.is_of(now):
        raise SignatureOld
    partner = session.scalar(select(Partner).where(Partner.key == request.key, Partner.ended_at.is_(None)))
    right = request.is_signed_with(_NOBODYS_SECRET if partner is None else partner.secret)
    if partner is None or not right:
        raise SignatureWrong
    _remember(session, partner, request.nonce, now=now)
    return partner.id


def count(session: Session, *, partner_id: int) -> None:
    """Count one request of a recognised partner (计数); raises RateExceeded and QuotaSpent.

    Only what is rightly signed is counted, so nobody else can use up a quota.
    """
    _count(session, session.get_one(Partner, partner_id), now=clock.now())


def forget_nonces(session: Session) -> int:
    """Drop nonces whose requests would be too old by now; how many."""
    over = delete(PartnerNonce).where(PartnerNonce.seen_at < clock.now() - 2 * SKEW)
    return len(session.scalars(over.returning(PartnerNonce.partner_id)).all())


def _remember(session: Session, partner: Partner, nonce: str, *, now: datetime) -> None:
    """Raises SignatureUsed; of two with one nonce the database takes one."""
    taken = insert(PartnerNonce).values(partner_id=partner.id, nonce=nonce, seen_at=now)
    if session.scalar(taken.on_conflict_do_nothing().returning(PartnerNonce.nonce)) is None:
        raise SignatureUsed


def _count(session: Session, partner: Partner, *, now: datetime) -> None:
    """Count one request of this day and this minute, or raise QuotaSpent or RateExceeded: one statement."""
    local = clock.local(now)
    day, minute = local.date(), now.replace(second=0, microsecond=0)
    new_day, new_minute = PartnerUse.day != day, PartnerUse.minute != minute
    counted = insert(PartnerUse).values(
        partner_id=partner.id, day=day, day_used=1, minute=minute, minute_used=1
    )
    room: ColumnElement[bool] = and_(
        or_(new_day, PartnerUse.day_used < partner.day_quota),
        or_(new_minute, PartnerUse.minute_used < partner.minute_rate),
    )
    counted = counted.on_conflict_do_update(
        index_elements=[PartnerUse.partner_id],
        set_={
            "day": day,
            "day_used": case((new_day, 1), else_=PartnerUse.day_used + 1),
            "minute": minute,
            "minute_used": case((new_minute, 1), else_=PartnerUse.minute_used + 1),
        },
        where=room,
    )
    if session.scalar(counted.returning(PartnerUse.partner_id)) is not None:
        return
    use = session.get_one(PartnerUse, partner.id)
    if use.day == day and use.day_used >= partner.day_quota:
        midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        raise QuotaSpent(retry_after=int((midnight - local).total_seconds()) + 1)
    raise RateExceeded(retry_after=_MINUTE_S - now.second)
