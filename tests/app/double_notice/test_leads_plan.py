"""What the list of waiting units reads when years of them were taken up."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app import clock, db
from app.crypto import cipher
from app.db import unit_of_work
from app.desk import leads
from app.staff.models import Role
from tests import case_fixtures
from tests.app.queueing.test_queue_plans import plan_of
from tests.catalogue_fixtures import ID_LOST
from tests.city_fixtures import MONDAY, load_city
from tests.staff_fixtures import on_duty

# Forty departments; of twenty thousand units one in a hundred waits.
YEARS_OF_LEADS = text(
    """
    INSERT INTO licence_leads
        (case_id, citizen_id, task_code, task_name, dept_code, dept_name, unit_name, told_at, taken_up_at,
         taken_up_case_id)
    SELECT cases.id, citizen_id, 'T' || number, '许可', 'D' || number % 40, '部门' || number % 40, :name,
        :now, CASE WHEN number % 101 > 0 THEN CAST(:now AS timestamptz) END,
        CASE WHEN number % 101 > 0 THEN cases.id END
    FROM cases, generate_series(1, 20000) AS number
    """
)


@pytest.fixture(autouse=True)
def long_kept_city(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        case_fixtures.publish_id_lost()
        case_fixtures.start(case_fixtures.citizen(), ID_LOST)
        name = cipher().seal("某店".encode(), purpose="licence_leads.unit_name")
        with unit_of_work() as session:
            session.execute(YEARS_OF_LEADS, {"now": clock.now(), "name": name})
        with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE licence_leads"))
        yield


@pytest.mark.parametrize("department", ["D7", "部门7", None])
def test_the_list_of_what_waits_does_not_read_what_was_taken_up(department: str | None) -> None:
    clerk = on_duty(Role.APPROVER, department=department)
    plan = plan_of(lambda session: leads.page(session, clerk=clerk, waiting=True), table="licence_leads")

    assert "ix_licence_leads_waiting" in plan, plan
    assert "Seq Scan" not in plan, plan
    assert "pk_licence_leads" not in plan, plan
