"""What whoever is visited does (申请上门、改时间、取消): ask, ask once for another time, call it off."""

from sqlalchemy.orm import Session

from app import clock
from app.cases import steps, timeline
from app.catalogue import queries as catalogue
from app.catalogue import visit_points as rules
from app.plain_text import readable
from app.site_visits import planning, queries
from app.site_visits.errors import (
    HomeVisitNotOffered,
    OtherTimeAsked,
    SiteVisitStays,
    TooLateToChangeVisit,
    VisitOpen,
    VisitOver,
    VisitTextTooLong,
)
from app.site_visits.models import OPEN, SiteVisit, VisitKind, VisitState

LONGEST_WISH = 200
_WHY = "申请人取消"


def ask(
    session: Session,
    *,
    citizen_id: int,
    case_no: str,
    address: str,
    wish: str = "",
    organisation_id: int | None = None,
) -> SiteVisit:
    """Ask that somebody comes (申请上门服务); `wish` is when it would suit.

    Raises CaseNotFound, HomeVisitNotOffered, CaseNotForVisit, VisitOpen, VisitAddressUnfit, VisitTextTooLong.
    """
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    if not rules.home_visit(guide.body):
        raise HomeVisitNotOffered
    planning.refuse_wrong_place(case, VisitKind.HOME)
    if queries.open_of_case(session, case_id=case.id) is not None:
        raise VisitOpen
    visit = SiteVisit(
        case_id=case.id,
        kind=VisitKind.HOME.value,
        state=VisitState.ASKED.value,
        address=planning.addressed(address),
        wish=_wished(wish) or None,
        list_version=guide.version,
        created_at=clock.now(),
    )
    session.add(visit)
    session.flush()
    _told(session, visit, kind="visit_asked", sentence="已申请上门服务，等待办理部门安排时间")
    return visit


def ask_other_time(
    session: Session, *, citizen_id: int, visit_id: int, wish: str, organisation_id: int | None = None
) -> SiteVisit:
    """Ask for another time, once (申请改时间); the office sets one.

    Raises VisitNotFound, VisitOver, OtherTimeAsked, TooLateToChangeVisit, VisitTextTooLong.
    """
    visit = _own(session, citizen_id, visit_id, organisation_id=organisation_id)
    if visit.state != VisitState.PLANNED:
        raise VisitOver
    if visit.other_time_asked_at is not None:
        raise OtherTimeAsked
    said = _wished(wish)
    if not said:
        raise VisitTextTooLong(most=LONGEST_WISH)
    visit.other_time, visit.other_time_asked_at = said, clock.now()
    session.flush()
    _told(session, visit, kind="visit_other_time", sentence="申请人申请换一个上门时间，等待办理部门安排")
    return visit


def cancel(
    session: Session, *, citizen_id: int, visit_id: int, organisation_id: int | None = None
) -> SiteVisit:
    """Call one's visit at home off (取消上门); doing it again changes nothing.

    Raises VisitNotFound, VisitOver once it is done, SiteVisitStays, TooLateToChangeVisit.
    """
    found = queries.of_citizen(
        session, citizen_id=citizen_id, visit_id=visit_id, organisation_id=organisation_id
    )
    visit, case = queries.hold(session, *found)
    if visit.state == VisitState.CANCELLED:
        return visit
    if visit.kind != VisitKind.HOME:
        raise SiteVisitStays
    _refuse_unchangeable(visit)
    planning.call_off(session, case, visit, actor=timeline.CITIZEN, why=_WHY)
    return visit


def _own(session: Session, citizen_id: int, visit_id: int, *, organisation_id: int | None) -> SiteVisit:
    found = queries.of_citizen(
        session, citizen_id=citizen_id, visit_id=visit_id, organisation_id=organisation_id
    )
    visit, _ = queries.hold(session, *found)
    _refuse_unchangeable(visit)
    return visit


def _refuse_unchangeable(visit: SiteVisit) -> None:
    if visit.state not in OPEN:
        raise VisitOver
    if not queries.may_change(visit):
        raise TooLateToChangeVisit


def _wished(wish: str) -> str:
    said = readable(wish).replace("\n", " ")
    if len(said) > LONGEST_WISH:
        raise VisitTextTooLong(most=LONGEST_WISH)
    return said


def _told(session: Session, visit: SiteVisit, *, kind: str, sentence: str) -> None:
    timeline.note(session, case_id=visit.case_id, kind=kind, actor=timeline.CITIZEN, sentence=sentence)
