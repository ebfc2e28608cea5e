"""A clerk's login (工作人员登录会话): found by its cookie, ended by idleness, by time or by hand."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import clock, settings
from app.crypto import token_hash
from app.staff.errors import StaffSessionOver
from app.staff.models import Clerk, Role, StaffSession

IDLE_FOR = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """The clerk behind a request; with `department` None they see the cases of every department."""

    clerk_id: int
    username: str
    name: str
    roles: frozenset[Role]
    centre_id: str | None
    department: str | None
    session_id: int

    @property
    def actor(self) -> str:
        """The clerk as the audit log names them."""
        return f"clerk:{self.clerk_id}"


def may_enter(clerk: Clerk) -> bool:
    """Whether an account may be used here; production takes none of the demo and none without TOTP."""
    if clerk.disabled_at is not None:
        return False
    return not settings.current().production or (not clerk.demo and clerk.totp_secret is not None)


def open_for(session: Session, *, clerk_id: int) -> str:
    """Begin a session; its token is shown once and stored hashed."""
    now, token = clock.now(), secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            clerk_id=clerk_id,
            token_hash=token_hash(token),
            created_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
        )
    )
    session.flush()
    return token


def find(session: Session, *, token: str) -> OnDuty:
    """Who holds this token; raises StaffSessionOver."""
    now = clock.now()
    found = session.execute(
        select(StaffSession, Clerk)
        .join(Clerk, Clerk.id == StaffSession.clerk_id)
        .where(
            StaffSession.token_hash == token_hash(token),
            StaffSession.ended_at.is_(None),
            StaffSession.expires_at > now,
            StaffSession.seen_at > now - IDLE_FOR,
        )
    ).one_or_none()
    if found is None or not may_enter(found.Clerk):
        raise StaffSessionOver
    if found.StaffSession.seen_at < now - _NOTED_EVERY:
        session.execute(
            update(StaffSession).where(StaffSession.id == found.StaffSession.id).values(seen_at=now)
        )
    return _on_duty(found.Clerk, found.StaffSession.id)


def end(session: Session, *, session_id: int) -> None:
    """Log out; repeating it changes nothing."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def end_all(session: Session, *, clerk_id: int) -> None:
    """End every session of a clerk, for instance with a new password."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.clerk_id == clerk_id, StaffSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def forget_old(session: Session, *, limit: int = 5000) -> int:
    """Drop sessions that are over for good; how many."""
    old = select(StaffSession.id).where(StaffSession.expires_at < clock.now()).limit(limit)
    return len(
        session.scalars(delete(StaffSession).where(StaffSession.id.in_(old)).returning(StaffSession.id)).all()
    )


def _on_duty(clerk: Clerk, session_id: int) -> OnDuty:
    roles = frozenset(Role(role) for role in clerk.roles)
    return OnDuty(
        clerk_id=clerk.id,
        username=clerk.username,
        name=clerk.name,
        roles=roles,
        centre_id=clerk.centre_id,
        department=None if Role.SUPERVISOR in roles else clerk.department,
        session_id=session_id,
    )
