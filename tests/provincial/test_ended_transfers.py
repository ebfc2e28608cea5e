"""Hand-overs that come to nothing: the case is over (已撤回、已办结), or the bus says no after its yes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.cases import service as cases
from app.cases.models import Case, CaseEvent
from app.db import unit_of_work
from app.desk import transfers as at_the_desk
from app.staff.models import Role
from app.transfers import service
from app.transfers.errors import CaseOver, SentBack
from app.transfers.models import Transfer
from provincial import transfers
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY
from tests.conftest import Sandbox
from tests.races import together
from tests.staff_fixtures import Browser, browser, make_clerk

HERE, THERE = ("C03", "鼓楼区政务服务中心"), ("C06", "长乐区政务服务中心")


@pytest.fixture
def bus(database: None, sandbox: Sandbox) -> Iterator[Sandbox]:
    """The program, its city on a Monday, and a bus that has forgotten what was sent."""
    del database
    sandbox.forget_faults()
    sandbox.post("/_sim/reset")
    with clock.stopped_at(MONDAY):
        desk.open_city()
        yield sandbox


@pytest.fixture
def there(bus: Sandbox, client: FlaskClient) -> Browser:
    """A clerk of the hall to which everything goes."""
    del bus
    return browser(client, Role.FRONT_DESK, centre_id=THERE[0])


def the_case(case_no: str) -> Case:
    with unit_of_work() as session:
        return session.scalars(select(Case).where(Case.case_no == case_no)).one()


def begun(case_no: str) -> Transfer:
    case_id, clerk_id = the_case(case_no).id, make_clerk(Role.FRONT_DESK)
    with unit_of_work() as session:
        return service.begin(session, case_id=case_id, clerk_id=clerk_id, come_from=HERE, to=THERE)


def sent(case_no: str) -> Transfer:
    """A hand-over that the bus has taken."""
    begun(case_no)
    follow()
    return now()


def now() -> Transfer:
    with unit_of_work() as session:
        return session.scalars(select(Transfer).order_by(Transfer.id.desc()).limit(1)).one()


def follow(minutes: int = 0) -> None:
    with clock.stopped_at(MONDAY + timedelta(minutes=minutes)):
        transfers.follow()


def withdraw(case_no: str) -> None:
    case_fixtures.withdraw(the_case(case_no).citizen_id, case_no)


def calls(bus: Sandbox) -> int:
    return len(bus.get("/_sim/log?op=bus.ask")["items"] + bus.get("/_sim/log?op=bus.hand_over")["items"])


def told(case_no: str, kind: str) -> list[str]:
    with unit_of_work() as session:
        lines = select(CaseEvent.sentence).join(Case, Case.id == CaseEvent.case_id)
        return list(session.scalars(lines.where(Case.case_no == case_no, CaseEvent.kind == kind)))


def test_a_withdrawn_case_waits_nowhere_and_nobody_is_asked_about_it(
    bus: Sandbox, there: Browser, deliver: Any
) -> None:
    case_no = desk.submitted()
    sent(case_no)
    withdraw(case_no)
    deliver()
    deliver()

    asked = calls(bus)
    follow(minutes=90)
    page = there.get("/console/transfers").text
    assert (now().state, calls(bus)) == ("ended", asked)
    assert ("等本大厅接收" in page, "办件已撤回或办结" in page) == (False, True)
    assert told(case_no, "hand_over_ended") == [f"办件已结束，材料不再转往{THERE[1]}"]


def test_a_case_that_is_over_before_the_bus_was_told_is_never_sent(bus: Sandbox, deliver: Any) -> None:
    case_no = desk.submitted()
    begun(case_no)
    withdraw(case_no)
    deliver()
    follow(minutes=5)

    assert (now().state, calls(bus), told(case_no, "hand_over_ended")) == ("ended", 0, [])


def test_a_closed_case_ends_its_hand_over_and_a_decided_one_not_yet(bus: Sandbox, deliver: Any) -> None:
    del bus
    case_no = desk.accepted()
    sent(case_no)
    case_fixtures.decide(case_no)
    deliver()
    assert now().state == "sent"
    with unit_of_work() as session:
        cases.close(session, case_no=case_no, officer=case_fixtures.FRONT_DESK)
    deliver()
    assert now().state == "ended"


def test_what_the_bus_says_too_late_changes_nothing_and_the_clerk_is_told_why(
    bus: Sandbox, there: Browser, deliver: Any
) -> None:
    del bus
    case_no = desk.submitted()
    transfer = sent(case_no)
    withdraw(case_no)
    deliver()

    with unit_of_work() as session:
        service.note_sent(session, transfer_id=transfer.id, bus_no="SL-late")
        assert service.note_received(session, transfer_id=transfer.id, at=clock.now()) is None
        service.note_refused(session, transfer_id=transfer.id, reason="unknown_centre")
    late = there.post(f"/console/transfers/{transfer.id}/received")
    assert (late.status_code, CaseOver.message in late.text, now().state) == (409, True, "ended")


def test_taken_in_and_ended_at_once_it_is_one_of_both(bus: Sandbox) -> None:
    del bus
    transfer = sent(desk.submitted())

    def take_in() -> bool:
        with unit_of_work() as session:
            return service.note_received(session, transfer_id=transfer.id, at=MONDAY) is not None

    def end() -> bool:
        with unit_of_work() as session:
            return service.end_of_case(session, case_id=transfer.case_id)

    assert sorted(map(bool, together(take_in, end))) == [False, True]


def test_what_the_bus_refuses_after_it_took_it_is_refused_with_its_reason(
    bus: Sandbox, there: Browser
) -> None:
    case_no = desk.submitted()
    transfer = sent(case_no)
    bus.post("/_sim/faults", op="bus.ask", kind="unknown_centre", times=1)
    follow(minutes=5)

    page = there.get("/console/transfers").text
    assert (now().state, now().refusal) == ("refused", "unknown_centre")
    assert "省平台退回了这次移交" in page
    assert "省平台上没有这个大厅编码" in page
    assert told(case_no, "hand_over_sent_back") == [
        f"省平台没有接受转往{THERE[1]}的材料，由{HERE[1]}重新处理"
    ]
    tapped = there.post(f"/console/transfers/{transfer.id}/received")
    assert (tapped.status_code, SentBack.message in tapped.text) == (409, True)
    begun(case_no)


def test_a_reason_that_is_not_known_here_is_shown_as_the_bus_gave_it(bus: Sandbox, there: Browser) -> None:
    sent(desk.submitted())
    bus.post("/_sim/faults", op="bus.ask", kind="bad_body", times=1)
    follow(minutes=5)

    assert "省平台给的原因代码是“bad_body”" in there.get("/console/transfers").text


def test_more_than_one_page_that_waits_says_how_many(there: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_the_desk, "PAGE", 2)
    for _ in range(3):
        begun(desk.submitted())
    follow()

    page = there.get("/console/transfers").text
    assert "3 件" in page
    assert "先列出最早转来的2件" in page
