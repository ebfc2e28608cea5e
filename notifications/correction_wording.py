"""What is said about corrections, and about cases that are not taken up (补正、不予受理的消息)."""

from sqlalchemy.orm import Session

from app.cases import corrections
from app.cases import queries as cases
from app.cases.events import CaseCorrected, CaseNotAccepted, CorrectionAsked, CorrectionNearlyDue
from app.cases.states import State
from app.documents.kinds import Kind
from notifications.case_wording import of_case, paper_of
from notifications.drafts import Draft


def correction_asked(session: Session, event: CorrectionAsked) -> Draft:
    """What is to be corrected, all of it: nothing more will be asked for."""
    notice = corrections.notice(session, event.correction_id)
    names = "、".join(point.label for point in notice.points)
    hint = f"共{len(notice.points)}项：{names}。请在{notice.answer_by:%m月%d日}前改好提交。"
    return _to_correct(session, event.case_id, happening="correction", hint=hint)


def correction_nearly_due(session: Session, event: CorrectionNearlyDue) -> Draft | None:
    """It has not been handed in yet; later is not too late."""
    if cases.facts(session, case_id=event.case_id).state != State.CORRECTION:
        return None
    notice = corrections.notice(session, event.correction_id)
    hint = f"还没有补正，请在{notice.answer_by:%m月%d日}前提交；晚些提交也可以，办件一直为您留着。"
    return _to_correct(session, event.case_id, happening="correction_due", hint=hint)


def _to_correct(session: Session, case_id: int, *, happening: str, hint: str) -> Draft:
    return of_case(
        session,
        case_id=case_id,
        happening=happening,
        title="需要补正",
        state="待补正",
        hint=hint,
        paper=paper_of(session, case_id, Kind.CORRECTION),
    )


def case_corrected(session: Session, event: CaseCorrected) -> Draft:
    """What was asked for has come in; by when the office answers."""
    hint = "部门不会再要求补正，有结果马上告诉您。"
    return of_case(
        session, case_id=event.case_id, happening="corrected", title="补正已提交", state="待受理", hint=hint
    )


def case_not_accepted(session: Session, event: CaseNotAccepted) -> Draft:
    """Not taken up: why, and what can be done against it, is one tap away."""
    hint = "点开查看原因、依据和救济途径。"
    return of_case(
        session,
        case_id=event.case_id,
        happening="not_accepted",
        title="不予受理",
        state="不予受理",
        hint=hint,
        paper=paper_of(session, event.case_id, Kind.NOT_ACCEPTED),
    )
