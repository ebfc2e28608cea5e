"""Logging in and staying logged in (登录、续期、退出)."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.crypto import token_hash
from app.db import glance
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


_WHO = """
SELECT citizen_id, id, family, platform
FROM login_sessions
WHERE access_hash = %s AND access_expires_at > %s AND revoked_at IS NULL
"""


def authenticate(access_token: str) -> Caller:
    """Who holds this access token, asked by every call; raises SessionOver."""
    found = glance(_WHO, (token_hash(access_token), clock.now()))
    if found is None:
        raise SessionOver
    return Caller(*found)


def rotate(session: Session, *, refresh_token: str) -> tuple[Tokens, int] | None:
    """Go on in a session (续期): new tokens and the citizen's id, or None when the token is no good.

    A token that was used before is in two hands: the whole family ends. That must be kept, so the caller
    raises SessionOver after its unit of work and not within it.
    """
    used = token_hash(refresh_token)
    family = session.scalar(select(LoginSession.family).where(LoginSession.refresh_hash == used))
    if family is None:
        return None
    _one_at_a_time(session, family)
    now = clock.now()
    found = session.execute(
        update(LoginSession)
        .where(LoginSession.refresh_hash == used, _not_refreshed_yet(), LoginSession.revoked_at.is_(None))
        .where(LoginSession.refresh_expires_at > now)
        .values(refreshed_at=now)
        .returning(LoginSession.citizen_id, LoginSession.platform)
    ).one_or_none()
    if found is None:
        end(session, family=family)
        return None
    tokens = open_for(session, citizen_id=found.citizen_id, platform=found.platform, family=family)
    return tokens, found.citizen_id


def end(session: Session, *, family: UUID) -> None:
    """Log out: every token of the family dies at once; repeating it changes nothing."""
    _one_at_a_time(session, family)
    session.execute(
        update(LoginSession)
        .where(LoginSession.family == family, LoginSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


def forget_old(session: Session, *, limit: int = 5000) -> int:
    """Drop sessions that nobody can go on in any more; how many."""
    old = select(LoginSession.id).where(LoginSession.refresh_expires_at < clock.now()).limit(limit)
    gone = session.execute(delete(LoginSession).where(LoginSession.id.in_(old)).returning(LoginSession.id))
    return len(gone.all())


def _not_refreshed_yet() -> ColumnElement[bool]:
    return LoginSession.refreshed_at.is_(None)


def _one_at_a_time(session: Session, family: UUID) -> None:
    """Ending a family waits for a rotation in it, else the rotation's new row would outlive the end."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"login\n{family}", 0))))
