"""Licences that were granted, and what supervisors are told of them (审管联动夹具)."""

import json
from typing import Any

from sqlalchemy import select

from app import clock, events
from app.certificates import queries as certificates
from app.certificates import revoking
from app.certificates.models import RevocationGround
from app.db import unit_of_work
from app.oversight import findings
from app.oversight.findings import Told
from app.oversight.models import OversightEvent, OversightFinding
from tests import case_fixtures
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.correction_fixtures import stored
from tests.people_fixtures import make_citizen

MARKET = {"dept_code": "11350100MB9900072B", "dept_name": "市市场监督管理局"}


def licence_item(**changes: Any) -> dict[str, Any]:
    """The lost identity card, as if it were a licence that the market office looks after."""
    return item("id-lost", **{"task_type": "01", "supervisor": MARKET, **changes})


def granted(*, told: bool = True) -> str:
    """A licence that was granted; its case's number. `told`: the city has heard of it."""
    case_no = case_fixtures.submitted(make_citizen(), ID_LOST)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    case_fixtures.decide(case_no)
    if told:
        events.deliver()
    return case_no


def a_licence() -> str:
    """The same, of an item that was just published."""
    publish(licence_item())
    return granted()


def an_event() -> int:
    """What the market office is told of another department's licence; its id."""
    a_licence()
    return noted()[-1].id


def end(case_no: str, ground: RevocationGround = RevocationGround.DECEIT, *, told: bool = True) -> None:
    """An approver ends a licence."""
    with unit_of_work() as session:
        given = certificates.of_case(session, case_id=stored(case_no).id)
        assert given is not None
        revoking.revoke(
            session,
            certificate_id=given.id,
            ground=ground,
            said="材料是伪造的",
            clerk_id=2,
            clerk_name="陈审批",
        )
    if told:
        with clock.stopped_at(clock.now()):
            events.deliver()


def find(event_no: str, result: str = "revoke_asked", number: str = "FK-0000000001") -> bool:
    """A supervisor tells what was found."""
    told = Told(number, event_no, result, clock.today(), "现场与申请材料不符")
    with unit_of_work() as session:
        return findings.take(session, told)


def asked() -> int:
    """A wish to revoke a licence; its id."""
    find(f"{a_licence()}-001")
    with unit_of_work() as session:
        return session.scalars(select(OversightFinding.id)).one()


def noted() -> list[OversightEvent]:
    """All that was noted, in its order."""
    with unit_of_work() as session:
        found = list(session.scalars(select(OversightEvent).order_by(OversightEvent.id)))
        session.expunge_all()
        return found


def kinds() -> list[str]:
    """What was noted, by kind."""
    return [each.kind for each in noted()]


def content(place: int = -1) -> dict[str, Any]:
    """What is told, by its place among all that was noted."""
    told: dict[str, Any] = json.loads(noted()[place].sealed_content)
    return told
