"""What can be asked about clerks beside citizens (查询帮办)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.assistance import words
from app.assistance.errors import AssistanceNotFound
from app.assistance.models import ENDINGS, AssistAct, Assistance, EndedBy
from app.centres.models import Centre
from app.db import LARGEST_ID
from app.staff.models import Clerk

IDLE_FOR = timedelta(minutes=15)
_LEFT_ALONE_FOR = timedelta(hours=1)
_MOST_UNANSWERED = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as either side reads it; `text` is what the citizen was asked with.

    `minutes_left` until the answer is too late, or until it ends if nobody does anything; None once it has.
    """

    id: int
    citizen_id: int
    clerk_id: int
    clerk: str
    hall: str
    on_paper: bool
    text: str
    version: int
    asked_at: datetime
    agreed_at: datetime | None
    ended_at: datetime | None
    ending: str
    minutes_left: int | None

    @property
    def state(self) -> str:
        """`asked`, `live` or `over`."""
        if self.minutes_left is None:
            return "over"
        return "asked" if self.agreed_at is None else "live"


@dataclass(frozen=True, slots=True)
class Helped:
    """Who sat beside the applicant while a case was prepared, and on which day (由谁帮办)."""

    assistance_id: int
    clerk_id: int
    clerk: str
    hall: str
    on_paper: bool
    at: datetime


def is_over(one: Assistance) -> bool:
    """Whether it has ended, said or not."""
    return ends_at(one) <= clock.now()


def ends_at(one: Assistance) -> datetime:
    """When it ended or will, if nobody does anything."""
    if one.ended_at is not None:
        return one.ended_at
    return one.over_at if one.agreed_at is None else min(one.over_at, one.last_at + IDLE_FOR)


def minutes_left(one: Assistance) -> int | None:
    """In how many minutes it ends if nobody does anything; None once it is over."""
    left = ends_at(one) - clock.now()
    return None if is_over(one) else -(-left // timedelta(minutes=1))


def of_citizen(session: Session, *, citizen_id: int, assistance_id: int) -> Assistance:
    """One of a citizen's own; raises AssistanceNotFound, also for another's."""
    return _one(session, assistance_id, lambda one: one.citizen_id == citizen_id)


def of_clerk(session: Session, *, clerk_id: int, assistance_id: int) -> Assistance:
    """One of a clerk's own; raises AssistanceNotFound, also for another's."""
    return _one(session, assistance_id, lambda one: one.clerk_id == clerk_id)


def seen(session: Session, *, assistance_id: int) -> Seen:
    """One session in words; raises AssistanceNotFound."""
    found = session.execute(_joined().where(Assistance.id == assistance_id)).one_or_none()
    if found is None:
        raise AssistanceNotFound
    return _seen(*found)


def now_of_citizen(session: Session, *, citizen_id: int) -> Seen | None:
    """What waits for a citizen's yes or goes on beside them; None when nothing does."""
    asked = _joined().where(Assistance.citizen_id == citizen_id, Assistance.ended_at.is_(None))
    return _still(session, asked)


def now_of_clerk(session: Session, *, clerk_id: int) -> Seen | None:
    """What a clerk has asked for or does now; None when nothing."""
    asked = _joined().where(Assistance.clerk_id == clerk_id, Assistance.ended_at.is_(None))
    return _still(session, asked)


def list_of_citizen(session: Session, *, citizen_id: int, limit: int) -> list[Seen]:
    """Who helped a citizen, newest first; questions to which there was no yes too (帮办记录)."""
    asked = _joined().where(Assistance.citizen_id == citizen_id).order_by(Assistance.id.desc()).limit(limit)
    return [_seen(*row) for row in session.execute(asked)]


def acts(session: Session, *, assistance_ids: Collection[int]) -> dict[int, list[AssistAct]]:
    """What was done in each of several sessions, oldest first: one statement for all."""
    asked = select(AssistAct).where(AssistAct.assistance_id.in_(assistance_ids)).order_by(AssistAct.id)
    found: dict[int, list[AssistAct]] = {one: [] for one in assistance_ids}
    for act in session.scalars(asked):
        found[act.assistance_id].append(act)
    return found


def helped(session: Session, *, reference: str) -> list[Helped]:
    """Who did something for a thing such as `case:12`, each session once, oldest first (帮办标记)."""
    asked = (
        select(Assistance, Clerk.name, Centre.name, func.min(AssistAct.at))
        .join(AssistAct, AssistAct.assistance_id == Assistance.id)
        .join(Clerk, Clerk.id == Assistance.clerk_id)
        .join(Centre, Centre.id == Assistance.centre_id)
        .where(AssistAct.reference == reference)
        .group_by(Assistance.id, Clerk.name, Centre.name)
        .order_by(Assistance.id)
    )
    return [
        Helped(one.id, one.clerk_id, clerk, hall, one.document is not None, at)
        for one, clerk, hall, at in session.execute(asked)
    ]


def is_left_alone(session: Session, *, citizen_id: int) -> bool:
    """Whether a citizen said no within the hour, or left several questions without an answer (不再打扰)."""
    now = clock.now()
    without = (
        Assistance.agreed_at.is_(None),
        or_(Assistance.ended_at.is_not(None), Assistance.over_at <= now),
    )
    asked = select(Assistance.ended_by).where(
        Assistance.citizen_id == citizen_id, Assistance.asked_at > now - _LEFT_ALONE_FOR, *without
    )
    found = session.scalars(asked).all()
    return EndedBy.REFUSED in found or len(found) >= _MOST_UNANSWERED


def has_helped(session: Session, *, clerk_id: int, reference: str) -> bool:
    """Whether a clerk ever did something for a thing (是否帮办过)."""
    asked = (
        select(AssistAct.id)
        .join(Assistance, Assistance.id == AssistAct.assistance_id)
        .where(Assistance.clerk_id == clerk_id, AssistAct.reference == reference)
    )
    return session.scalar(select(asked.exists())) or False


def _one(session: Session, assistance_id: int, is_theirs: Callable[[Assistance], bool]) -> Assistance:
    found = session.get(Assistance, assistance_id) if 0 < assistance_id <= LARGEST_ID else None
    if found is None or not is_theirs(found):
        raise AssistanceNotFound
    return found


def _joined() -> Select[Assistance, str, str]:
    return (
        select(Assistance, Clerk.name, Centre.name)
        .join(Clerk, Clerk.id == Assistance.clerk_id)
        .join(Centre, Centre.id == Assistance.centre_id)
    )


def _still(session: Session, asked: Select[Assistance, str, str]) -> Seen | None:
    found = session.execute(asked).one_or_none()
    shown = None if found is None else _seen(*found)
    return None if shown is None or shown.state == "over" else shown


def _seen(one: Assistance, clerk: str, hall: str) -> Seen:
    version = one.text_version or words.VERSION
    return Seen(
        id=one.id,
        citizen_id=one.citizen_id,
        clerk_id=one.clerk_id,
        clerk=clerk,
        hall=hall,
        on_paper=one.document is not None,
        text=words.text(version, hall=hall, clerk=clerk),
        version=version,
        asked_at=one.asked_at,
        agreed_at=one.agreed_at,
        ended_at=one.ended_at,
        ending=ENDINGS[EndedBy(one.ended_by)] if one.ended_by else "",
        minutes_left=minutes_left(one),
    )
