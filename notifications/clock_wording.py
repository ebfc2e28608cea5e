"""What is said when the clock of a case stands, runs again or moves (时限变动的消息)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.cases import queries as cases
from app.cases.clock_models import CaseExtension, CasePause
from app.cases.events import CaseClockPaused, CaseClockResumed, CaseExtended, CaseRecounted
from app.documents.kinds import Kind
from app.events import Event
from notifications.case_wording import of_case, paper_of
from notifications.drafts import Draft

_NOT_COUNTED = "暂停期间不计入办理时限。"


def clock_paused(session: Session, event: CaseClockPaused) -> Draft:
    """A special procedure began: which, why, how long it takes, and that it is not counted."""
    pause = session.get_one(CasePause, event.pause_id)
    hint = f"预计到{pause.expected_until:%m月%d日}，{_NOT_COUNTED}原因：{pause.reason}。"
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"paused:{event.pause_id}",
        title=f"进行{pause.name}",
        state="时限暂停",
        hint=hint,
        paper=paper_of(session, event.case_id, Kind.SPECIAL),
    )


def clock_resumed(session: Session, event: CaseClockResumed) -> Draft:
    """The special procedure is over; until when it will be done now."""
    pause = session.get_one(CasePause, event.pause_id)
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"resumed:{event.pause_id}",
        title=f"{pause.name}结束，继续办理",
        state="办理中",
        hint=_promised(session, event.case_id),
    )


def limit_extended(session: Session, event: CaseExtended) -> Draft:
    """The limits were extended: by how much, who approved it, and the reason, as the law wants it told."""
    extension = session.get_one(CaseExtension, event.extension_id)
    hint = (
        f"经{extension.approved_by}批准延长{extension.days}个工作日，{_promised(session, event.case_id)}"
        f"原因：{extension.reason}。"
    )
    return of_case(
        session,
        case_id=event.case_id,
        happening="extended",
        title="办理时限延长",
        state="时限延长",
        hint=hint,
        paper=paper_of(session, event.case_id, Kind.EXTENSION),
    )


def limit_recounted(session: Session, event: CaseRecounted) -> Draft:
    """The holidays of a year were published, and a provisional limit is another day now."""
    hint = f"放假安排已经公布，{_promised(session, event.case_id)}"
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"recounted:{event.event_id}",
        title="办理时限重新计算",
        state="办理中",
        hint=hint,
    )


def _promised(session: Session, case_id: int) -> str:
    due = cases.facts(session, case_id=case_id).promised_due_on
    return f"承诺{due:%m月%d日}前办结。" if due else "办理时限恢复后再告诉您。"


MESSAGES: Mapping[type[Event], Callable[[Session, Any], Draft | None]] = {
    CaseClockPaused: clock_paused,
    CaseClockResumed: clock_resumed,
    CaseExtended: limit_extended,
    CaseRecounted: limit_recounted,
}
