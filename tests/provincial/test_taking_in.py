"""A clerk of the other hall takes in what was sent there (接收), also while the bus says the same."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.cases.models import Case, CaseEvent
from app.db import unit_of_work
from app.staff.models import Role
from app.transfers import service
from app.transfers.errors import NotSentYet, TransferNotFound
from app.transfers.models import Transfer, TransferState
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY
from tests.desk_fixtures import CIVIL_AFFAIRS
from tests.races import Meeting, together
from tests.staff_fixtures import Browser, browser, make_clerk
from web.flask_app import YimaFlask

HERE, THERE = ("C03", "鼓楼区政务服务中心"), ("C06", "长乐区政务服务中心")
Open = Callable[..., Browser]


@pytest.fixture
def city(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        desk.open_city()
        yield


@pytest.fixture
def there(city: None, client: FlaskClient) -> Browser:
    """A clerk of the other hall, of another department than the one that decides."""
    del city
    return browser(client, Role.FRONT_DESK, centre_id="C06", department=CIVIL_AFFAIRS)


def begun(case_no: str | None = None) -> int:
    """A hand-over of which the bus knows nothing yet; its number."""
    clerk_id = make_clerk(Role.FRONT_DESK)
    number = case_no or desk.submitted()
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id).where(Case.case_no == number)).one()
        return service.begin(session, case_id=case_id, clerk_id=clerk_id, come_from=HERE, to=THERE).id


def sent() -> int:
    transfer_id = begun()
    with unit_of_work() as session:
        service.note_sent(session, transfer_id=transfer_id, bus_no=f"BUS-{transfer_id}")
    return transfer_id


def state(transfer_id: int) -> str:
    with unit_of_work() as session:
        return session.get_one(Transfer, transfer_id).state


def times_told() -> int:
    with unit_of_work() as session:
        lines = select(CaseEvent.sentence).where(CaseEvent.kind == "handed_in_there")
        return len(session.scalars(lines).all())


def by_the_clerk(transfer_id: int) -> bool:
    """Whether it was this clerk who took it in."""
    with unit_of_work() as session:
        return service.take_in(session, transfer_id=transfer_id, hall=THERE[0]) is not None


def by_the_bus(transfer_id: int) -> bool:
    with unit_of_work() as session:
        return service.note_received(session, transfer_id=transfer_id, at=clock.now()) is not None


def test_a_clerk_of_the_other_hall_finds_it_waiting_and_takes_it_in(there: Browser) -> None:
    transfer_id = sent()
    assert "等本大厅接收" in there.get("/console/transfers").text

    taken = there.post(f"/console/transfers/{transfer_id}/received")
    assert (taken.status_code, state(transfer_id), times_told()) == (303, "received", 1)
    assert "case_taken_in" in desk.actions()
    assert "等本大厅接收" not in there.get("/console/transfers").text


def test_taking_in_again_changes_nothing(there: Browser) -> None:
    transfer_id = sent()
    for _ in range(2):
        assert there.post(f"/console/transfers/{transfer_id}/received").status_code == 303

    assert (times_told(), desk.actions().count("case_taken_in")) == (1, 1)


def test_what_the_bus_has_not_acknowledged_cannot_be_taken_in(there: Browser) -> None:
    transfer_id = begun()

    refused = there.post(f"/console/transfers/{transfer_id}/received")
    assert (refused.status_code, NotSentYet.message in refused.text) == (409, True)
    assert state(transfer_id) == "sending"


@pytest.mark.parametrize("hall", ["C03", "C05"])
def test_another_hall_takes_nothing_in(there: Browser, app: YimaFlask, hall: str) -> None:
    del there
    transfer_id = sent()
    elsewhere = browser(app.test_client(), Role.FRONT_DESK, centre_id=hall)

    refused = elsewhere.post(f"/console/transfers/{transfer_id}/received")
    assert (refused.status_code, TransferNotFound.message in refused.text) == (404, True)
    assert state(transfer_id) == "sent"


def test_it_takes_the_duty_and_a_hall(there: Browser, app: YimaFlask) -> None:
    del there
    transfer_id = sent()
    approver = browser(app.test_client(), Role.APPROVER, centre_id="C06")
    nowhere = browser(app.test_client(), Role.FRONT_DESK)

    path = f"/console/transfers/{transfer_id}/received"
    assert [clerk.post(path).status_code for clerk in (approver, nowhere)] == [403, 409]
    assert "<button aria-label=" not in approver.get("/console/transfers").text


def test_of_two_clerks_and_the_bus_at_once_one_takes_it_in(city: None) -> None:
    del city
    transfer_id = sent()

    took = together(
        lambda: by_the_clerk(transfer_id), lambda: by_the_bus(transfer_id), lambda: by_the_clerk(transfer_id)
    )
    assert sorted(map(bool, took)) == [False, False, True]
    assert (state(transfer_id), times_told()) == ("received", 1)


def test_control_by_looking_first_both_do(city: None) -> None:
    del city
    transfer_id, meeting = sent(), Meeting()

    def look_first() -> bool:
        with unit_of_work() as session:
            if session.scalar(select(Transfer.state).where(Transfer.id == transfer_id)) != TransferState.SENT:
                return False
            meeting.wait()
            received = {"state": TransferState.RECEIVED.value, "received_at": clock.now()}
            session.execute(update(Transfer).where(Transfer.id == transfer_id).values(**received))
            return True

    assert together(look_first, look_first) == [True, True]
