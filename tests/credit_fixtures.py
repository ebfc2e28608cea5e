"""A platform that is told of broken promises, and somebody whose identity is proven (信用夹具)."""

import itertools
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from app.cases.officers import Officer
from app.check_characters import mod_11_2
from app.clock import stopped_at
from app.credit import lists
from app.credit.models import CreditRecord, CreditReport
from app.db import unit_of_work
from app.people.models import Citizen
from app.people.proving import number_index
from app.promise_checks import pleas
from app.promise_checks.models import CheckState
from app.promise_checks.plea_models import PleaKind
from app.promise_checks.pleas import Wanted
from credit_system import reports as job
from tests import case_fixtures, promise_fixtures
from tests.case_fixtures import APPROVER, CITIZEN_NUMBER, OTHER_APPROVER
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY, load_city
from tests.conftest import Sandbox
from tests.promise_fixtures import check_of, promising_item

# Found on Monday: on the first of these days nobody may object any more, so that it is settled.
SETTLER = APPROVER
SETTLED = MONDAY.replace(day=24)
_LAST_DIGITS = itertools.count(3)


def office_with(sandbox: Sandbox) -> Iterator[Sandbox]:
    """A city with an item that takes promises, and a platform that knows nobody (夹具的内容)."""
    sandbox.forget_faults()
    sandbox.post("/_sim/reset")
    with stopped_at(MONDAY):
        load_city()
        publish(promising_item())
        yield sandbox


def proven_citizen(number: str = CITIZEN_NUMBER) -> int:
    """Somebody whose identity an office has checked."""
    citizen_id = case_fixtures.citizen()
    with unit_of_work() as session:
        found = session.get_one(Citizen, citizen_id)
        found.id_number, found.id_number_index = number, number_index(number)
    return citizen_id


def another_number() -> str:
    """A citizen number that nobody has had yet."""
    body = f"11010519491231{next(_LAST_DIGITS):03}"
    return body + mod_11_2(body)


def broken(citizen_id: int) -> str:
    """A case whose promise was found broken and settled; its number."""
    case_no = promise_fixtures.granted(citizen_id)
    promise_fixtures.find(case_no)
    with stopped_at(SETTLED):
        promise_fixtures.settle(case_no, CheckState.CORRECTED)
    return case_no


def follow(minutes: int = 0) -> None:
    """The job runs, some minutes after the settlement."""
    with stopped_at(SETTLED.replace(hour=10, minute=minutes % 60)):
        job.follow()


def ask(case_no: str, kind: PleaKind, citizen_id: int | None = None) -> int:
    """Object to the record, or ask for its repair; the plea's id."""
    line = check_of(case_no)
    with stopped_at(SETTLED), unit_of_work() as session:
        plea = pleas.ask(
            session,
            case_id=line.case.id,
            check_id=line.check.id,
            citizen_id=citizen_id or line.case.citizen_id,
            wanted=Wanted(kind, "已经补交了证明，并向派出所说明"),
        )
        return plea.id


def decide(plea_id: int, officer: Officer = OTHER_APPROVER, *, granted: bool = True) -> None:
    """Say yes or no to a plea."""
    with stopped_at(SETTLED), unit_of_work() as session:
        pleas.decide(session, plea_id=plea_id, officer=officer, granted=granted, reason="情况属实")


def reports() -> list[tuple[str, str]]:
    """What is told of records, and what became of it, oldest first."""
    with unit_of_work() as session:
        asked = select(CreditReport.kind, CreditReport.state).order_by(CreditReport.id)
        return [(row.kind, row.state) for row in session.execute(asked)]


def record_states() -> list[str]:
    """How the records stand."""
    with unit_of_work() as session:
        return list(session.scalars(select(CreditRecord.state).order_by(CreditRecord.id)))


def arrived(sandbox: Sandbox) -> list[dict[str, Any]]:
    """What the platform was told, in its order."""
    return [each["content"] for each in sandbox.get("/_sim/credit/reports")["items"]]


def a_plea() -> int:
    """Somebody who broke a promise asks for repair; the plea's id."""
    publish(promising_item())
    return ask(broken(case_fixtures.citizen()), PleaKind.REPAIR)


def a_report() -> int:
    """What is to be told of a broken promise; the report's id."""
    publish(promising_item())
    broken(case_fixtures.citizen())
    with unit_of_work() as session:
        return session.scalars(select(CreditReport.id).order_by(CreditReport.id.desc()).limit(1)).one()


def kinds(sandbox: Sandbox) -> list[str]:
    """What kinds of reports came, in their order."""
    return [each["kind"] for each in arrived(sandbox)]


def a_refused_question() -> str:
    """A case whose question the platform refused; its number."""
    publish(promising_item())
    citizen_id = proven_citizen(another_number())
    case_no = promise_fixtures.draft(citizen_id)
    promise_fixtures.sign(citizen_id, case_no)
    case_fixtures.submit(citizen_id, case_no)
    with unit_of_work() as session:
        claimed = lists.claim(session)
        assert claimed is not None
        lists.note_refused(session, listing_id=claimed.listing_id, reason="bad_subject")
    return case_no
