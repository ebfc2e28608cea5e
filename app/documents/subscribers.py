"""What documents do when something has happened to a case (公文的事件响应); each is safe to repeat."""

from sqlalchemy.orm import Session

from app import clock
from app.cases import corrections, decided, opinions
from app.cases import queries as case_queries
from app.cases.clock_models import CaseExtension, CasePause
from app.cases.events import (
    CaseAccepted,
    CaseClockPaused,
    CaseClosed,
    CaseDecided,
    CaseExtended,
    CaseNotAccepted,
    CaseTerminated,
    CorrectionAsked,
)
from app.cases.models import Case
from app.cases.opinion_events import OpinionsIn
from app.cases.opinion_models import IN as HEARD
from app.cases.opinion_models import OpinionRequest, OpinionState
from app.documents import issuing, opinion_wording, queries, wording
from app.documents.kinds import Kind
from app.documents.models import Document
from app.documents.queries import Listed


def issue_acceptance(session: Session, event: CaseAccepted) -> None:
    """Issue the notice of acceptance (业务受理通知书), dated the day of acceptance."""
    _acceptance(session, session.get_one(Case, event.case_id))


def issue_decision(session: Session, event: CaseDecided) -> None:
    """Issue the decision (准予、不予决定书), dated the day of the decision."""
    _decision(session, session.get_one(Case, event.case_id))


def issue_correction(session: Session, event: CorrectionAsked) -> None:
    """Tell in writing, once, all that has to be put right (一次性告知书)."""
    notice = corrections.notice(session, event.correction_id)
    points = [
        wording.Point(point.label, point.reason_text, point.how, point.legal_basis) for point in notice.points
    ]
    issuing.issue(
        session,
        case=session.get_one(Case, event.case_id),
        kind=Kind.CORRECTION,
        occasion=f"correction:{event.correction_id}",
        on=clock.local(notice.asked_at).date(),
        write=lambda known: wording.correction(known, points, until=notice.answer_by),
    )


def issue_not_accepted(session: Session, event: CaseNotAccepted) -> None:
    """Issue the decision not to take a case up (不予受理决定书), dated its day."""
    case = session.get_one(Case, event.case_id)
    if case.not_accepted_at is None or case.not_accepted_code is None:
        return
    refusal = wording.Refusal(
        reason=f"{decided.ground(case)}。{case.decision_reason or ''}",
        legal_basis=case.legal_basis or "",
        decided_by=case.decided_by or "",
        remedies=case.remedies or "",
    )
    issuing.issue(
        session,
        case=case,
        kind=Kind.NOT_ACCEPTED,
        occasion="not_accepted",
        on=clock.local(case.not_accepted_at).date(),
        write=lambda known: wording.not_accepted(known, refusal),
    )


def issue_termination(session: Session, event: CaseTerminated) -> None:
    """Tell in writing that a case ended without a decision (终止办理通知书), dated its day."""
    case = session.get_one(Case, event.case_id)
    if case.terminated_at is not None:
        on = clock.local(case.terminated_at).date()
        issuing.issue(session, case=case, kind=Kind.TERMINATION, occasion="terminated", on=on)


def issue_special(session: Session, event: CaseClockPaused) -> None:
    """Tell in writing of a special procedure (特别程序告知书), as the law wants it."""
    pause = session.get_one(CasePause, event.pause_id)
    told = wording.Pause(
        pause.name, pause.reason, pause.began_on, pause.expected_until, pause.published_until
    )
    issuing.issue(
        session,
        case=session.get_one(Case, event.case_id),
        kind=Kind.SPECIAL,
        occasion=f"pause:{pause.id}",
        on=clock.local(pause.began_at).date(),
        write=lambda known: wording.special(known, told),
    )


def issue_extension(session: Session, event: CaseExtended) -> None:
    """Tell in writing of the extension and its reason (延期办理告知书)."""
    extension = session.get_one(CaseExtension, event.extension_id)
    told = wording.Extension(extension.days, extension.reason, extension.approved_by)
    issuing.issue(
        session,
        case=session.get_one(Case, event.case_id),
        kind=Kind.EXTENSION,
        occasion=f"extension:{extension.id}",
        on=clock.local(extension.at).date(),
        write=lambda known: wording.extension(known, told),
    )


def issue_opinions(session: Session, event: OpinionsIn) -> None:
    """Put the opinions of all departments into one notice (意见汇总), dated the day the last came in."""
    requests = opinions.of_case(session, case_id=event.case_id)
    settled = [clock.local(each.settled_at).date() for each in requests if each.settled_at is not None]
    said = [_opinion(each) for each in requests if each.state in HEARD]
    if not said:
        return
    issuing.issue(
        session,
        case=session.get_one(Case, event.case_id),
        kind=Kind.OPINIONS,
        occasion="opinions_in",
        on=max(settled),
        write=lambda known: opinion_wording.opinions(known, said),
    )


def issue_delivery(session: Session, event: CaseClosed) -> None:
    """Issue the record of delivery (送达回证) when a case is closed.

    It names every document of the case, so those that should stand by now are issued before it.
    """
    case = session.get_one(Case, event.case_id)
    if case.closed_at is None:
        return
    _acceptance(session, case)
    _decision(session, case)
    handed = [_handed(one) for one in queries.of_case(session, case_id=case.id) if not one.replaced_by]
    issuing.issue(
        session,
        case=case,
        kind=Kind.DELIVERY,
        occasion="closed",
        on=clock.local(case.closed_at).date(),
        write=lambda known: wording.delivery(known, handed, how=case_queries.how_delivered(session, case)),
    )


def _acceptance(session: Session, case: Case) -> Document | None:
    if case.accepted_at is None:
        return None
    # What is accepted by law is accepted from the day of receipt; its paper bears the day it was issued.
    on = clock.local(case.deemed_accepted_at or case.accepted_at).date()
    return issuing.issue(session, case=case, kind=Kind.ACCEPTANCE, occasion="accepted", on=on)


def _decision(session: Session, case: Case) -> Document | None:
    if case.decided_at is None:
        return None
    kind = Kind.GRANT if case.granted else Kind.REFUSAL
    on = clock.local(case.decided_at).date()
    return issuing.issue(session, case=case, kind=kind, occasion="decided", on=on)


def _opinion(request: OpinionRequest) -> opinion_wording.Opinion:
    rule = request.law if request.state == OpinionState.SILENT else request.legal_basis
    return opinion_wording.Opinion(
        request.dept_name, request.subject, request.answer_text, request.said or "", rule or ""
    )


def _handed(one: Listed) -> wording.Handed:
    document, opened = one.document, one.first_opened
    told = f"{clock.local(opened):%Y年%m月%d日%H:%M}首次打开" if opened else "还没有打开"
    return wording.Handed(document.title, document.number, document.issued_on, told)
