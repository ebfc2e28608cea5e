"""Logging in and staying logged in (登录、续期、退出)."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.crypto import token_hash
from app.errors import Unauthenticated
from app.people.models import LoginSession

ACCESS_FOR = timedelta(hours=2)
REFRESH_FOR = timedelta(days=30)


class SessionOver(Unauthenticated):
    """The token is unknown, expired, rotated or logged out."""

    code = "session_over"
    message = "登录已过期，请重新登录"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the citizen, through which session, from which platform."""

    citizen_id: int
    session_id: int
    family: UUID
    platform: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the phone keeps; `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


def open_for(session: Session, *, citizen_id: int, platform: str, family: UUID | None = None) -> Tokens:
    """Log a citizen in, or go on in a family of sessions; the tokens are shown once and stored hashed."""
    now = clock.now()
    access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            family=family or uuid4(),
            citizen_id=citizen_id,
            platform=platform,
            access_hash=token_hash(access),
            access_expires_at=now + ACCESS_FOR,
            refresh_hash=token_hash(refresh),
            refresh_expires_at=now + REFRESH_FOR,
            created_at=now,
        )
    )
    session.flush()
    return Tokens(access, refresh, int(ACCESS_FOR.total_seconds()))


def authenticate(session: Session, *, access_token: str) -> Caller:
    """Who holds this access token; raises SessionOver."""
    found = session.execute(
        select(LoginSession.citizen_id, LoginSession.id, LoginSession.family, LoginSession.platform).where(
            LoginSession.access_hash == token_hash(access_token),
            LoginSession.access_expires_at > clock.now(),
            LoginSession.revoked_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise SessionOver
    return Caller(*found)


def end(session: Session, *, family: UUID) -> None:
    """Log out: every token of the family dies at once; repeating it changes nothing."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.family == family, LoginSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
