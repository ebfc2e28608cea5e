"""What is said about pre-checks (网上预审的消息)."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.cases import prechecked
from app.cases import queries as cases
from app.cases.events import PrecheckAnswered
from app.cases.precheck_models import CasePrecheck
from notifications.case_wording import of_case
from notifications.drafts import Draft


def precheck_answered(session: Session, event: PrecheckAnswered) -> Draft:
    """Passed, and until when the way to the window is worth it; or all that is to be mended first."""
    row = session.get_one(CasePrecheck, event.precheck_id, populate_existing=True)
    points = prechecked.points_of(row)
    names = "、".join(point.label for point in points)
    if points:
        title, state = "预审后有内容要修改", "待修改"
        hint = f"共{len(points)}项：{names}。改好以后再请预审，先不用跑窗口。"
    else:
        title, state = "网上预审已通过", "预审通过"
        hint = f"请在{row.holds_until:%m月%d日}前带原件到窗口，出示到窗码，核对原件就受理。"
    draft = of_case(
        session,
        case_id=event.case_id,
        happening=f"precheck:{row.id}",
        title=title,
        state=state,
        hint=hint,
        must_arrive=True,
    )
    case_no = cases.facts(session, case_id=event.case_id).case_no
    return replace(draft, page=f"pages/cases/precheck?no={case_no}")
