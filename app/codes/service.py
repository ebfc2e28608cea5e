"""What can be done with codes: show one's own, have it taken, hang one up (出码、验码、制码)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.codes import tokens
from app.codes.errors import CodeExpired, CodeUnknown, CodeUsed, TooManyCodes
from app.codes.models import CodeKind, PersonalCode, StaticCode

LIVES_FOR = timedelta(seconds=60)
KEPT_FOR = timedelta(hours=1)
# A phone shows one code and fetches the next before it ends; two phones and an impatient thumb make more.
LIVING_CODES = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A personal code ready to be drawn; `content` is what the picture says."""

    content: str
    expires_at: datetime


def show_personal(session: Session, *, citizen_id: int) -> Shown:
    """Make a citizen's code for the next minute (出示个人码); raises TooManyCodes."""
    now = clock.now()
    living = select(func.count()).where(PersonalCode.citizen_id == citizen_id, PersonalCode.expires_at > now)
    if (session.scalar(living) or 0) >= LIVING_CODES:
        raise TooManyCodes(retry_after=int(LIVES_FOR.total_seconds()))
    token, made = tokens.new_personal(expires_at=now + LIVES_FOR)
    session.add(PersonalCode(id_hash=made.id_hash, citizen_id=citizen_id, expires_at=made.expires_at))
    session.flush()
    return Shown(tokens.content(token), made.expires_at)


def redeem_personal(session: Session, *, content: str, officer_name: str) -> int:
    """Take the code a citizen shows at the window (核验个人码): the citizen's id, once.

    Of two scanners one wins, by a conditional UPDATE. Raises CodeUnknown, CodeExpired, CodeUsed.
    """
    token = tokens.token_in(content)
    if not tokens.is_personal(token):
        raise CodeUnknown
    shown, now = tokens.read_personal(token), clock.now()
    if shown.expires_at <= now:
        raise CodeExpired
    citizen_id: int | None = session.scalar(
        update(PersonalCode)
        .where(PersonalCode.id_hash == shown.id_hash, _unused())
        .values(used_at=now, used_by=officer_name[:64])
        .returning(PersonalCode.citizen_id)
    )
    if citizen_id is not None:
        return citizen_id
    if session.get(PersonalCode, shown.id_hash) is None:
        raise CodeUnknown
    raise CodeUsed


def static_code(session: Session, *, kind: CodeKind, target: str) -> str:
    """The content of the one living code of a thing (静态码): made when first asked for, then the same."""
    token = session.scalar(
        select(StaticCode.token).where(
            StaticCode.kind == kind, StaticCode.target == target, StaticCode.retired_at.is_(None)
        )
    )
    if token is None:
        made = insert(StaticCode).values(
            token=tokens.new_static(), kind=kind, target=target, created_at=clock.now()
        )
        # Of two that make it at once, the second one gets the token of the first.
        token = session.scalars(
            made.on_conflict_do_update(
                index_elements=["kind", "target"],
                index_where=StaticCode.retired_at.is_(None),
                set_={"kind": made.excluded.kind},
            ).returning(StaticCode.token)
        ).one()
    return tokens.content(token)


def retire_static(session: Session, *, kind: CodeKind, target: str) -> None:
    """Make the code of a thing worthless, for instance when a false one was hung up; the next is new."""
    session.execute(
        update(StaticCode)
        .where(StaticCode.kind == kind, StaticCode.target == target, StaticCode.retired_at.is_(None))
        .values(retired_at=clock.now())
    )


def forget_old(session: Session, *, limit: int = 5000) -> int:
    """Drop personal codes that ended an hour ago; how many. Their tokens are refused by their own expiry."""
    old = select(PersonalCode.id_hash).where(PersonalCode.expires_at < clock.now() - KEPT_FOR).limit(limit)
    gone = delete(PersonalCode).where(PersonalCode.id_hash.in_(old)).returning(PersonalCode.id_hash)
    return len(session.scalars(gone).all())


def _unused() -> ColumnElement[bool]:
    return PersonalCode.used_at.is_(None)
