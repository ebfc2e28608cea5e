"""Codes by short message (短信验证码): six digits, five minutes, one use, five tries.

The code lives in clear only in the message and in the memory of the request that asked for it; the row
holds a keyed hash. Asking and sending are two steps, since the provider is never called in a transaction.
"""

import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.check_characters import tidy
from app.crypto import blind_index
from app.people import phones
from app.people.errors import TooManySmsCodes
from app.people.models import SmsCode

VALID_FOR = timedelta(minutes=5)
TRIES = 5
KEPT_FOR = timedelta(days=2)
_DIGITS = 6
_IPV6_HOUSEHOLD = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` codes within `span`."""

    most: int
    span: timedelta


# A phone is one person. An address may be a whole service hall or a carrier's network of many phones.
PER_PHONE = (Limit(1, timedelta(minutes=1)), Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))
PER_CALLER = (Limit(20, timedelta(minutes=1)), Limit(200, timedelta(hours=1)), Limit(1000, timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Ordered:
    """A code to be sent: the intent that was written, and the code, which is written nowhere."""

    id: int
    phone: str
    code: str = field(repr=False)


def order(session: Session, *, phone: str, caller_address: str) -> Ordered:
    """Write the intent to send a code; the caller sends it once this is kept.

    Raises PhoneUnreadable, and TooManySmsCodes when the phone or the address has asked too often.
    """
    number = phones.normal(phone)
    phone_index, caller_index = phones.index(number), _caller_index(caller_address)
    # Always the phone before the address, so that nobody waits in a circle.
    _one_at_a_time(session, b"p" + phone_index)
    _one_at_a_time(session, b"a" + caller_index)
    not_void = SmsCode.failure.is_(None)
    _refuse_too_many(session, (SmsCode.phone_index == phone_index) & not_void, PER_PHONE)
    _refuse_too_many(session, SmsCode.caller_index == caller_index, PER_CALLER)
    now = clock.now()
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
    row = SmsCode(
        phone_index=phone_index,
        caller_index=caller_index,
        code_hash=_code_hash(number, code),
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    session.add(row)
    session.flush()
    return Ordered(row.id, number, code)


def sent(session: Session, *, code_id: int, message_id: str) -> None:
    """The provider took the message."""
    session.execute(
        update(SmsCode).where(SmsCode.id == code_id).values(sent_at=clock.now(), message_id=message_id)
    )


def failed(session: Session, *, code_id: int, reason: str) -> None:
    """The provider certainly sent nothing: the code is void and does not count against the phone."""
    now = clock.now()
    session.execute(update(SmsCode).where(SmsCode.id == code_id).values(failure=reason[:64], expires_at=now))


def redeem(session: Session, *, phone: str, code: str) -> bool:
    """Whether this is a living code of the phone, used for the first time (核对验证码).

    On a slow network the first of two codes may arrive last, so each living one is good; using one ends
    them all, and a try counts against each. A wrong try is counted and must be kept, so the caller raises
    SmsCodeWrong after its unit of work and not within it. Raises PhoneUnreadable.
    """
    number = phones.normal(phone)
    live = _live_codes(session, number)
    expected = _code_hash(number, tidy(code))
    fits = False
    for row in live:
        row.tries += 1
        fits |= hmac.compare_digest(row.code_hash, expected)
    if fits:
        for row in live:
            row.used_at = clock.now()
    session.flush()
    return fits


def forget_old(session: Session, *, limit: int = 5000) -> int:
    """Drop codes that no limit counts any more; how many."""
    old = select(SmsCode.id).where(SmsCode.created_at < clock.now() - KEPT_FOR).limit(limit)
    return len(session.execute(delete(SmsCode).where(SmsCode.id.in_(old)).returning(SmsCode.id)).all())


def _live_codes(session: Session, number: str) -> Sequence[SmsCode]:
    """The codes that may still be used, locked, so that the second of two tries sees what the first did."""
    return session.scalars(
        select(SmsCode)
        .where(SmsCode.phone_index == phones.index(number), SmsCode.expires_at > clock.now())
        .where(SmsCode.used_at.is_(None), SmsCode.tries < TRIES, SmsCode.failure.is_(None))
        .order_by(SmsCode.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _refuse_too_many(session: Session, whose: ColumnElement[bool], limits: tuple[Limit, ...]) -> None:
    now = clock.now()
    for limit in limits:
        newest = (
            select(SmsCode.created_at)
            .where(whose, SmsCode.created_at > now - limit.span)
            .order_by(SmsCode.created_at.desc())
            .limit(limit.most)
        )
        times = session.scalars(newest).all()
        if len(times) == limit.most:
            seconds = ceil((times[-1] + limit.span - now).total_seconds())
            raise TooManySmsCodes(wait=_wait_in_words(seconds), retry_after=seconds)


def _wait_in_words(seconds: int) -> str:
    minute, hour = 60, 3600
    if seconds <= minute:
        return f"{seconds}秒"
    return f"{ceil(seconds / minute)}分钟" if seconds <= hour else f"{ceil(seconds / hour)}小时"


def _one_at_a_time(session: Session, who: bytes) -> None:
    """Two requests of one phone or address count one after the other; the lock ends with the transaction."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"sms_codes\n{who.hex()}", 0))))


def _code_hash(number: str, code: str) -> bytes:
    return blind_index(f"{number}\n{code}", purpose="sms_codes.code")


def _caller_index(address: str) -> bytes:
    """A household for IPv6, one address for IPv4; only the keyed hash is kept."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return blind_index("unknown", purpose="sms_codes.caller")
    if found.version == 6:  # noqa: PLR2004 - the sixth version of the protocol
        address = str(ipaddress.ip_network((found, _IPV6_HOUSEHOLD), strict=False).network_address)
    return blind_index(address, purpose="sms_codes.caller")
