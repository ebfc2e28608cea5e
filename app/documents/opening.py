"""Opening a document on one's own phone (打开文书): from then on it has reached its reader."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, on_behalf
from app.delegations import acting as delegations
from app.documents import queries
from app.documents.models import Document, DocumentOpening


def open_own(session: Session, *, citizen_id: int, case_id: int, document_id: int) -> Document:
    """A document of a case that the reader may see, and note that it was opened; raises DocumentNotFound.

    Only one that has its file counts as opened. An agent's look is written down as theirs (代办), and has not
    reached the applicant.
    """
    found = queries.one_of_case(session, case_id=case_id, document_id=document_id)
    if on_behalf.agent() is not None:
        seen = f"document:{found.id}"
        delegations.note(session, kind=delegations.VIEWED, reference=seen, sentence=f"查看了{found.title}")
    elif found.sha256 is not None:
        first = insert(DocumentOpening).values(
            document_id=found.id, citizen_id=citizen_id, opened_at=clock.now()
        )
        session.execute(first.on_conflict_do_nothing())
    return found
