"""Logging in at the desk (工作人员登录): counted first, checked outside any transaction, then opened.

    attempt = begin(session, …)      in a first unit of work, which must be kept
    proof = check(attempt, …)        in none: it takes memory and a tenth of a second
    token = finish(session, …)       in a second one; None when the proof is none

Every try takes the same steps, whether there is such an account or not.
"""

import ipaddress
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.crypto import blind_index
from app.staff import passwords, sessions, totp
from app.staff.errors import TooManySignIns
from app.staff.models import Clerk, SignInAttempt

KEPT_FOR = timedelta(days=1)
_IPV6_HOUSEHOLD = 64
_LONGEST_NAME = 64
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries that failed within `span`."""

    most: int
    span: timedelta


# One person at one desk; one account from everywhere; one address, which may be a whole hall's.
PER_DESK = Limit(5, timedelta(minutes=15))
PER_ACCOUNT = Limit(20, timedelta(hours=1))
PER_ADDRESS = Limit(100, timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One counted try; without a clerk when there is no such account."""

    id: int
    account_index: bytes
    caller_index: bytes
    clerk_id: int | None
    password_hash: str | None = field(repr=False)
    totp_secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the check gave: whether all fits, the step of the code, and a newer hash if one is due."""

    fits: bool
    totp_step: int | None = None
    new_hash: str | None = field(default=None, repr=False)


def begin(session: Session, *, username: str, address: str) -> Attempt:
    """Count a try before it is judged; raises TooManySignIns."""
    account = account_name(username)
    account_index = blind_index(account, purpose="staff.account")
    caller_index = blind_index(_network(address), purpose="staff.caller")
    # Always the account before the address, so that nobody waits in a circle.
    _one_at_a_time(session, b"account" + account_index)
    _one_at_a_time(session, b"address" + caller_index)
    of_account, of_caller = (
        SignInAttempt.account_index == account_index,
        SignInAttempt.caller_index == caller_index,
    )
    _refuse_too_many(session, of_account & of_caller, PER_DESK)
    _refuse_too_many(session, of_account, PER_ACCOUNT)
    _refuse_too_many(session, of_caller, PER_ADDRESS)
    tried = SignInAttempt(account_index=account_index, caller_index=caller_index, at=clock.now())
    session.add(tried)
    session.flush()
    clerk = session.scalar(select(Clerk).where(Clerk.username == account))
    if clerk is None or not sessions.may_enter(clerk):
        return Attempt(tried.id, account_index, caller_index, None, password_hash=None, totp_secret=None)
    return Attempt(
        tried.id,
        account_index,
        caller_index,
        clerk_id=clerk.id,
        password_hash=clerk.password_hash,
        totp_secret=clerk.totp_secret,
    )


def check(attempt: Attempt, *, password: str, code: str) -> Proof:
    """Whether password and code are right; never call it inside a unit of work. Raises SignInBusy."""
    right = passwords.fits(attempt.password_hash, password)
    step = None
    if attempt.totp_secret is not None:
        step = totp.matching_step(attempt.totp_secret, code[:_LONGEST_NAME], at=clock.now())
        right = right and step is not None
    if not right or attempt.password_hash is None:
        return Proof(fits=False)
    outdated = passwords.is_outdated(attempt.password_hash)
    return Proof(fits=True, totp_step=step, new_hash=passwords.hashed(password) if outdated else None)


def finish(session: Session, *, attempt: Attempt, proof: Proof) -> str | None:
    """Open the session and forget this desk's failed tries; the token, or None.

    A refusal is written down and must be kept, so the caller raises SignInRefused after its unit of work.
    """
    if not proof.fits or attempt.clerk_id is None or not _still_good(session, attempt, proof):
        subject = f"account:{attempt.account_index.hex()[:32]}"
        audit.record(session, actor="nobody", action="sign_in_refused", subject=subject)
        return None
    session.execute(
        delete(SignInAttempt).where(
            SignInAttempt.account_index == attempt.account_index,
            SignInAttempt.caller_index == attempt.caller_index,
        )
    )
    token = sessions.open_for(session, clerk_id=attempt.clerk_id)
    actor = f"clerk:{attempt.clerk_id}"
    audit.record(session, actor=actor, action="signed_in", subject=actor)
    return token


def forget_failures(session: Session, *, username: str) -> None:
    """Let an account try again at once, which only an operator does."""
    account_index = blind_index(account_name(username), purpose="staff.account")
    session.execute(delete(SignInAttempt).where(SignInAttempt.account_index == account_index))


def account_name(typed: str) -> str:
    """An account name as it is stored, however it was typed; nobody has the empty one."""
    name = unicodedata.normalize("NFKC", typed).strip().lower()
    return name if len(name) <= _LONGEST_NAME and name.isprintable() else ""


def forget_old(session: Session, *, limit: int = 5000) -> int:
    """Drop tries that no limit counts any more; how many."""
    old = select(SignInAttempt.id).where(SignInAttempt.at < clock.now() - KEPT_FOR).limit(limit)
    gone = delete(SignInAttempt).where(SignInAttempt.id.in_(old)).returning(SignInAttempt.id)
    return len(session.scalars(gone).all())


def _still_good(session: Session, attempt: Attempt, proof: Proof) -> bool:
    """The account is as it was and the code is fresh: of two tries with one code, one wins."""
    changed: dict[str, object] = {"totp_step": Clerk.totp_step}
    conditions = [
        Clerk.id == attempt.clerk_id,
        Clerk.disabled_at.is_(None),
        Clerk.password_hash == attempt.password_hash,
    ]
    if proof.totp_step is not None:
        conditions.append(Clerk.totp_step < proof.totp_step)
        changed["totp_step"] = proof.totp_step
    if proof.new_hash is not None:
        changed["password_hash"] = proof.new_hash
    used = update(Clerk).where(*conditions).values(**changed).returning(Clerk.id)
    return session.scalar(used.execution_options(synchronize_session=False)) is not None


def _refuse_too_many(session: Session, whose: ColumnElement[bool], limit: Limit) -> None:
    now = clock.now()
    newest = (
        select(SignInAttempt.at)
        .where(whose, SignInAttempt.at > now - limit.span)
        .order_by(SignInAttempt.at.desc())
        .limit(limit.most)
    )
    times = session.scalars(newest).all()
    if len(times) == limit.most:
        seconds = ceil((times[-1] + limit.span - now).total_seconds())
        raise TooManySignIns(wait=f"{ceil(seconds / _MINUTE_S)}分钟", retry_after=seconds)


def _one_at_a_time(session: Session, who: bytes) -> None:
    """Tries for one account or from one address count one after the other, until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"sign_in\n{who.hex()}", 0))))


def _network(address: str) -> str:
    """A household for IPv6, one address for IPv4."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 6:  # noqa: PLR2004 - the sixth version of the protocol
        return str(ipaddress.ip_network((found, _IPV6_HOUSEHOLD), strict=False).network_address)
    return str(found)
