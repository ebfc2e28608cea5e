"""Collected in one hall, decided at home: 转出→接收, whatever acknowledgement gets lost (R018)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import clock
from app.cases.models import Case, CaseEvent
from app.db import unit_of_work
from app.staff.models import Role
from app.transfers import service
from app.transfers.errors import NotToBeHandedOver, OnItsWay, WhereToInvalid
from app.transfers.models import Transfer
from platforms.bus import Bus
from provincial import transfers
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY
from tests.conftest import Sandbox
from tests.desk_fixtures import CIVIL_AFFAIRS, POLICE
from tests.races import Meeting, refusals, together
from tests.staff_fixtures import Browser, browser, make_clerk
from web.flask_app import YimaFlask

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


def kept(bus: Sandbox) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = bus.get("/_sim/bus/transfers")["items"]
    return items


def calls(bus: Sandbox, op: str) -> int:
    return len(bus.get(f"/_sim/log?op=bus.{op}")["items"])


def id_of(case_no: str) -> int:
    with unit_of_work() as session:
        return session.scalars(select(Case.id).where(Case.case_no == case_no)).one()


def begin(case_no: str, to: tuple[str, str] = THERE) -> str:
    """Hand a case over; the reference."""
    case_id, clerk_id = id_of(case_no), make_clerk(Role.FRONT_DESK)
    with unit_of_work() as session:
        made = service.begin(session, case_id=case_id, clerk_id=clerk_id, come_from=HERE, to=to)
        return made.reference


def state() -> tuple[str, str | None]:
    with unit_of_work() as session:
        found = session.scalars(select(Transfer)).one()
        return found.state, found.refusal


def states() -> list[str]:
    with unit_of_work() as session:
        return list(session.scalars(select(Transfer.state)))


def follow(minutes: int = 0) -> None:
    with clock.stopped_at(MONDAY + timedelta(minutes=minutes)):
        transfers.follow()


def told(case_no: str) -> list[str]:
    with unit_of_work() as session:
        lines = select(CaseEvent.sentence).where(CaseEvent.case_id == id_of(case_no)).order_by(CaseEvent.id)
        return [sentence for sentence in session.scalars(lines) if "材料" in sentence and "中心" in sentence]


def test_what_is_sent_is_received_and_the_citizen_reads_both(bus: Sandbox) -> None:
    case_no = desk.submitted()
    reference = begin(case_no)
    follow()
    assert state() == ("sent", None)
    bus.post(f"/_sim/bus/transfers/{reference}/received")
    follow(minutes=5)
    follow(minutes=90)
    assert state() == ("received", None)
    assert told(case_no) == [
        f"您的材料已从{HERE[1]}转往{THERE[1]}，仍由{POLICE}决定",
        f"{THERE[1]}已收到您的材料",
    ]


@pytest.mark.parametrize("kind", ["reset", "http_502", "truncated", "empty"])
def test_a_lost_acknowledgement_leads_to_one_question_and_no_second_hand_over(
    bus: Sandbox, kind: str
) -> None:
    case_no = desk.submitted()
    begin(case_no)
    bus.post("/_sim/faults", op="bus.hand_over", kind=kind, times=1, detail={"after": True})
    follow()
    assert state()[0] == "sending"
    assert told(case_no) == []
    follow(minutes=2)
    assert (state()[0], len(kept(bus))) == ("sent", 1)
    assert (calls(bus, "hand_over"), calls(bus, "ask")) == (1, 1)


def test_what_never_arrived_is_sent_again_under_the_same_reference(bus: Sandbox) -> None:
    reference = begin(desk.submitted())
    bus.post("/_sim/faults", op="bus.hand_over", kind="http_503", times=1)
    follow()
    follow(minutes=2)
    assert state()[0] == "sent"
    assert [one["reference"] for one in kept(bus)] == [reference]


def test_nothing_is_asked_before_its_moment(bus: Sandbox) -> None:
    begin(desk.submitted())
    bus.post("/_sim/faults", op="bus.hand_over", kind="http_503", times=1)
    follow()
    follow()
    assert (state()[0], calls(bus, "hand_over"), calls(bus, "ask")) == ("sending", 1, 0)


def test_what_the_bus_refuses_may_be_handed_over_again(bus: Sandbox) -> None:
    case_no = desk.submitted()
    begin(case_no, ("CLOSED-1", "已关闭的大厅"))
    follow()
    assert state() == ("refused", "unknown_centre")
    begin(case_no)


def test_a_bus_that_is_away_costs_one_question_and_the_others_keep_their_moment(bus: Sandbox) -> None:
    for _ in range(3):
        begin(desk.submitted())
    bus.post("/_sim/faults", op="bus.hand_over", kind="http_503", times=1)
    follow()
    assert calls(bus, "hand_over") == 1
    follow()
    assert sorted(states()) == ["sending", "sent", "sent"]


def test_what_the_database_refuses_of_one_answer_holds_up_no_other(
    bus: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Bus.hand_over
    monkeypatch.setattr(Bus, "hand_over", lambda *asked: replace(told(*asked), number="SL1"))
    for _ in range(2):
        begin(desk.submitted())
    follow()
    assert sorted(states()) == ["sending", "sent"]
    monkeypatch.undo()
    follow(minutes=2)
    assert states() == ["sent", "sent"]


def test_two_jobs_at_once_tell_the_bus_once(bus: Sandbox) -> None:
    begin(desk.submitted())
    with clock.stopped_at(MONDAY):
        together(transfers.follow, transfers.follow)
    assert (calls(bus, "hand_over"), state()[0]) == (1, "sent")


def test_of_two_clerks_at_once_one_hands_over(bus: Sandbox) -> None:
    del bus
    case_no = desk.submitted()
    assert refusals(together(lambda: begin(case_no), lambda: begin(case_no)), OnItsWay) == 1


def test_control_by_looking_first_both_would(bus: Sandbox) -> None:
    del bus
    case_id, clerk_id, meeting = id_of(desk.submitted()), make_clerk(Role.FRONT_DESK), Meeting()

    def look_first(reference: str) -> None:
        with unit_of_work() as session:
            if session.scalar(select(Transfer.id).where(Transfer.case_id == case_id)):
                raise OnItsWay
            meeting.wait()
            way = {"from_code": "C03", "from_name": "三", "to_code": "C06", "to_name": "六"}
            times = {"begun_at": MONDAY, "next_check_at": MONDAY}
            session.add(Transfer(case_id=case_id, clerk_id=clerk_id, reference=reference, **way, **times))

    index = "uq_transfers_one_on_its_way"
    with unit_of_work() as session:
        session.execute(text(f"DROP INDEX {index}"))
    try:
        together(lambda: look_first("one-0001"), lambda: look_first("two-0002"))
        with unit_of_work() as session:
            assert session.query(Transfer).count() == 2
    finally:
        with unit_of_work() as session:
            session.execute(text("DELETE FROM transfers"))
            where = "state IN ('sending', 'sent')"
            session.execute(text(f"CREATE UNIQUE INDEX {index} ON transfers (case_id) WHERE {where}"))


@pytest.mark.parametrize("to", [("C03", "自己"), ("", "无"), ("C06", ""), ("c六", "x")])
def test_it_must_go_somewhere_else(bus: Sandbox, to: tuple[str, str]) -> None:
    del bus
    with pytest.raises(WhereToInvalid):
        begin(desk.submitted(), to)


def test_a_decided_case_goes_nowhere(bus: Sandbox) -> None:
    del bus
    with pytest.raises(NotToBeHandedOver):
        begin(desk.decided())


def read(clerk: Browser, path: str = "/console/transfers") -> str:
    return clerk.get(path).get_data(as_text=True)


def test_both_halls_see_it_and_home_decides(bus: Sandbox, client: FlaskClient, app: YimaFlask) -> None:
    del bus
    case_no = desk.accepted()
    here = browser(client, Role.FRONT_DESK, centre_id="C03")
    there = browser(app.test_client(), Role.APPROVER, centre_id="C06", department=CIVIL_AFFAIRS)
    elsewhere = browser(app.test_client(), Role.FRONT_DESK, centre_id="C05")
    sent = here.post("/console/transfers", case_no=case_no, to_code="c06")
    assert sent.status_code == 303
    assert here.post("/console/transfers", case_no=case_no, to_code="C06").status_code == 409
    follow()
    assert [case_no in read(clerk) for clerk in (here, there, elsewhere)] == [True, True, False]
    assert "已转出，等对方接收" in read(there)
    assert there.post(f"/console/cases/{case_no}/decide", granted="yes").status_code == 404
    case_fixtures.decide(case_no)
    assert "case_handed_over" in desk.actions()


def test_why_the_bus_refused_is_said_in_words(bus: Sandbox, client: FlaskClient) -> None:
    del bus
    begin(desk.submitted(), ("CLOSED-1", "已关闭的大厅"))
    follow()
    page = read(browser(client, Role.FRONT_DESK, centre_id="C03"))
    assert "省平台上没有这个大厅编码" in page
    assert "unknown_centre" not in page


def test_only_a_hall_hands_over_and_only_its_departments_case(
    bus: Sandbox, client: FlaskClient, app: YimaFlask
) -> None:
    del bus
    case_no = desk.submitted()
    nowhere = browser(client, Role.FRONT_DESK)
    foreign = browser(app.test_client(), Role.FRONT_DESK, centre_id="C03", department=CIVIL_AFFAIRS)
    assert nowhere.post("/console/transfers", case_no=case_no, to_code="C06").status_code == 409
    assert foreign.post("/console/transfers", case_no=case_no, to_code="C06").status_code == 404
    here = browser(app.test_client(), Role.FRONT_DESK, centre_id="C03")
    assert here.post("/console/transfers", case_no=case_no, to_code="C\x006").status_code == 422
