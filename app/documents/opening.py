"""Opening a document on one's own phone (打开文书): from then on it has reached its reader."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.documents import queries
from app.documents.models import Document, DocumentOpening


def open_own(session: Session, *, citizen_id: int, case_id: int, document_id: int) -> Document:
    """A document of a case that the reader may see, and note that it was opened; raises DocumentNotFound.

    Only one that has its file counts as opened.
    """
    found = queries.one_of_case(session, case_id=case_id, document_id=document_id)
    if found.sha256 is not None:
        first = insert(DocumentOpening).values(
            document_id=found.id, citizen_id=citizen_id, opened_at=clock.now()
        )
        session.execute(first.on_conflict_do_nothing())
    return found
