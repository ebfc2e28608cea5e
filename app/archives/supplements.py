"""What was issued of a case after it was archived (补充归档): a package of its own, the first stays as it is.

A notice lies in one package, so that whoever reads one finds what replaces what by the packages' numbers.
"""

from collections.abc import Sequence

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.archives import contents
from app.archives.contents import Contents, Stored
from app.archives.models import Archive, ArchiveDocument
from app.archives.retention import TEXTS, Retention
from app.cases.models import Case
from app.documents.models import Document


def due() -> Select[int]:
    """The archived cases of which a notice lies in no package yet, once each of theirs has its file."""
    undrawn, packed = aliased(Document), exists().where(ArchiveDocument.document_id == Document.id)
    return select(Case.id).where(
        exists().where(Archive.case_id == Case.id),
        exists().where(Document.case_id == Case.id, ~packed),
        ~exists().where(undrawn.case_id == Case.id, undrawn.sha256.is_(None)),
    )


def of(session: Session, case: Case) -> Contents | None:
    """The notices that lie in no package yet, and which of the archived ones each of them replaces.

    None where another job has packed them since the case was found.
    """
    first = session.scalars(select(Archive).where(Archive.case_id == case.id, Archive.part == 0)).one()
    last = session.scalars(select(func.max(Archive.part)).where(Archive.case_id == case.id)).one()
    new = session.scalars(
        select(Document)
        .where(Document.case_id == case.id, ~exists().where(ArchiveDocument.document_id == Document.id))
        .order_by(Document.id)
    ).all()
    if not new:
        return None
    part = int(last or 0) + 1
    number, files = f"{first.archive_no}-B{part}", contents.files_of(new)
    return Contents(
        case_id=case.id,
        archive_no=number,
        retention=Retention(first.retention),
        closed_at=case.closed_at or case.updated_at,
        written={
            "metadata.xml": contents.written(_metadata(case, first, number=number, files=len(files))),
            "documents.json": contents.as_json(_listed(session, new, files)),
        },
        stored=files,
        document_ids=[one.id for one in new],
        part=part,
    )


def _metadata(case: Case, first: Archive, *, number: str, files: int) -> dict[str, str]:
    return {
        "档号": number,
        "补充的档号": first.archive_no,
        "事项名称": case.task_name,
        "事项编码": case.task_code,
        "办件编号": case.case_no,
        "受理部门": case.dept_name,
        "受理部门编码": case.dept_code,
        "保管期限": TEXTS[Retention(first.retention)],
        "载体": "电子",
        "文件数": str(files),
    }


def _listed(session: Session, new: Sequence[Document], files: Sequence[Stored]) -> list[dict[str, str]]:
    replaced = _replaced(session, new)
    return [
        {
            "file": file.name,
            "title": one.title,
            "number": one.number,
            "issued_at": clock.local(one.issued_at).isoformat(),
            **replaced.get(one.id, {}),
        }
        for one, file in zip(new, files, strict=True)
    ]


def _replaced(session: Session, new: Sequence[Document]) -> dict[int, dict[str, str]]:
    """Of each notice that corrects another: the other's number, and the package in which that one lies."""
    corrected = {one.replaces_id: one.id for one in new if one.replaces_id is not None}
    asked = (
        select(Document.id, Document.number, Archive.archive_no)
        .outerjoin(ArchiveDocument, ArchiveDocument.document_id == Document.id)
        .outerjoin(Archive, Archive.id == ArchiveDocument.archive_id)
        .where(Document.id.in_(corrected))
    )
    return {
        corrected[row.id]: {"replaces": row.number, "replaces_in": row.archive_no or ""}
        for row in session.execute(asked)
    }
