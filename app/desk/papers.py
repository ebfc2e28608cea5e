"""The papers of a case at the desk (办件文书): open, correct, who was told what; each is written down."""

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases.models import Case
from app.desk import service
from app.documents import issuing, queries
from app.documents.models import Document
from app.staff.sessions import OnDuty


def open_document(session: Session, *, clerk: OnDuty, case_no: str, document_id: int) -> Document:
    """One document of a case (查看文书); raises CaseNotFound, DocumentNotFound."""
    case = service.case_of(session, clerk, case_no)
    document = queries.one_of_case(session, case_id=case.id, document_id=document_id)
    _note(session, clerk, "document_viewed", case=case, number=document.number)
    return document


def correct(session: Session, *, clerk: OnDuty, case_no: str, document_id: int, said: str) -> Document:
    """Replace a document by a new one that says what was wrong (更正文书).

    Raises CaseNotFound and what documents raise: CorrectionUnsaid, DocumentNotFound, DocumentReplaced.
    """
    case = service.case_of(session, clerk, case_no)
    new = issuing.correct(session, case=case, document_id=document_id, said=said)
    _note(session, clerk, "document_corrected", case=case, number=new.number)
    return new


def look_at_told(session: Session, *, clerk: OnDuty, case_no: str) -> Case:
    """The case whose record of telling is looked at (查看告知记录); raises CaseNotFound."""
    case = service.case_of(session, clerk, case_no)
    _note(session, clerk, "told_viewed", case=case)
    return case


def note_resent(session: Session, *, clerk: OnDuty, case: Case, message_id: int) -> None:
    """Write down that a message was sent once more (补发消息)."""
    _note(session, clerk, "message_resent", case=case, message=str(message_id))


def _note(session: Session, clerk: OnDuty, action: str, *, case: Case, **details: str) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details=details,
        citizen_id=case.citizen_id,
    )
