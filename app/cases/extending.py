"""Extending the limits of a case, once (延长办理时限): 行政许可法第四十二条.

A licence that cannot be decided within the statutory limit may take up to ten working days more if the head
of the authority approves, fifteen where departments handle it together within forty-five days; the applicant
is told the reason. The law knows the statutory limit alone. The promise moves by the same days: it was given
for the same examination and cannot end before it, but it is shown as extended wherever it is shown, and the
event keeps what was promised before.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cases import clock_log, limits, pausing, queries, steps, timeline
from app.cases.clock_errors import (
    ExtendedBefore,
    ExtensionDaysUnfit,
    HeadMissing,
    NotExtendable,
    TooLateToExtend,
)
from app.cases.clock_models import CaseExtension, Happening
from app.cases.errors import NoticeRunning
from app.cases.events import CaseExtended
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.officers import Officer
from app.cases.states import Step
from app.cases.timeline import clerk
from app.catalogue import queries as catalogue
from app.catalogue.queries import Guide
from app.events import publish
from app.plain_text import words

MOST_DAYS, MOST_DAYS_JOINT = 10, 15
LONGEST_NAME = 64
_LICENCE = "01"
_JOINT_DAYS = 45


def most_days(guide: Guide) -> int:
    """How many working days the law allows besides; none for what is no licence."""
    if str(guide.body.get("task_type")) != _LICENCE:
        return 0
    joint = bool(guide.body.get("other_dept")) and guide.anticipate_day == _JOINT_DAYS
    return MOST_DAYS_JOINT if joint else MOST_DAYS


def extend(
    session: Session, *, case_no: str, officer: Officer, days: int | None, reason: str, approved_by: str
) -> CaseExtension:
    """Extend both limits of a case by working days (延长); `approved_by` is the head who approved.

    Raises NotExtendable, ExtendedBefore, TooLateToExtend, ExtensionDaysUnfit, HeadMissing, ClockReasonUnfit,
    NoticeRunning, ClockPaused, NotYourStep, CaseNotFound or a StepRefused.
    """
    case, actor = queries.for_clerk(session, officer=officer, case_no=case_no, hold=True), clerk(officer)
    steps.allowed(Asked(session, case), Step.EXTEND, actor=actor)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    days = fitting(session, case, days=days)
    said, head = pausing.worded(reason), words(approved_by)
    if not 1 < len(head) <= LONGEST_NAME:
        raise HeadMissing
    before = clock_log.dates(case)
    extension = CaseExtension(
        case_id=case.id,
        days=days,
        reason=said,
        approved_by=head,
        clerk_id=officer.clerk_id,
        clerk_name=officer.name,
        at=clock.now(),
    )
    session.add(extension)
    session.flush()
    values = limits.due_dates(session, case, guide, start=case.clock_from or clock.today())
    steps.take(Asked(session, case), Step.EXTEND, actor=actor, values=values)
    cause = f"延长{days}个工作日"
    clock_log.note(session, case, Happening.EXTENDED, actor=actor, before=before, cause=cause, reason=said)
    timeline.note(
        session,
        case_id=case.id,
        kind="limit_extended",
        actor=actor,
        sentence=f"经负责人批准，办理时限{cause}，最晚{case.statutory_due_on:%Y年%m月%d日}作出决定",
    )
    publish(session, CaseExtended(case.id, extension.id))
    return extension


def of_case(session: Session, *, case_id: int) -> CaseExtension | None:
    """The extension of a case, if it was extended."""
    return session.scalar(select(CaseExtension).where(CaseExtension.case_id == case_id))


def fitting(session: Session, case: Case, *, days: int | None) -> int:
    """The days, if a case can be extended by them now; raises as `extend` does."""
    most = most_days(catalogue.guide_by_version(session, version_id=case.guide_version_id))
    if not most:
        raise NotExtendable
    if of_case(session, case_id=case.id) is not None:
        raise ExtendedBefore
    if case.notice_objected_on is not None:
        raise NoticeRunning
    if case.statutory_due_on is not None and case.statutory_due_on < clock.today():
        raise TooLateToExtend
    if days is None or not 1 <= days <= most:
        raise ExtensionDaysUnfit(most=most)
    return days
