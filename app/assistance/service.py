"""Asking whether one may help, saying yes or no, ending it (请求帮办、同意、结束).

Whatever is done within updates the session's row (`acting.held`), as ending it does. So something is done
before the end, or not at all.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.assistance import queries, words
from app.assistance.errors import (
    AssistanceAnswerLate,
    AssistanceNotFound,
    AssistanceTextChanged,
    CitizenIsHelped,
    ClerkHelpsAnother,
)
from app.assistance.events import AssistanceAsked, AssistanceEnded
from app.assistance.models import Assistance, EndedBy, Way
from app.assistance.queries import IDLE_FOR
from app.audit import service as audit
from app.channels import Channel
from app.db import LARGEST_ID
from app.events import publish

ANSWERED_WITHIN = timedelta(minutes=5)


def ask(session: Session, *, citizen_id: int, clerk_id: int, centre_id: str) -> Assistance:
    """Ask a citizen on their phone whether a clerk may help them (请求帮办); asking twice is asking once.

    Raises ClerkHelpsAnother, CitizenIsHelped.
    """
    asked = _begin(session, citizen_id, clerk_id, centre_id=centre_id, document=None)
    if asked is None:
        return _there_already(session, citizen_id, clerk_id)
    publish(session, AssistanceAsked(asked.id))
    _note(session, asked, actor=f"clerk:{clerk_id}", action="assistance_asked")
    return asked


def begin_on_paper(
    session: Session, *, citizen_id: int, clerk_id: int, centre_id: str, document: str
) -> Assistance:
    """Begin with the sheet that somebody without a phone has signed (纸质同意); repeating changes nothing.

    Raises as `ask` does.
    """
    begun = _begin(session, citizen_id, clerk_id, centre_id=centre_id, document=document)
    if begun is None:
        return _there_already(session, citizen_id, clerk_id)
    _note(session, begun, actor=f"clerk:{clerk_id}", action="assistance_agreed")
    return begun


def agree(
    session: Session, *, citizen_id: int, assistance_id: int, version: int, channel: Channel
) -> Assistance:
    """Let the clerk help, in the words of a version (同意帮办); repeating it changes nothing.

    Raises AssistanceTextChanged, AssistanceNotFound, AssistanceAnswerLate.
    """
    if version != words.VERSION:
        raise AssistanceTextChanged
    now = clock.now()
    agreed = session.scalar(
        update(Assistance)
        .where(
            *_mine(citizen_id, assistance_id),
            Assistance.agreed_at.is_(None),
            Assistance.ended_at.is_(None),
            Assistance.over_at > now,
        )
        .values(
            agreed_at=now, over_at=now + words.LASTS, last_at=now, text_version=version, channel=channel.value
        )
        .returning(Assistance)
        .execution_options(populate_existing=True)
    )
    if agreed is None:
        found = queries.of_citizen(session, citizen_id=citizen_id, assistance_id=assistance_id)
        if queries.is_over(found):
            raise AssistanceAnswerLate
        return found
    _note(session, agreed, actor=f"citizen:{citizen_id}", action="assistance_agreed")
    return agreed


def end_by_citizen(session: Session, *, citizen_id: int, assistance_id: int) -> None:
    """Say no, or stop it at once (不同意、结束帮办); repeating changes nothing. Raises AssistanceNotFound."""
    queries.of_citizen(session, citizen_id=citizen_id, assistance_id=assistance_id)
    by = case((Assistance.agreed_at.is_(None), EndedBy.REFUSED.value), else_=EndedBy.CITIZEN.value)
    _audited(session, _end(session, *_mine(citizen_id, assistance_id), by=by), f"citizen:{citizen_id}")


def end_by_clerk(session: Session, *, clerk_id: int, assistance_id: int) -> None:
    """End what this clerk has asked for or does (工作人员结束帮办); repeating it changes nothing.

    Raises AssistanceNotFound.
    """
    queries.of_clerk(session, clerk_id=clerk_id, assistance_id=assistance_id)
    ended = _end(session, Assistance.id == assistance_id, by=EndedBy.CLERK.value)
    _audited(session, ended, f"clerk:{clerk_id}")


def end_with_log_out(session: Session, *, clerk_id: int) -> None:
    """End it with the clerk's log-out (随退出登录结束); repeating it changes nothing."""
    ended = _end(session, Assistance.clerk_id == clerk_id, by=EndedBy.LOG_OUT.value)
    _audited(session, ended, f"clerk:{clerk_id}")


def end_with_account(session: Session, *, citizen_id: int) -> None:
    """End it with an account or a paper identity; its row alone tells, the audit chain is not held."""
    _end(session, Assistance.citizen_id == citizen_id, by=EndedBy.ACCOUNT.value)


def close_over(session: Session, *, limit: int = 200) -> int:
    """Write down the end of what time has ended (到时结束); how many. Safe to repeat and in parallel."""
    over = select(Assistance.id).where(_run_out()).limit(limit).with_for_update(skip_locked=True)
    return len(_end(session, Assistance.id.in_(over), by=_how_run_out()))


def _begin(
    session: Session, citizen_id: int, clerk_id: int, *, centre_id: str, document: str | None
) -> Assistance | None:
    """A new session, or None where the clerk or the citizen has one; what time has ended makes room."""
    _make_room(session, citizen_id, clerk_id)
    now, on_paper = clock.now(), document is not None
    made = session.scalar(
        insert(Assistance)
        .values(
            citizen_id=citizen_id,
            clerk_id=clerk_id,
            centre_id=centre_id,
            way=(Way.PAPER if on_paper else Way.PHONE).value,
            document=document,
            asked_at=now,
            over_at=now + (words.LASTS if on_paper else ANSWERED_WITHIN),
            agreed_at=now if on_paper else None,
            text_version=words.VERSION if on_paper else None,
            channel=Channel.HALL.value if on_paper else None,
            last_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Assistance.id)
    )
    return None if made is None else session.get_one(Assistance, made)


def _make_room(session: Session, citizen_id: int, clerk_id: int) -> None:
    """End what has run out, in the order of the rows, so that two who make room never wait in a circle."""
    theirs = or_(Assistance.citizen_id == citizen_id, Assistance.clerk_id == clerk_id)
    held = select(Assistance.id).where(theirs, _run_out()).order_by(Assistance.id).with_for_update()
    ids = session.scalars(held).all()
    if ids:
        _end(session, Assistance.id.in_(ids), by=_how_run_out())


def _there_already(session: Session, citizen_id: int, clerk_id: int) -> Assistance:
    found = session.scalars(
        select(Assistance).where(
            Assistance.ended_at.is_(None),
            or_(Assistance.citizen_id == citizen_id, Assistance.clerk_id == clerk_id),
        )
    ).all()
    for one in found:
        if one.citizen_id == citizen_id and one.clerk_id == clerk_id:
            return one
    if any(one.clerk_id == clerk_id for one in found):
        raise ClerkHelpsAnother
    raise CitizenIsHelped


def _end(session: Session, *which: ColumnElement[bool], by: object) -> Sequence[Assistance]:
    """End what is open of these; who had agreed is told what was done."""
    ended = session.scalars(
        update(Assistance)
        .where(*which, Assistance.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by=by)
        .returning(Assistance)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).all()
    for one in ended:
        if one.agreed_at is not None:
            publish(session, AssistanceEnded(one.id))
    return ended


def _run_out() -> ColumnElement[bool]:
    now = clock.now()
    idle = Assistance.agreed_at.is_not(None) & (Assistance.last_at <= now - IDLE_FOR)
    return Assistance.ended_at.is_(None) & or_(Assistance.over_at <= now, idle)


def _how_run_out() -> object:
    return case(
        (Assistance.agreed_at.is_(None), EndedBy.UNANSWERED.value),
        (Assistance.over_at <= func.least(clock.now(), Assistance.last_at + IDLE_FOR), EndedBy.TIME.value),
        else_=EndedBy.IDLE.value,
    )


def _mine(citizen_id: int, assistance_id: int) -> tuple[ColumnElement[bool], ...]:
    if assistance_id > LARGEST_ID:
        raise AssistanceNotFound
    return (Assistance.id == assistance_id, Assistance.citizen_id == citizen_id)


def _audited(session: Session, ended: Sequence[Assistance], actor: str) -> None:
    for one in ended:
        action = "assistance_refused" if one.ended_by == EndedBy.REFUSED else "assistance_ended"
        _note(session, one, actor=actor, action=action)


def _note(session: Session, one: Assistance, *, actor: str, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"assistance:{one.id}",
        details={"way": one.way, "version": one.text_version or 0, "channel": one.channel or ""},
        citizen_id=one.citizen_id,
    )
