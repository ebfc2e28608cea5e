"""Promising and objecting over HTTP (告知承诺、陈述申辩)."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.clock import stopped_at
from app.db import unit_of_work
from app.own_data import matters
from tests import case_fixtures, credit_fixtures, promise_fixtures
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY, load_city
from tests.people_fixtures import log_in_as
from tests.promise_fixtures import PAPER, promising_item


class Phone:
    """The phone of somebody who may promise."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.owner = case_fixtures.citizen()
        self.headers = log_in_as(self.owner)

    def ask(self, method: str, path: str, **body: Any) -> TestResponse:
        headers = self.headers | {"Idempotency-Key": f"{method}-{path[-20:]}"}
        return self.client.open(f"/api/v1/cases/{path}", method=method, json=body or None, headers=headers)


@pytest.fixture
def phone(client: FlaskClient) -> Phone:
    load_city()
    publish(promising_item())
    return Phone(client)


@pytest.fixture
def monday() -> Iterator[None]:
    """The clock stands still, so that the days of a record are known."""
    with stopped_at(MONDAY):
        yield


def test_a_promise_is_read_signed_and_taken_back(phone: Phone) -> None:
    case_no = promise_fixtures.draft(phone.owner)
    path = f"{case_no}/materials/{PAPER}/promise"
    text = phone.ask("GET", path).get_json()
    signed = phone.ask("POST", path, digest=text["digest"], read=True).get_json()
    paper = next(one for one in signed["materials"] if one["material_code"] == PAPER)

    assert text["title"] == "告知承诺书"
    assert (paper["may_promise"], paper["promise"]["check_days"]) == (True, 10)
    assert phone.ask("DELETE", path).status_code == 200
    assert phone.ask("DELETE", path).status_code == 404


def test_what_was_found_is_shown_and_may_be_objected_to(phone: Phone) -> None:
    case_no = promise_fixtures.granted(phone.owner)
    promise_fixtures.find(case_no)
    [shown] = phone.ask("GET", f"{case_no}/promise-checks").get_json()["items"]
    path = f"{case_no}/promise-checks/{shown['id']}/objection"
    objected = phone.ask("POST", path, text="登记有误").get_json()

    assert (shown["state"], shown["may_object"], shown["evidence"]) == ("broken", True, "查无此事")
    assert (objected["state"], objected["may_object"], objected["objection"]) == (
        "objected",
        False,
        "登记有误",
    )


def test_whoever_broke_a_promise_is_told_what_to_do_instead(phone: Phone) -> None:
    promise_fixtures.find(promise_fixtures.granted(phone.owner))
    draft = promise_fixtures.draft(phone.owner)
    refused = phone.ask("GET", f"{draft}/materials/{PAPER}/promise")

    assert (refused.status_code, refused.get_json()["code"]) == (409, "promise_barred")
    assert "请提交材料" in refused.get_json()["detail"]


def test_to_somebody_else_nothing_is_there(phone: Phone) -> None:
    case_no = promise_fixtures.granted(phone.owner)
    promise_fixtures.find(case_no)
    check_id = promise_fixtures.check_of(case_no).check.id
    phone.headers = log_in_as(case_fixtures.citizen("李小红"))
    own = promise_fixtures.draft(case_fixtures.citizen("李小红"))

    assert phone.ask("GET", f"{case_no}/promise-checks").status_code == 404
    assert phone.ask("POST", f"{own}/promise-checks/{check_id}/objection", text="x").status_code == 404


@pytest.mark.usefixtures("monday")
def test_a_record_is_mine_to_see_and_its_repair_is_asked_for(phone: Phone) -> None:
    case_no = credit_fixtures.broken(phone.owner)
    mine = phone.client.get("/api/v1/me/broken-promises", headers=phone.headers).get_json()["items"]
    path = f"{case_no}/promise-checks/{mine[0]['id']}/pleas"
    asked = phone.ask("POST", path, kind="repair", text="已经补交了证明").get_json()

    assert (mine[0]["case_no"], mine[0]["record"]["state"]) == (case_no, "ready")
    assert (mine[0]["record"]["until"], mine[0]["may_ask"]) == ("2027-11-16", ["repair", "objection"])
    assert (asked["pleas"][0]["said"], asked["pleas"][0]["state"]) == ("已经补交了证明", "open")
    assert asked["may_ask"] == []
    with unit_of_work() as session:
        assert any("失信记录申请" in sentence for sentence in matters.open_matters(session, phone.owner))


@pytest.mark.usefixtures("monday")
def test_nobody_asks_about_the_record_of_somebody_else(phone: Phone) -> None:
    case_no = credit_fixtures.broken(phone.owner)
    check_id = promise_fixtures.check_of(case_no).check.id
    phone.headers = log_in_as(case_fixtures.citizen("李小红"))
    refused = phone.ask("POST", f"{case_no}/promise-checks/{check_id}/pleas", kind="repair", text="改了")

    assert refused.status_code == 404
    assert phone.client.get("/api/v1/me/broken-promises", headers=phone.headers).get_json()["items"] == []


@pytest.mark.usefixtures("monday")
def test_what_nobody_can_open_says_whom_to_ask_and_not_to_try_again(phone: Phone) -> None:
    case_no = promise_fixtures.granted(phone.owner)
    promise_fixtures.find(case_no)
    with unit_of_work() as session:
        session.execute(text("UPDATE promise_checks SET evidence = '\\x00'"))
    for path in (f"/api/v1/cases/{case_no}/promise-checks", "/api/v1/me/broken-promises"):
        answer = phone.client.get(path, headers=phone.headers)
        told = answer.get_json()

        assert (answer.status_code, told["code"]) == (500, "data_unreadable")
        assert "带身份证到办理窗口" in told["detail"]
        assert "稍后再试" not in told["detail"]
