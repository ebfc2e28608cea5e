"""Documents for tests: issued by what happened to a case, drawn by the job, read back (公文夹具)."""

import io

from pypdf import PdfReader
from sqlalchemy import select

from app.cases.models import Case
from app.db import unit_of_work
from app.documents import jobs, queries
from app.documents.kinds import Kind
from app.documents.models import Document

REASON, BASIS = "经核查，申请人名下已有同类证件", "《中华人民共和国居民身份证法》第十条"


def of_case(case_no: str) -> list[Document]:
    """The documents of a case, oldest first."""
    with unit_of_work() as session:
        asked = select(Document).join(Case, Case.id == Document.case_id).where(Case.case_no == case_no)
        return list(session.scalars(asked.order_by(Document.id)))


def of_kind(case_no: str, kind: Kind) -> Document:
    """The newest document of a kind, drawn."""
    jobs.draw_waiting()
    return [document for document in of_case(case_no) if document.kind == kind][-1]


def words(document: Document) -> str:
    """What a document says to a reader that knows nothing of ours, without blanks."""
    return words_of(queries.content(document))


def words_of(content: bytes) -> str:
    """The text of a PDF, without blanks."""
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)
