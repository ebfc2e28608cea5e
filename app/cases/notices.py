"""What becomes of a public notice (公告期): published, objected to, objection settled.

Each is told by the registry, may be told twice, and means nothing once the case is decided. While somebody
objects no limit runs; who told what in which order is for the caller to know.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app import clock
from app.cases import clock_log, limits, numbers, timeline
from app.cases.clock_models import Happening
from app.cases.events import CaseClockChanged
from app.cases.models import Case
from app.cases.states import State
from app.catalogue import queries as catalogue
from app.events import publish

# A notice that ended long before the case began is another one's, or a slip of a digit.
_EARLIEST = timedelta(days=366)
_REGISTRY = timeline.Actor("system", "市场监管登记系统")
_EVENTS = {
    "published": (Happening.MOVED, "公告发布"),
    "objected": (Happening.PAUSED, "公告期内有人提出异议"),
    "settled": (Happening.RESUMED, "公告期内有人提出异议"),
}


def published(session: Session, *, case_no: str, on: date) -> bool:
    """The notice was published on a day; False when that changes nothing."""
    case = _running(session, case_no, Case.notice_from != on)
    if case is None or case.accepted_at is None or on < clock.local(case.accepted_at).date() - _EARLIEST:
        return False
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    notice = limits.notice_of(guide.body)
    if notice is None:
        return False
    until = limits.last_day(session, notice, since=on)
    values: dict[str, Any] = {"notice_from": on, "notice_until": until}
    if case.notice_objected_on is None:
        values |= limits.due_dates(session, case, guide, start=until)
    else:
        values["clock_from"] = until
    _write(session, case, values, happening="published")
    return True


def objected(session: Session, *, case_no: str, on: date) -> bool:
    """Somebody objects within the notice, and the limits stop; False outside it, or when it was known."""
    case = _running(
        session, case_no, Case.notice_objected_on.is_(None), Case.notice_from <= on, Case.notice_until >= on
    )
    if case is None:
        return False
    stopped = {"notice_objected_on": on, **limits.NO_LIMIT}
    _write(session, case, stopped, happening="objected")
    return True


def settled(session: Session, *, case_no: str, on: date) -> bool:
    """The objection was withdrawn or not upheld: the limits run after the notice, or from this day on."""
    case = _running(session, case_no, Case.notice_objected_on.is_not(None))
    if case is None or case.notice_until is None:
        return False
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    start = max(case.notice_until, on)
    values = {"notice_objected_on": None, **limits.due_dates(session, case, guide, start=start)}
    _write(session, case, values, happening="settled")
    return True


def sentence(case: Case, happening: str) -> str:
    """What is said of a notice to whoever follows the case."""
    if happening == "objected":
        return "公告期内有人提出异议，办理时限暂停，核实后再告诉您"
    due = f"公告到{case.notice_until:%Y年%m月%d日}"
    if case.promised_due_on is not None:
        due += f"，期满没有异议的，承诺{case.promised_due_on:%Y年%m月%d日}前办结"
    return f"异议已经处理，办理时限继续，{due}" if happening == "settled" else f"公告已发布，{due}"


def _running(session: Session, case_no: str, *which: ColumnElement[bool]) -> Case | None:
    """An accepted case with a notice, held until the unit of work ends; None when there is none such."""
    return session.scalar(
        select(Case)
        .where(
            Case.case_no == numbers.case_no(case_no),
            Case.state == State.ACCEPTED.value,
            Case.notice_until.is_not(None),
            *which,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _write(session: Session, case: Case, values: dict[str, Any], *, happening: str) -> None:
    now, before = clock.now(), clock_log.dates(case)
    session.execute(
        update(Case)
        .where(Case.id == case.id)
        .values(updated_at=now, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(case)
    kind, cause = _EVENTS[happening]
    clock_log.note(session, case, kind, actor=_REGISTRY, before=before, cause=cause)
    timeline.note(
        session,
        case_id=case.id,
        kind=f"notice_{happening}",
        actor=_REGISTRY,
        sentence=sentence(case, happening),
    )
    publish(session, CaseClockChanged(case.id, happening, clock.local(now).date().isoformat()))
