"""What is said about materials that follow later (容缺补交的消息)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.cases import owed
from app.cases.events import (
    CaseTerminated,
    OwedConfirmed,
    OwedDelivered,
    OwedNearlyDue,
    OwedOverdue,
    OwedSentBack,
)
from app.cases.owed_models import OwedMaterial
from app.documents.kinds import Kind
from app.events import Event
from notifications.case_wording import of_case, paper_of
from notifications.drafts import Draft


def owed_nearly_due(session: Session, event: OwedNearlyDue) -> Draft | None:
    """It has not been brought yet; what happens otherwise."""
    one = session.get_one(OwedMaterial, event.owed_id)
    if not owed.is_open(one):
        return None
    hint = f"请在{one.due_on:%m月%d日}前补交“{one.name}”，到期没有补交的会终止办理。"
    happening = f"owed_due:{one.id}"
    return of_case(
        session, case_id=event.case_id, happening=happening, title="需要补交材料", state="待补交", hint=hint
    )


def owed_delivered(session: Session, event: OwedDelivered) -> Draft:
    """It has come in; somebody looks at it next."""
    one = session.get_one(OwedMaterial, event.owed_id)
    brought = "" if one.delivered_at is None else f":{one.delivered_at:%m%d%H%M%S}"
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"owed_delivered:{one.id}{brought}",
        title="材料已补交",
        state="待核对",
        hint=f"“{one.name}”已经收到，工作人员核对后告诉您。",
    )


def owed_sent_back(session: Session, event: OwedSentBack) -> Draft | None:
    """What was brought is not right: why, and until when it is brought anew."""
    one = session.get_one(OwedMaterial, event.owed_id)
    if one.sent_back_why is None or not owed.is_open(one):
        return None
    hint = f"“{one.name}”核对不符合，请在{one.due_on:%m月%d日}前重新补交：{one.sent_back_why}。"
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"owed_sent_back:{one.id}:{event.at}",
        title="需要重新补交材料",
        state="待补交",
        hint=hint,
    )


def owed_confirmed(session: Session, event: OwedConfirmed) -> Draft:
    """What was brought is right."""
    one = session.get_one(OwedMaterial, event.owed_id)
    rest = "容缺的材料已经补齐，部门接着审查。" if event.complete else "还有材料要补交，点开查看。"
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"owed_confirmed:{one.id}",
        title="补交的材料核对符合",
        state="办理中",
        hint=f"“{one.name}”核对符合，{rest}",
    )


def owed_overdue(session: Session, event: OwedOverdue) -> Draft:
    """It did not come; a person decides what follows."""
    one = session.get_one(OwedMaterial, event.owed_id)
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"owed_overdue:{one.id}",
        title="补交材料已逾期",
        state="容缺逾期",
        hint=f"“{one.name}”没有按期补交，部门将按承诺书处理，有结果告诉您。",
    )


def case_terminated(session: Session, event: CaseTerminated) -> Draft:
    """Ended without a decision: one may apply anew."""
    return of_case(
        session,
        case_id=event.case_id,
        happening="terminated",
        title="已终止办理",
        state="已终止",
        hint="材料没有按期补交；这不是不予办理，备齐材料后可以重新申请。",
        paper=paper_of(session, event.case_id, Kind.TERMINATION),
    )


MESSAGES: Mapping[type[Event], Callable[[Session, Any], Draft | None]] = {
    OwedNearlyDue: owed_nearly_due,
    OwedDelivered: owed_delivered,
    OwedSentBack: owed_sent_back,
    OwedConfirmed: owed_confirmed,
    OwedOverdue: owed_overdue,
    CaseTerminated: case_terminated,
}
