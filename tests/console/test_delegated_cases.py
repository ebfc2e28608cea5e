"""What the desk sees of what somebody else did for an applicant (代办)."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.cases import service
from app.db import unit_of_work
from app.delegations.models import Act
from app.deliveries.errors import NotThePersonNamed
from app.staff.models import Role
from tests import case_fixtures, delivery_fixtures
from tests.app.appointments.books import book
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, make_slot
from tests.delegation_fixtures import DRIVER, acting, delegated, end, prove, proven
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def giver(city: None) -> int:
    del city
    publish(item("dl-lost"))
    return proven("林秀英")


@pytest.fixture
def agent(city: None) -> int:
    del city
    return proven("陈志强")


@pytest.fixture
def front_desk(client: FlaskClient) -> Browser:
    return browser(client, Role.FRONT_DESK, centre_id="C01")


def handed_in(giver: int, agent: int) -> str:
    case_no = case_fixtures.ready(giver, DRIVER)
    with acting(agent, delegated(giver, agent)), unit_of_work() as session:
        service.submit(session, citizen_id=giver, case_no=case_no)
    return case_no


def test_page_and_list_say_who_handed_it_in(front_desk: Browser, giver: int, agent: int) -> None:
    case_no = handed_in(giver, agent)

    page = front_desk.get(f"/console/cases/{case_no}").text

    assert "由 <b>陈志强</b>代办。申请人用手机授权：" in page
    assert "代办人**强" in page
    assert '<span class="tag">代办</span>' in front_desk.get("/console/cases").text


def test_what_the_applicant_handed_in_themselves_has_no_mark(front_desk: Browser, giver: int) -> None:
    case_no = case_fixtures.submitted(giver, DRIVER)

    assert "代办" not in front_desk.get(f"/console/cases/{case_no}").text
    assert '<span class="tag">代办</span>' not in front_desk.get("/console/cases").text


def test_the_hall_sees_that_an_agent_comes(front_desk: Browser, giver: int, agent: int) -> None:
    slot_id = make_slot(at=MONDAY + timedelta(hours=2))
    with clock.stopped_at(MONDAY - timedelta(days=3)), acting(agent, delegated(giver, agent)):
        book(giver, slot_id, DRIVER)

    assert '<span class="tag">代办</span>' in front_desk.get("/console/appointments").text


def test_what_an_agent_handed_in_is_never_sent_but_waits_at_a_hall(giver: int, agent: int) -> None:
    case_no = case_fixtures.ready(giver, DRIVER)
    case_fixtures.fill(giver, case_no, delivery=delivery_fixtures.POST)
    with acting(agent, delegated(giver, agent)), unit_of_work() as session:
        service.submit(session, citizen_id=giver, case_no=case_no)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    case_fixtures.decide(case_no)

    delivery_fixtures.begin(case_no)

    waits = delivery_fixtures.delivery_of(case_no)
    assert (waits.state, waits.centre_id, waits.address) == ("waiting", "C01", None)


def test_an_agent_fetches_the_result_while_the_authority_lasts(agent: int) -> None:
    publish(item("dl-lost"))
    giver, case_no = delivery_fixtures.decided(delivery_fixtures.WINDOW, task_code=DRIVER)
    prove(giver)
    for acts in ([Act.APPLY], list(Act)):
        end(giver, delegated(giver, agent, acts=acts))
        with pytest.raises(NotThePersonNamed):
            delivery_fixtures.hand_out(case_no, received_by="陈志强")

    delegated(giver, agent, acts=[Act.COLLECT])
    delivery_fixtures.hand_out(case_no, received_by="陈志强")

    assert delivery_fixtures.delivery_of(case_no).received_by == "陈志强"


def test_the_window_sees_who_may_fetch_it_and_hands_it_to_them(front_desk: Browser, agent: int) -> None:
    publish(item("dl-lost"))
    giver, case_no = delivery_fixtures.decided(delivery_fixtures.WINDOW, task_code=DRIVER)
    prove(giver)
    code = delivery_fixtures.code(case_no)
    assert "没有授权" in front_desk.post("/console/deliveries/pick-up", code=code).text
    delegated(giver, agent, acts=[Act.COLLECT])

    assert "代领人陈志强已签收" in front_desk.post("/console/deliveries/pick-up", code=code).text
    front_desk.post("/console/deliveries/pick-up/hand-out", code=code, received_by="陈志强")

    assert delivery_fixtures.delivery_of(case_no).received_by == "陈志强"
