"""A desk for tests: a city with one item, cases in every state, somebody with an appointment (工作台夹具)."""

from datetime import date, timedelta

from sqlalchemy import select

from app import clock
from app.appointments import service as appointments
from app.appointments.models import Visit
from app.audit import queries as audit
from app.audit.models import AuditEntry
from app.cases import service as cases
from app.cases.models import Case
from app.catalogue import generation
from app.codes import service as codes
from app.db import unit_of_work
from app.double_notice.models import LicenceLead
from app.figures.models import CaseVisits
from app.supervision import watching
from app.supervision.models import SupervisionTicket
from tests import case_fixtures, city_snapshot
from tests.case_fixtures import APPROVER
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY, load_city, make_slot, publish_items
from tests.people_fixtures import make_citizen

POLICE, CIVIL_AFFAIRS = "市公安局", "市民政局"


def open_city() -> None:
    """Halls, calendar, a matter of the police with a fee and one of civil affairs without.

    On MONDAY, the day of most tests, it is copied as it was made for the first of them.
    """
    if clock.now() != MONDAY:
        _open()
        return
    city_snapshot.restored("desk_on_monday", _open)
    with unit_of_work() as session:
        generation.advance(session)  # else what this process knows of the test before would do


def _open() -> None:
    load_city()
    case_fixtures.publish_id_lost()
    publish(item("marry"))


def submitted(name: str = "王小明", task_code: str = ID_LOST) -> str:
    """A case that waits for acceptance; its number."""
    return case_fixtures.submitted(make_citizen(name), task_code)


def accepted(*, days_ago: int = 0, paid: bool = True) -> str:
    """A case that was accepted some days ago; its number."""
    with clock.stopped_at(MONDAY - timedelta(days=days_ago)):
        case_no = submitted()
        case_fixtures.accept(case_no)
        if paid:
            case_fixtures.pay(case_no)
    return case_no


def decided(*, granted: bool = True) -> str:
    """A case that waits to be closed; its number."""
    case_no = accepted()
    case_fixtures.decide(case_no, granted=granted, reason="理由", legal_basis="依据")
    return case_no


def closed() -> str:
    """A case that is over; its number."""
    case_no = decided()
    with unit_of_work() as session:
        cases.close(session, case_no=case_no, officer=APPROVER)
    return case_no


def visit(citizen_id: int, *, centre_id: str = "C01", in_hours: int = 2) -> Visit:
    """An appointment of today; `MONDAY` is eight in the morning."""
    slot_id = make_slot(at=MONDAY + timedelta(hours=in_hours), centre_id=centre_id)
    task_code = publish_items("id-first")[0]
    with clock.stopped_at(MONDAY - timedelta(days=3)), unit_of_work() as session:
        return appointments.book(
            session, citizen_id=citizen_id, centre_id=centre_id, slot_id=slot_id, task_code=task_code
        )


def personal_code(citizen_id: int) -> str:
    """What a scanner reads off a citizen's phone now."""
    with unit_of_work() as session:
        return codes.show_personal(session, citizen_id=citizen_id).content


def audited() -> list[AuditEntry]:
    """The whole audit log, which must be whole."""
    with unit_of_work() as session:
        assert audit.verify(session).broken_at is None
        return list(audit._batch_after(session, 0))


def actions() -> list[str]:
    """What the audit log says was done, oldest first."""
    return [entry.action for entry in audited()]


def over(case_no: str, *, days: int = 2, late: int = 0) -> int:
    """Note that a citizen came too often; the case's id."""
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        session.add(
            CaseVisits(
                case_id=case.id,
                task_code=case.task_code,
                promised=1,
                days=[date(2026, 11, 2 + each) for each in range(days)],
                over_at=MONDAY + timedelta(minutes=late),
            )
        )
        return case.id


def lead() -> int:
    """A shop that was registered and wants a food licence; what its department was told."""
    case_no, food = submitted(), item("food-permit")
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        told = LicenceLead(
            case_id=case.id,
            citizen_id=case.citizen_id,
            unit_name="示例市老王工作室",
            task_code=food["task_code"],
            task_name=food["task_name"],
            dept_code=food["dept_code"],
            dept_name=food["dept_name"],
            told_at=MONDAY,
        )
        session.add(told)
        session.flush()
        return told.id


def late_ticket() -> int:
    """A case that took longer than promised and that nobody has explained; its ticket."""
    case_no = accepted(days_ago=60)
    watching.watch()
    with unit_of_work() as session:
        asked = select(SupervisionTicket.id).join(Case, Case.id == SupervisionTicket.case_id)
        return session.scalars(asked.where(Case.case_no == case_no)).one()
