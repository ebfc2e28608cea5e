"""What is said when departments were asked for their opinion (征求意见的消息)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.cases import opinions
from app.cases.opinion_events import OpinionsIn, SilenceCounted
from app.cases.opinion_models import OpinionRequest
from app.documents.kinds import Kind
from app.events import Event
from notifications.case_wording import of_case, paper_of
from notifications.drafts import Draft


def opinions_in(session: Session, event: OpinionsIn) -> Draft:
    """Every department was heard; the lead decides now."""
    now = opinions.progress(opinions.of_case(session, case_id=event.case_id))
    return of_case(
        session,
        case_id=event.case_id,
        happening="opinions_in",
        title="部门意见已收齐",
        state="意见已收齐",
        hint=f"{now.text}，牵头部门接着审查并作出决定，不用您另外办理。",
        paper=paper_of(session, event.case_id, Kind.OPINIONS),
    )


def silence_counted(session: Session, event: SilenceCounted) -> Draft:
    """A department did not answer, and by which rule that is no objection."""
    request = session.get_one(OpinionRequest, event.request_id)
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"silence:{event.request_id}",
        title="部门到期没有回复，视为无异议",
        state="视为无异议",
        hint=f"{request.dept_name}没有在规定时间回复，按{request.law}视为无异议，不影响您的办件。",
    )


MESSAGES: Mapping[type[Event], Callable[[Session, Any], Draft | None]] = {
    OpinionsIn: opinions_in,
    SilenceCounted: silence_counted,
}
