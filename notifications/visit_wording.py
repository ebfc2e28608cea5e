"""What is said about visits (上门与踏勘的消息): when, who comes, what to have ready."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.events import Event
from app.site_visits import queries
from app.site_visits.events import VisitCancelled, VisitDone, VisitPlanned, VisitTomorrow
from app.site_visits.models import KIND_TEXTS, SiteVisit, VisitKind, VisitState
from notifications.case_wording import of_case
from notifications.drafts import Draft

_CARD = "请先核对工作人员的姓名和工号，再请他们进门。"


def visit_planned(session: Session, event: VisitPlanned) -> Draft | None:
    """A time was set, or another one; when, who, when before. Nothing where it was changed meanwhile."""
    visit = session.get_one(SiteVisit, event.visit_id)
    if visit.state != VisitState.PLANNED or visit.set_at != event.when:
        return None
    title, state, when = _set(visit)
    return of_case(
        session,
        case_id=event.case_id,
        # Told anew also when the time stays and others come: who opens the door goes by their names.
        happening=f"visit_planned:{visit.id}:{visit.set_at}",
        title=f"{_what(visit)}{title}",
        state=state,
        hint=f"{when}。{_coming(session, visit)}{_ready(visit)}",
        must_arrive=True,
    )


def visit_tomorrow(session: Session, event: VisitTomorrow) -> Draft | None:
    """It is the day before; nothing where it was moved meanwhile."""
    visit = session.get_one(SiteVisit, event.visit_id)
    if visit.state != VisitState.PLANNED or visit.reminded_at is None:
        return None
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"visit_tomorrow:{visit.id}:{visit.set_at}",
        title=f"明天{_what(visit)}",
        state="明天上门",
        hint=f"时间：{queries.said(visit)}。{_coming(session, visit)}{_ready(visit)}",
        must_arrive=True,
    )


def visit_cancelled(session: Session, event: VisitCancelled) -> Draft:
    """Nobody comes, and why."""
    visit = session.get_one(SiteVisit, event.visit_id)
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"visit_cancelled:{visit.id}",
        title=f"{_what(visit)}已取消",
        state="已取消",
        hint=f"原因：{visit.cancelled_why}。",
        must_arrive=visit.day is not None,
    )


def visit_done(session: Session, event: VisitDone) -> Draft:
    """The record is closed; what was found stands in it."""
    visit = session.get_one(SiteVisit, event.visit_id)
    points = queries.points(session, visit_ids=[visit.id])[visit.id]
    met = sum(bool(point.met) for point in points)
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"visit_done:{visit.id}",
        title=f"{_what(visit)}已完成",
        state="已完成",
        hint=f"核查{len(points)}项，{met}项符合，记录可在办件里看。",
    )


def _what(visit: SiteVisit) -> str:
    return KIND_TEXTS[VisitKind(visit.kind)]


def _set(visit: SiteVisit) -> tuple[str, str, str]:
    """What became of its time: the title, the state and the sentence.

    The new time stands in front: a platform's short field has room for no more.
    """
    when, before = queries.said(visit), queries.moved_from(visit)
    if before:
        return "改了时间", "已改时间", f"改为{when}，原定{before}"
    if visit.before_day is not None:
        return "安排有变动", "有变动", f"时间不变：{when}"
    return "时间已定", "已安排", f"时间：{when}"


def _coming(session: Session, visit: SiteVisit) -> str:
    team = queries.team(session, visit_ids=[visit.id])[visit.id]
    return "上门人员：" + "、".join(f"{one.name}（工号{one.staff_no}）" for one in team) + f"。{_CARD}"


def _ready(visit: SiteVisit) -> str:
    return f"请准备：{visit.prepare}。" if visit.prepare else ""


MESSAGES: Mapping[type[Event], Callable[[Session, Any], Draft | None]] = {
    VisitPlanned: visit_planned,
    VisitTomorrow: visit_tomorrow,
    VisitCancelled: visit_cancelled,
    VisitDone: visit_done,
}
