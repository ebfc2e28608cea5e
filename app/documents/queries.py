"""What can be asked about documents (查询公文)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.documents.errors import DocumentFileMissing, DocumentNotDrawn, DocumentNotFound
from app.documents.kinds import Kind
from app.documents.models import Document, DocumentOpening
from app.storage import FileMissingError, storage

# An address may hold a longer number than the database has ids.
_ID_BITS = 63


@dataclass(frozen=True, slots=True)
class Listed:
    """One document of a case; `replaced_by` is the number of the one that corrects it."""

    document: Document
    replaced_by: str | None
    first_opened: datetime | None


def of_case(session: Session, *, case_id: int) -> list[Listed]:
    """The documents of a case, oldest first; two statements."""
    documents = session.scalars(
        select(Document).where(Document.case_id == case_id).order_by(Document.id)
    ).all()
    opened = _first_opened(session, [document.id for document in documents])
    replaced = {document.replaces_id: document.number for document in documents}
    return [Listed(each, replaced.get(each.id), opened.get(each.id)) for each in documents]


def of_citizen(session: Session, *, citizen_id: int, before_id: int | None, limit: int) -> Sequence[Document]:
    """The documents of a citizen's own cases, newest first."""
    asked = (
        select(Document)
        .join(Case, Case.id == Document.case_id)
        .where(Case.citizen_id == citizen_id, Case.organisation_id.is_(None))
    )
    if before_id is not None:
        asked = asked.where(Document.id < before_id)
    return session.scalars(asked.order_by(Document.id.desc()).limit(limit)).all()


def one_of_case(session: Session, *, case_id: int, document_id: int) -> Document:
    """One document of a case; raises DocumentNotFound, also for another case's."""
    if document_id.bit_length() > _ID_BITS:
        raise DocumentNotFound
    found = session.scalar(select(Document).where(Document.id == document_id, Document.case_id == case_id))
    if found is None:
        raise DocumentNotFound
    return found


def latest(session: Session, *, case_id: int, kinds: Sequence[Kind]) -> Document | None:
    """The newest document of some kinds of a case, as a message names it."""
    asked = select(Document).where(Document.case_id == case_id, Document.kind.in_([*kinds]))
    return session.scalar(asked.order_by(Document.id.desc()).limit(1))


def document(session: Session, *, document_id: int) -> Document:
    """One document; raises DocumentNotFound."""
    found = session.get(Document, document_id)
    if found is None:
        raise DocumentNotFound
    return found


def content(document: Document) -> bytes:
    """The file of a document; never call it inside a unit of work.

    Raises DocumentNotDrawn until it is made, and DocumentFileMissing when the storage has lost it.
    """
    if document.storage_key is None:
        raise DocumentNotDrawn(retry_after=5)
    try:
        return storage().get(document.storage_key)
    except FileMissingError as error:
        raise DocumentFileMissing from error


def file_name(document: Document) -> str:
    """What a saved file is called: 业务受理通知书〔2026〕受字第000123号.pdf."""
    return f"{document.title}{document.number}.pdf"


def _first_opened(session: Session, document_ids: Sequence[int]) -> dict[int, datetime]:
    asked = (
        select(DocumentOpening.document_id, func.min(DocumentOpening.opened_at))
        .where(DocumentOpening.document_id.in_(document_ids))
        .group_by(DocumentOpening.document_id)
    )
    return {row[0]: row[1] for row in session.execute(asked)}
