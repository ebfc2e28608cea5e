"""Cases about which departments are asked for their opinion (征求意见夹具)."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.cases import opinion_asking as asking
from app.cases import opinion_giving as giving
from app.cases import opinion_silence as silence
from app.cases import opinions as queries
from app.cases.models import Case, CaseEvent
from app.cases.officers import Officer
from app.cases.opinion_giving import Opinion
from app.cases.opinion_models import Answer, OpinionRequest
from app.cases.timeline import clerk
from app.db import unit_of_work
from app.staff.models import Role
from tests import case_fixtures
from tests.case_fixtures import APPROVER
from tests.catalogue_fixtures import item, publish
from tests.staff_fixtures import make_clerk

ROAD = item("road-occupy")["task_code"]
POLICE, PLANNING, HOUSING = "市公安局", "市自然资源和规划局", "市住房和城乡建设局"
RULE = "《示例市并联审批实施办法》第八条"


def asked(
    name: str, *, days: int = 2, silence_agrees: bool = True, materials: Any = (), number_why: str = ""
) -> dict[str, Any]:
    """One department of a guide."""
    return {
        "dept_name": name,
        "subject": "占用位置对交通安全的影响",
        "days": days,
        "silence_agrees": silence_agrees,
        "law": RULE if silence_agrees else "",
        "materials": list(materials),
        "number_why": number_why,
    }


def publish_road(*departments: dict[str, Any]) -> None:
    """Occupying a road: the police and planning are asked, of whom only planning agrees by silence."""
    named = departments or (asked(POLICE, silence_agrees=False), asked(PLANNING))
    publish(item("road-occupy", joint_opinions=list(named)))


def accepted(*departments: dict[str, Any]) -> str:
    """A case of that item that was just accepted and paid; its number."""
    publish_road(*departments)
    return case_fixtures.accepted(case_fixtures.citizen(), ROAD)


def officer_of(department: str | None) -> Officer:
    """Somebody who answers for a department."""
    return Officer(
        make_clerk(Role.APPROVER, department=department),
        "孙意见",
        frozenset({"approver"}),
        department=department,
    )


def requests(case_no: str) -> dict[str, OpinionRequest]:
    """The departments asked about a case, by name."""
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id).where(Case.case_no == case_no)).one()
        return {one.dept_name: one for one in queries.of_case(session, case_id=case_id)}


def give(
    request: OpinionRequest,
    answer: Answer = Answer.AGREES,
    *,
    officer: Officer | None = None,
    said: str = "",
    legal_basis: str = "",
) -> OpinionRequest:
    """Answer for the department that was asked."""
    by = officer or officer_of(request.dept_name)
    with unit_of_work() as session:
        return giving.give(
            session, officer=by, request_id=request.id, opinion=Opinion(answer, said, legal_basis)
        )


def object_to(request: OpinionRequest) -> OpinionRequest:
    """Say no, with a reason and a law."""
    return give(request, Answer.OBJECTS, said="占用了消防车通道", legal_basis="《消防法》第二十八条")


def take_back(request: OpinionRequest, why: str = "这次占用不涉及地下管线") -> OpinionRequest:
    """Ask a department no more."""
    with unit_of_work() as session:
        case = giving.hold(session, request)
        return asking.take_back(session, case, request_id=request.id, actor=clerk(APPROVER), why=why)


def fall_silent(request: OpinionRequest, *, today: date) -> bool:
    """Have the job come to one request on a day."""
    with unit_of_work() as session:
        return silence.fall_silent(session, request_id=request.id, today=today)


def story(case_no: str) -> list[str]:
    """What the citizen reads in the story of a case, oldest first."""
    with unit_of_work() as session:
        asked_for = select(CaseEvent.sentence).join(Case, Case.id == CaseEvent.case_id)
        return list(session.scalars(asked_for.where(Case.case_no == case_no).order_by(CaseEvent.id)))
