"""Logging in and staying logged in (登录、续期、退出)."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.crypto import blind_index, token_hash
from app.db import glance
from app.errors import Unauthenticated
from app.people.models import LoginSession

ACCESS_FOR = timedelta(hours=2)
REFRESH_FOR = timedelta(days=30)
_LASTS = int(ACCESS_FOR.total_seconds())


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


def open_for(
    session: Session,
    *,
    citizen_id: int,
    platform: str,
    family: UUID | None = None,
    tokens: Tokens | None = None,
) -> Tokens:
    """Log a citizen in, or go on in a family of sessions; the tokens are shown once and stored hashed."""
    now = clock.now()
    given = tokens or _fresh()
    session.add(
        LoginSession(
            family=family or uuid4(),
            citizen_id=citizen_id,
            platform=platform,
            access_hash=token_hash(given.access_token),
            access_expires_at=now + ACCESS_FOR,
            refresh_hash=token_hash(given.refresh_token),
            refresh_expires_at=now + REFRESH_FOR,
            created_at=now,
        )
    )
    session.flush()
    return given


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


def rotate(session: Session, *, refresh_token: str, key: str | None = None) -> tuple[Tokens, int] | None:
    """Go on in a session (续期): new tokens and the citizen's id, or None when the token is no good.

    With the key that the phone made for this renewal, what was answered before is answered again for as long
    as nobody has gone on from it: the first answer was lost on the way. Any other token that was used before
    is in two hands: the whole family ends. That must be kept, so the caller raises SessionOver after its unit
    of work and not within it.
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
    tokens = None if key is None else _of_renewal(refresh_token, key)
    if found is not None:
        login = {"citizen_id": found.citizen_id, "platform": found.platform, "family": family}
        return open_for(session, **login, tokens=tokens), found.citizen_id
    again = None if tokens is None else _given_before(session, family, tokens)
    if again is None:
        end(session, family=family)
    return again


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


def _fresh() -> Tokens:
    return Tokens(secrets.token_urlsafe(32), secrets.token_urlsafe(32), _LASTS)


def _of_renewal(refresh_token: str, key: str) -> Tokens:
    """The tokens that one renewal gives, the same each time it is asked: none is kept to be told again.

    Whoever has the old token and not the key, or the key and not the token, cannot ask for them; and without
    the secret of the server nobody can make them.
    """
    asked = f"{refresh_token}\n{key}"
    access, refresh = (
        urlsafe_b64encode(blind_index(asked, purpose=f"login_sessions.{kind}")).decode().rstrip("=")
        for kind in ("access", "refresh")
    )
    return Tokens(access, refresh, _LASTS)


def _given_before(session: Session, family: UUID, tokens: Tokens) -> tuple[Tokens, int] | None:
    """The tokens with what is left of their time, if this family has them and none went on from them."""
    found = session.execute(
        select(LoginSession.citizen_id, LoginSession.access_expires_at)
        .where(LoginSession.refresh_hash == token_hash(tokens.refresh_token), LoginSession.family == family)
        .where(_not_refreshed_yet(), LoginSession.revoked_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    left = max(0, int((found.access_expires_at - clock.now()).total_seconds()))
    return replace(tokens, expires_in=left), found.citizen_id


def _not_refreshed_yet() -> ColumnElement[bool]:
    return LoginSession.refreshed_at.is_(None)


def _one_at_a_time(session: Session, family: UUID) -> None:
    """Ending a family waits for a rotation in it, else the rotation's new row would outlive the end."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"login\n{family}", 0))))
