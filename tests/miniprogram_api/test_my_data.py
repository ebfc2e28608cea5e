"""My own data over HTTP: who looked, and the account's end."""

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient

from app import clock
from app.audit import service as audit
from app.cases import queries as case_queries
from app.db import unit_of_work
from app.desk import service as desk_service
from app.desk import window
from app.staff.models import Role
from tests import case_fixtures, staff_fixtures
from tests import desk_fixtures as desk
from tests.app.people.leaving import BEFORE, ENDS, leave, run
from tests.city_fixtures import MONDAY
from tests.miniprogram_api.owner import Owner
from tests.miniprogram_api.paid import counted

NAME = "陈窗口甲"


@pytest.fixture
def owner(client: FlaskClient) -> Iterator[Owner]:
    with clock.stopped_at(MONDAY):
        desk.open_city()
        yield Owner(client)


def looks(case_no: str, **columns: Any) -> None:
    """A clerk opens a case."""
    columns = {"name": NAME, "centre_id": "C01", **columns}
    clerk = staff_fixtures.on_duty(Role.FRONT_DESK, **columns)
    with unit_of_work() as session:
        desk_service.look_at(session, clerk=clerk, case_no=case_no)


def log_of(owner: Owner, path: str = "") -> list[dict[str, Any]]:
    return list(owner.call("GET", f"/me/access-log{path}").get_json()["items"])


def test_who_looked_is_told_by_role_and_hall_and_never_by_name(owner: Owner) -> None:
    case_no = case_fixtures.submitted(owner.id)
    looks(case_no)

    answered = owner.call("GET", "/me/access-log")

    (line,) = answered.get_json()["items"]
    assert line["who"].startswith("窗口人员 · ")
    assert line["who"].endswith("市民服务中心（示例）")
    assert (line["what"], line["about"]) == ("查看了您的办件", f"居民身份证丢失补领，办件编号 {case_no}")
    assert (line["id"], line["at"]) == ("1", "2026-11-16T08:00:00+08:00")
    assert NAME not in answered.get_data(as_text=True)


@pytest.mark.parametrize(
    ("department", "who"),
    [
        (desk.POLICE, f"窗口人员 · {desk.POLICE}"),
        ("11350100MB99000138", f"窗口人员 · {desk.POLICE}"),
        (None, "窗口人员"),
    ],
)
def test_a_clerk_of_no_hall_is_told_by_department(owner: Owner, department: str | None, who: str) -> None:
    case_no = case_fixtures.submitted(owner.id)
    if department and department.isascii():
        department = dept_code(case_no)
    looks(case_no, centre_id=None, department=department)

    assert log_of(owner)[0]["who"] == who


def dept_code(case_no: str) -> str:
    with unit_of_work() as session:
        officer = case_fixtures.FRONT_DESK
        return case_queries.for_clerk(session, officer=officer, case_no=case_no).dept_code


def test_each_sees_what_was_done_with_their_own_alone(owner: Owner, client: FlaskClient) -> None:
    other = Owner(client, "林四")
    looks(case_fixtures.submitted(other.id))

    assert log_of(owner) == []
    assert len(log_of(other)) == 1


def test_a_foreign_case_in_a_line_about_me_has_no_words(owner: Owner, client: FlaskClient) -> None:
    foreign = case_fixtures.submitted(Owner(client, "林四").id)
    write("case_viewed", f"case:{foreign}", citizen_id=owner.id)

    assert log_of(owner)[0]["about"] is None


def write(action: str, subject: str, *, citizen_id: int, actor: str = "clerk:1") -> None:
    with unit_of_work() as session:
        audit.record(session, actor=actor, action=action, subject=subject, citizen_id=citizen_id)


def test_an_action_that_nobody_has_words_for_is_told_all_the_same(owner: Owner) -> None:
    write("something_new", "thing:1", citizen_id=owner.id)

    assert (log_of(owner)[0]["what"], log_of(owner)[0]["who"]) == ("处理了与您有关的信息", "工作人员")


def test_the_log_goes_on_page_by_page(owner: Owner) -> None:
    for number in range(5):
        write("case_viewed", f"case:{number}", citizen_id=owner.id)

    first = owner.call("GET", "/me/access-log?limit=2").get_json()
    second = owner.call("GET", f"/me/access-log?limit=4&cursor={first['next_cursor']}").get_json()

    assert [line["id"] for line in first["items"] + second["items"]] == ["5", "4", "3", "2", "1"]
    assert second["next_cursor"] is None


def test_a_long_page_costs_no_more_statements_than_a_short_one(owner: Owner) -> None:
    with clock.stopped_at(MONDAY):
        visit = desk.visit(owner.id)
        clerk = staff_fixtures.on_duty(Role.FRONT_DESK, centre_id="C01")
        with unit_of_work() as session:
            window.check_in_by_code(session, clerk=clerk, code=visit.code)
    case_no = case_fixtures.submitted(owner.id)
    looks(case_no)
    with counted() as few:
        log_of(owner)
    for number in range(30):
        looks(case_no, centre_id=None, department=desk.POLICE if number % 2 else dept_code(case_no))
    with counted() as many:
        shown = log_of(owner, "?limit=100")

    assert len(shown) == 32
    assert len(many) <= len(few) + 1  # one more, for departments that are known by their code


def test_what_has_to_be_finished_first_is_said(owner: Owner) -> None:
    case_fixtures.accept(case_fixtures.submitted(owner.id))

    shown = owner.call("GET", "/me/closing").get_json()
    refused = owner.call("DELETE", "/me")

    assert (shown["can_close"], shown["closes_on"]) == (False, None)
    assert [reason[:9] for reason in shown["reasons"]] == ["有1件办件还没有办", "有1笔费用还没有缴"]
    assert (refused.status_code, refused.get_json()["code"]) == (409, "account_has_open_matters")
    assert refused.get_json()["errors"] == {"reasons": shown["reasons"]}


def test_what_stays_is_said_with_its_law(owner: Owner) -> None:
    kept = "".join(owner.call("GET", "/me/closing").get_json()["kept"])

    for law in ("档案法", "会计档案管理办法", "网络安全法", "个人信息保护法"):
        assert law in kept


def test_going_and_staying_may_each_be_tapped_twice(owner: Owner) -> None:
    gone = [owner.call("DELETE", "/me").get_json() for _ in range(2)]
    assert gone[0] == gone[1] == owner.call("GET", "/me/closing").get_json()
    assert (gone[0]["closes_on"], owner.call("GET", "/me").get_json()["closing_on"]) == ("2026-12-01",) * 2

    stayed = [owner.call("DELETE", "/me/closing").get_json() for _ in range(2)]
    assert stayed[0] == stayed[1]
    assert (stayed[0]["closes_on"], owner.call("GET", "/me").get_json()["closing_on"]) == (None, None)


def test_an_account_that_is_closed_has_no_way_in(owner: Owner) -> None:
    leave(owner.id)

    answered = owner.call("GET", "/me/closing")

    assert (answered.status_code, answered.get_json()["code"]) == (401, "session_over")


def test_the_citizen_is_told_at_the_start_and_the_day_before(
    owner: Owner, deliver: Callable[[], None]
) -> None:
    owner.call("DELETE", "/me")
    deliver()
    run(BEFORE)
    with clock.stopped_at(ENDS):
        deliver()

    told = owner.call("GET", "/messages").get_json()["items"]

    assert [message["title"] for message in told] == ["账号明天注销", "已申请注销账号"]
    assert {message["page"] for message in told} == {"pages/me/privacy"}
    assert "12月01日" in told[0]["text"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/me/access-log"), ("GET", "/me/closing"), ("DELETE", "/me")]
)
def test_the_answers_are_as_the_document_says(
    owner: Owner, client: FlaskClient, method: str, path: str
) -> None:
    write("case_viewed", "case:1", citizen_id=owner.id)
    document = client.get("/api/v1/openapi.json").get_json()
    answers = document["paths"][f"/api/v1{path}"][method.lower()]["responses"]
    shape = answers["200"]["content"]["application/json"]["schema"]

    jsonschema.validate(owner.call(method, path).get_json(), {**shape, "components": document["components"]})
