from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import clock, db
from app.cases import service as cases
from app.cases.events import CaseDecided, CaseSubmitted
from app.cases.models import Case
from app.db import unit_of_work
from app.desk import leads
from app.double_notice import service
from app.double_notice.errors import LeadNoteWrong, LeadNotFound, LeadTakenUp
from app.double_notice.models import LicenceLead
from app.staff.models import Role
from tests import case_fixtures
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.people_fixtures import log_in_as
from tests.races import Meeting, refusals, together
from tests.staff_fixtures import on_duty

SETUP, FOOD = item("solo-setup")["task_code"], item("food-permit")["task_code"]
RESTAURANT = "餐饮服务"


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(item("solo-setup"), item("food-permit"), item("hygiene-permit"))
        yield


@pytest.fixture
def owner_id() -> int:
    return case_fixtures.citizen()


@pytest.fixture
def register(owner_id: int, deliver: Any) -> Callable[..., str]:
    """Let a shop be registered; the number of the case."""

    def run(scope: str = RESTAURANT, *, granted: bool = True) -> str:
        case_no = case_fixtures.ready(owner_id, SETUP)
        changes = {"business_scope": scope, "shop_name": "示例市老王工作室"}
        with unit_of_work() as session:
            cases.save_form(session, citizen_id=owner_id, case_no=case_no, changes=changes)
        case_fixtures.submit(owner_id, case_no)
        case_fixtures.accept(case_no)
        case_fixtures.decide(case_no, granted=granted, reason="材料不实", legal_basis="条例第三条")
        deliver()
        return case_no

    return run


@pytest.fixture
def phone(client: FlaskClient, owner_id: int) -> Callable[[str], Any]:
    headers = log_in_as(owner_id)
    return lambda path: client.get(f"/api/v1{path}", headers=headers).get_json()


def listed(department: str | None = "市市场监督管理局", *, waiting: bool = True) -> list[leads.Line]:
    with unit_of_work() as session:
        return leads.page(session, clerk=on_duty(Role.FRONT_DESK, department=department), waiting=waiting)[0]


def test_registering_a_restaurant_names_the_food_licence_to_the_applicant(
    register: Callable[..., str], phone: Callable[[str], Any]
) -> None:
    case_no = register()

    (told,) = [each for each in phone("/messages")["items"] if each["title"] == "开业前还要办的许可"]
    assert "1.食品经营许可（餐饮服务）（市市场监督管理局）" in told["text"]
    (licence,) = phone(f"/cases/{case_no}")["licences"]
    assert (licence["task_code"], licence["taken_up"]) == (FOOD, False)


def test_the_department_has_a_record_of_the_unit(register: Callable[..., str]) -> None:
    register()

    (line,) = listed()
    assert (line.unit_name, line.task_name) == ("示例市老王工作室", "食品经营许可（餐饮服务）")
    assert listed("市公安局") == []


def test_each_department_is_told_of_what_it_decides(register: Callable[..., str]) -> None:
    register("理发、餐饮服务")

    assert [line.dept_name for line in listed(None)] == ["市卫生健康委员会", "市市场监督管理局"]


def test_a_business_that_needs_no_licence_is_told_nothing(
    register: Callable[..., str], phone: Callable[[str], Any]
) -> None:
    case_no = register("软件开发")

    assert phone(f"/cases/{case_no}")["licences"] == []
    assert "开业前还要办的许可" not in [each["title"] for each in phone("/messages")["items"]]


def test_a_refused_registration_names_nothing(register: Callable[..., str]) -> None:
    register(granted=False)

    assert listed(None) == []


def test_handing_in_the_licence_s_case_takes_the_lead_up(
    register: Callable[..., str], owner_id: int, deliver: Any, phone: Callable[[str], Any]
) -> None:
    case_no = register()
    case_fixtures.start(owner_id, FOOD)
    deliver()
    assert len(listed()) == 1  # a draft is nobody's business yet

    case_fixtures.submit(owner_id, case_fixtures.ready(owner_id, FOOD))
    deliver()

    assert listed() == []
    assert [line.by_case for line in listed(waiting=False)] == [True]
    assert phone(f"/cases/{case_no}")["licences"][0]["taken_up"]


def test_a_licence_whose_case_is_under_way_is_taken_up_from_the_start(
    register: Callable[..., str], owner_id: int, deliver: Any, phone: Callable[[str], Any]
) -> None:
    case_fixtures.submit(owner_id, case_fixtures.ready(owner_id, FOOD))
    deliver()
    register()

    assert listed() == []
    assert [line.by_case for line in listed(waiting=False)] == [True]
    assert "开业前还要办的许可" not in [each["title"] for each in phone("/messages")["items"]]


def test_the_message_names_only_what_is_not_under_way(
    register: Callable[..., str], owner_id: int, deliver: Any, phone: Callable[[str], Any]
) -> None:
    case_fixtures.submit(owner_id, case_fixtures.ready(owner_id, FOOD))
    deliver()
    register("理发、餐饮服务")

    (told,) = [each["text"] for each in phone("/messages")["items"] if each["title"] == "开业前还要办的许可"]
    assert ("公共场所卫生许可" in told, "食品经营许可" in told) == (True, False)


def named_while_handed_in(register: Callable[..., str], owner_id: int) -> int:
    """How many units wait, after the licence's case came in while the licence was being named."""
    case_no = register()
    food, meeting = case_fixtures.ready(owner_id, FOOD), Meeting()
    with unit_of_work() as session:
        session.execute(text("TRUNCATE licence_leads"))
        case_ids = {one.case_no: one.id for one in session.scalars(select(Case))}

    def name() -> None:
        with unit_of_work() as session:
            service.tell_of_licences(session, CaseDecided(case_ids[case_no]))
            meeting.wait()
            meeting.wait()

    def hand_in() -> None:
        meeting.wait()
        case_fixtures.submit(owner_id, food)
        with unit_of_work() as session:
            service.take_up(session, CaseSubmitted(case_ids[food]))
        meeting.wait()

    together(name, hand_in)
    return len(listed())


def test_a_case_handed_in_while_its_licence_is_named_takes_it_up(
    register: Callable[..., str], owner_id: int
) -> None:
    assert named_while_handed_in(register, owner_id) == 0


def test_control_without_taking_turns_the_unit_would_wait_for_ever(
    register: Callable[..., str], owner_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_take_turns", lambda *_: None)
    assert named_while_handed_in(register, owner_id) == 1


def test_a_clerk_says_what_was_done(register: Callable[..., str]) -> None:
    register()
    (line,) = listed()

    with unit_of_work() as session:
        leads.mark(session, clerk=on_duty(Role.FRONT_DESK), lead_id=line.id, note="已电话联系，下周来办")

    assert [each.note for each in listed(waiting=False)] == ["已电话联系，下周来办"]


@pytest.mark.parametrize("note", ["", "   ", "长" * 201])
def test_a_mark_says_something_brief(register: Callable[..., str], note: str) -> None:
    register()

    with pytest.raises(LeadNoteWrong), unit_of_work() as session:
        leads.mark(session, clerk=on_duty(Role.FRONT_DESK), lead_id=listed()[0].id, note=note)


def test_another_department_s_lead_is_not_there(register: Callable[..., str]) -> None:
    register()
    line = listed()[0]

    with pytest.raises(LeadNotFound), unit_of_work() as session:
        leads.mark(
            session, clerk=on_duty(Role.FRONT_DESK, department="市公安局"), lead_id=line.id, note="已联系"
        )


def test_of_two_clerks_one_marks(register: Callable[..., str]) -> None:
    register()
    lead_id = listed()[0].id

    def mark() -> None:
        with unit_of_work() as session:
            leads.mark(session, clerk=on_duty(Role.FRONT_DESK), lead_id=lead_id, note="已联系")

    assert refusals(together(mark, mark, mark), LeadTakenUp) == 2


def test_a_decision_told_twice_at_once_is_one_record(register: Callable[..., str]) -> None:
    case_no = register()
    tell = telling_again(case_no)

    together(tell, tell, tell)

    assert len(listed()) == 1


def test_control_without_the_constraint_a_decision_told_twice_is_two_records(
    register: Callable[..., str],
) -> None:
    constraint = "uq_licence_leads_case_id_task_code"
    case_no = register()
    with db.engine().begin() as connection:
        connection.execute(text(f"ALTER TABLE licence_leads DROP CONSTRAINT {constraint}"))
    try:
        telling_again(case_no)()
        assert len(listed()) == 2
    finally:
        with db.engine().begin() as connection:
            connection.execute(text("TRUNCATE licence_leads"))
            connection.execute(
                text(f"ALTER TABLE licence_leads ADD CONSTRAINT {constraint} UNIQUE (case_id, task_code)")
            )


def test_what_was_named_is_in_the_citizen_s_own_file(
    register: Callable[..., str], phone: Callable[[str], Any]
) -> None:
    register()

    (told,) = phone("/me/export")["licence_hints"]
    assert told["licence"] == "食品经营许可（餐饮服务）"


def test_the_name_of_who_trades_alone_lies_nowhere_readable(register: Callable[..., str]) -> None:
    register()

    with unit_of_work() as session:
        (stored,) = session.execute(text("SELECT unit_name FROM licence_leads")).scalars()
        assert "老王工作室".encode() not in bytes(stored)
        assert session.scalars(select(LicenceLead.unit_name)).all() == ["示例市老王工作室"]


def telling_again(case_no: str) -> Callable[[], None]:
    """The decision, told once more."""
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id).where(Case.case_no == case_no)).one()

    def run() -> None:
        with unit_of_work() as session:
            service.tell_of_licences(session, CaseDecided(case_id))

    return run
