"""Ratings and complaints for tests, given by the services themselves (评价、诉求夹具)."""

from typing import Any

from sqlalchemy import select

from app.cases.models import Case
from app.cases.officers import Officer
from app.complaints import service as complaints
from app.complaints.kinds import Kind
from app.complaints.models import Complaint
from app.db import unit_of_work
from app.evaluations import mending, queries, service
from app.evaluations.models import Evaluation, MendingTicket
from app.evaluations.queries import Given
from app.evaluations.service import Words
from tests import desk_fixtures as desk

BAD, GOOD = 5, 1
SUPERVISOR = Officer(11, "周督导", frozenset({"supervisor"}))
OTHER_SUPERVISOR = Officer(12, "吴督导", frozenset({"supervisor"}))
DONE = "已补办并向市民说明"


def owner_of(case_no: str) -> int:
    """Whose case it is."""
    with unit_of_work() as session:
        return session.scalars(select(Case.citizen_id).where(Case.case_no == case_no)).one()


def rate(case_no: str, level: int = BAD, **more: Any) -> Evaluation:
    """The case's citizen rates it."""
    with unit_of_work() as session:
        return service.rate_case(
            session, citizen_id=owner_of(case_no), case_no=case_no, words=Words(level, **more)
        )


def bad_ticket(**more: Any) -> tuple[Evaluation, int]:
    """A bad rating of a closed case, and the id of its ticket."""
    evaluation = rate(desk.closed(), **more)
    return evaluation, ticket_of(evaluation).id


def ticket_of(evaluation: Evaluation) -> MendingTicket:
    """The ticket of a rating, as it is now."""
    with unit_of_work() as session:
        asked = select(MendingTicket).where(MendingTicket.evaluation_id == evaluation.id)
        return session.scalars(asked).one()


def mend(ticket_id: int, officer: Officer = SUPERVISOR, text: str = DONE) -> None:
    """Say what was done."""
    with unit_of_work() as session:
        mending.mend(session, ticket_id=ticket_id, officer=officer, text=text)


def seen(evaluation: Evaluation) -> Given:
    """A rating as its giver sees it."""
    with unit_of_work() as session:
        return queries.given(session, evaluation_id=evaluation.id)


def complain(
    citizen_id: int,
    kind: Kind = Kind.COMPLAINT,
    *,
    case_no: str | None = None,
    text: str = "窗口让我跑了三次",
    organisation: str | None = None,
) -> Complaint:
    """A citizen tells the city something."""
    with unit_of_work() as session:
        return complaints.file(
            session,
            citizen_id=citizen_id,
            kind=kind,
            text=text,
            case_no=case_no,
            organisation=organisation,
        )
