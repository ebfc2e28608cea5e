"""Opinions after a trip (引用踏勘记录): whoever answers then has taken its record into account."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.cases import opinion_giving as giving
from app.cases import opinions
from app.cases.officers import Officer
from app.cases.opinion_giving import Opinion
from app.cases.opinion_models import OpinionRequest
from app.site_visits import queries
from app.site_visits.errors import VisitUncited


def give(
    session: Session, *, officer: Officer, request_id: int, opinion: Opinion, cited: int | None
) -> OpinionRequest:
    """Answer for the clerk's department (回复意见); `cited` is the visit whose record was read.

    Raises VisitUncited when another one, or none, is the newest record of the case, and what giving raises.
    """
    request = opinions.for_department(session, officer=officer, request_id=request_id)
    case = giving.hold(session, request)
    record = queries.record_of(session, case_id=case.id)
    if record is not None and cited != record.id:
        raise VisitUncited
    about = replace(opinion, site_visit_id=None if record is None else record.id)
    return giving.give(session, officer=officer, request_id=request_id, opinion=about)
