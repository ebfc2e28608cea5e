"""Issuing documents (出具文书): number and content in one unit of work, the file by a job afterwards."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, queues
from app.cases import taken_in
from app.cases.models import Case
from app.codes import tokens
from app.db import after_commit
from app.documents import facts, jobs, kinds, numbers, sheet, wording
from app.documents.errors import CorrectionUnsaid, DocumentNotFound, DocumentReplaced
from app.documents.events import DocumentCorrected
from app.documents.facts import Facts
from app.documents.kinds import Kind
from app.documents.models import Document
from app.documents.sheet import Sheet
from app.events import publish
from app.plain_text import readable

LONGEST_CORRECTION = 500
_BY_CASE: dict[Kind, Callable[[Facts], Sheet]] = {
    Kind.ACCEPTANCE: wording.acceptance,
    Kind.GRANT: wording.granted,
    Kind.REFUSAL: wording.refused,
    Kind.TERMINATION: wording.terminated,
}


def issue(
    session: Session,
    *,
    case: Case,
    kind: Kind,
    occasion: str,
    on: date,
    write: Callable[[Facts], Sheet] | None = None,
) -> Document:
    """The one document of a case for an occasion, dated `on`: issued now, or the one that stands already.

    `write` says what it says; without it the kind's own words about the case.
    """
    stands = select(Document).where(
        Document.case_id == case.id, Document.kind == kind.value, Document.occasion == occasion
    )
    earlier = session.scalar(stands)
    if earlier is not None:
        return earlier
    known = facts.of(session, case)
    says = (write or _BY_CASE[kind])(known)
    _insert(session, known, kind=kind, says=says, values={"occasion": occasion, "issued_on": on})
    return session.scalars(stands).one()


def correct(session: Session, *, case: Case, document_id: int, said: str) -> Document:
    """Replace a document by a new one that names it and says what was wrong (更正).

    What follows from the case is said as the case stands now. Raises CorrectionUnsaid, PaperAskedAgain,
    DocumentNotFound for another case's, and DocumentReplaced when it has been corrected before.
    """
    why = readable(said)
    if not 1 <= len(why) <= LONGEST_CORRECTION:
        raise CorrectionUnsaid
    taken_in.refuse_paper_again(session, case, why)
    earlier = session.scalar(select(Document).where(Document.id == document_id, Document.case_id == case.id))
    if earlier is None:
        raise DocumentNotFound
    kind, known = Kind(earlier.kind), facts.of(session, case)
    write = _BY_CASE.get(kind)
    says = write(known) if write is not None else sheet.opened(earlier.sealed_content)
    values = {
        "occasion": f"corrects:{earlier.id}",
        "issued_on": clock.today(),
        "replaces_id": earlier.id,
    }
    named = f"{earlier.title}{earlier.number}"
    new_id = _insert(
        session, known, kind=kind, says=sheet.corrected(says, earlier=named, said=why), values=values
    )
    if new_id is None:
        raise DocumentReplaced
    publish(session, DocumentCorrected(new_id))
    return session.get_one(Document, new_id)


def _insert(session: Session, known: Facts, *, kind: Kind, says: Sheet, values: dict[str, Any]) -> int | None:
    """The new document's id; None when another one of its kind was quicker, and its number is lost."""
    case = known.case
    number = numbers.take(session, dept_code=case.dept_code, year=values["issued_on"].year, kind=kind)
    new_id = session.scalar(
        insert(Document)
        .values(
            case_id=case.id,
            kind=kind.value,
            title=kinds.title(kind, known.task_type),
            number=number,
            dept_code=case.dept_code,
            dept_name=case.dept_name,
            issued_at=clock.now(),
            token=tokens.new_static(),
            template=wording.TEMPLATE,
            sealed_content=sheet.sealed(says),
            **values,
        )
        .on_conflict_do_nothing()
        .returning(Document.id)
    )
    after_commit(_nudge)
    return new_id


def _nudge() -> None:
    queues.nudge(queues.Queue.UPKEEP, jobs.draw_waiting)
