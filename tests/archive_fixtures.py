"""Closed cases and their packages for tests (归档夹具)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.archives import making
from app.archives.models import Archive, ArchiveTransfer
from app.cases import service as cases
from app.cases.events import CaseClosed
from app.cases.models import Case
from app.db import unit_of_work
from app.documents import issuing, subscribers
from app.documents import jobs as documents
from app.documents.models import Document
from tests import case_fixtures
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen

LATER = MONDAY + making.AFTER + timedelta(hours=1)


def closed(**changes: Any) -> str:
    """A closed case with its notices drawn."""
    if changes:
        publish({**item("id-lost"), **changes})
    case_no = case_fixtures.submitted(make_citizen(), ID_LOST)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    case_fixtures.decide(case_no)
    with unit_of_work() as session:
        case = cases.close(session, case_no=case_no, officer=case_fixtures.FRONT_DESK)
        subscribers.issue_delivery(session, CaseClosed(case.id))
    documents.draw_waiting()
    return case_no


def run(at: datetime = LATER) -> int:
    """The job, some days later; how many packages it made."""
    with clock.stopped_at(at):
        return making.archive_closed()


def archived() -> str:
    """A closed case that was archived; its number."""
    case_no = closed()
    run()
    return case_no


def correct(case_no: str, kind: str = "acceptance") -> tuple[Document, Document]:
    """Correct a notice of a case: the one with the mistake, and the one that replaces it."""
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        old = session.scalars(
            select(Document).where(Document.case_id == case.id, Document.kind == kind)
        ).one()
        new = issuing.correct(session, case=case, document_id=old.id, said="监督电话写错了，现已改正")
        session.expunge_all()
    return old, new


def draw() -> None:
    """Draw the notices that have no file yet."""
    documents.draw_waiting()


def packages() -> list[Archive]:
    """All packages, in the order in which they were made."""
    with unit_of_work() as session:
        found = list(session.scalars(select(Archive).order_by(Archive.id)))
        session.expunge_all()
        return found


def transfer() -> ArchiveTransfer:
    """Where the handing over of the only package stands."""
    with unit_of_work() as session:
        found = session.scalars(select(ArchiveTransfer)).one()
        session.expunge(found)
        return found
