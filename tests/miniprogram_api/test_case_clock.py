"""What a citizen reads of the clock of their case, and what whoever follows it without a login does not."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import unit_of_work
from app.supervision import tickets
from notifications.models import Message
from tests import case_fixtures, clock_fixtures
from tests.case_fixtures import APPROVER
from tests.city_fixtures import load_city
from tests.clock_fixtures import WHY, case_of, extend, on, pause, resume
from tests.people_fixtures import log_in_as

WEDNESDAY, FRIDAY, OVERDUE = date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 24)


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with on(date(2026, 11, 16)):
        load_city()
        yield


@pytest.fixture
def case_no() -> str:
    return clock_fixtures.accepted()


def shown(client: FlaskClient, case_no: str) -> Any:
    case = case_of(case_no)
    return client.get(f"/api/v1/cases/{case_no}", headers=log_in_as(case.citizen_id)).get_json()["clock"]


def followed(client: FlaskClient, case_no: str) -> Any:
    code = {"query_code": case_of(case_no).query_code}
    return client.get(f"/api/v1/track/{case_no}", query_string=code).get_json()["clock"]


def test_a_draft_has_no_clock(client: FlaskClient) -> None:
    clock_fixtures.publish_food()
    case_no = case_fixtures.start(case_fixtures.citizen(), clock_fixtures.FOOD)

    assert shown(client, case_no) is None


def test_a_clock_that_stands_says_why_and_when_it_goes_on(client: FlaskClient, case_no: str) -> None:
    with on(WEDNESDAY):
        pause(case_no, days=2)
        clock = shown(client, case_no)

    assert clock["standing"]
    assert (clock["expected_promised"], clock["expected_statutory"]) == ("2026-11-25", "2026-12-02")
    assert [line["sentence"] for line in clock["lines"]] == [
        "11月16日受理，从第二天开始计算时间",
        "11月18日起进行现场核查，预计到11月20日，暂停期间不计入办理时限",
    ]
    assert clock["lines"][1]["why"] == WHY


def test_a_pause_that_is_over_says_from_which_day_to_which_the_promise_moved(
    client: FlaskClient, case_no: str
) -> None:
    with on(WEDNESDAY):
        pause(case_no)
    with on(FRIDAY):
        resume(case_no)
        extend(case_no)
        clock = shown(client, case_no)

    assert [line["sentence"] for line in clock["lines"][1:]] == [
        "11月18日到11月20日进行现场核查，暂停期间不计入办理时限，承诺办结从11月23日顺延到11月25日",
        "经周局长批准，延长10个工作日，承诺办结从11月25日改为12月9日，法定时限从12月2日改为12月16日",
    ]
    assert (clock["standing"], clock["extended_days"]) == (False, 10)


def test_whoever_follows_without_a_login_reads_no_names_and_no_reasons(
    client: FlaskClient, case_no: str
) -> None:
    extend(case_no)
    clock = followed(client, case_no)

    assert clock["lines"][1]["sentence"].startswith("延长10个工作日")
    assert [line["why"] for line in clock["lines"]] == [None, None]


def test_the_owner_reads_why_it_is_late(client: FlaskClient, case_no: str) -> None:
    with on(OVERDUE):
        with unit_of_work() as session:
            said = "店主出差，核查改期两次"
            tickets.explain(session, case=case_of(case_no), officer=APPROVER, text=said)
        told, strangers = shown(client, case_no), followed(client, case_no)

    assert (told["explanation"], strangers["explanation"]) == (said, None)


def test_a_limit_that_rests_on_no_calendar_is_said_to_be_provisional(client: FlaskClient) -> None:
    with on(date(2026, 12, 28)):
        assert shown(client, clock_fixtures.accepted())["provisional"]


def test_each_change_is_told_with_its_reason(case_no: str, deliver: Any) -> None:
    pause(case_no)
    resume(case_no)
    deliver()
    extend(case_no)
    for _ in range(2):
        deliver()
    with unit_of_work() as session:
        told = {message.title: message.text for message in session.scalars(select(Message))}

    assert f"预计到11月19日，暂停期间不计入办理时限。原因：{WHY}" in told["进行现场核查"]
    assert "承诺11月23日前办结" in told["现场核查结束，继续办理"]
    assert f"经周局长批准延长10个工作日，承诺12月07日前办结。原因：{WHY}" in told["办理时限延长"]
