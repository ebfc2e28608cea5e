"""Answers that are proposed: with the consent alone, each with its source, and changed at will."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app import clock
from app.cases import service as case_service
from app.certificates.models import Certificate
from app.db import unit_of_work
from app.people.models import Citizen
from tests import case_fixtures as cases
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import load_city
from tests.miniprogram_api.owner import Owner

PENSION = item("pension-claim")["task_code"]
PRINTED = {"come": "yes", "prints": "yes"}


@pytest.fixture
def owner(client: FlaskClient) -> Owner:
    held = Owner(client)
    load_city()
    publish(item("pension-claim"), item("id-lost"))
    with unit_of_work() as session:
        session.get_one(Citizen, held.id).id_number = cases.CITIZEN_NUMBER
    return held


def agree(owner: Owner) -> None:
    owner.call("POST", "/me/consents", json={"purpose": "prefill", "version": 1})


def questions(owner: Owner, code: str = PENSION) -> dict[str, Any]:
    return dict(owner.call("GET", f"/guides/{code}/questions").get_json())


def proposals(owner: Owner, code: str = PENSION) -> dict[str, tuple[str, str]]:
    return {
        one["key"]: (one["prefilled"], one["prefilled_from"])
        for one in questions(owner, code)["questions"]
        if one["prefilled"] is not None
    }


def handed_in_before(owner: Owner, answers: dict[str, str]) -> str:
    case_no = cases.ready(owner.id)
    with unit_of_work() as session:
        case_service.start(session, citizen_id=owner.id, task_code=ID_LOST, answers=answers)
    cases.submit(owner.id, case_no)
    return case_no


def test_nothing_is_proposed_without_consent_and_what_would_be_used_is_told(owner: Owner) -> None:
    told = questions(owner)

    assert proposals(owner) == {}
    assert told["prefill"]["uses"] == ["实名信息里的出生日期"]
    assert told["prefill"]["consent"]["state"] == "never"


def test_with_consent_the_proven_birthday_is_proposed_and_says_where_from(owner: Owner) -> None:
    agree(owner)

    assert proposals(owner) == {"born": ("1949-12-31", "实名信息里的出生日期")}


def test_a_consent_taken_back_ends_the_proposals_at_once(owner: Owner) -> None:
    agree(owner)
    owner.call("DELETE", "/me/consents/prefill")

    assert proposals(owner) == {}
    assert questions(owner)["prefill"]["consent"]["state"] == "withdrawn"


def test_whoever_is_not_logged_in_is_asked_for_no_consent(client: FlaskClient, owner: Owner) -> None:
    del owner
    told = client.get(f"/api/v1/guides/{PENSION}/questions").get_json()

    assert told["prefill"] is None
    assert {one["prefilled"] for one in told["questions"]} == {None}


def test_a_guide_that_nothing_is_known_for_asks_for_no_consent(owner: Owner) -> None:
    publish(item("no-crime"))

    assert questions(owner, item("no-crime")["task_code"])["prefill"] is None


def test_a_stable_answer_of_last_time_is_proposed_again_and_no_other(owner: Owner) -> None:
    agree(owner)
    handed_in_before(owner, PRINTED)

    assert proposals(owner, ID_LOST) == {"prints": ("yes", "上次申请时的回答")}


def test_the_answers_of_another_citizen_are_never_proposed(client: FlaskClient, owner: Owner) -> None:
    handed_in_before(owner, PRINTED)
    other = Owner(client, "李四")
    agree(other)

    assert proposals(other, ID_LOST) == {}


def test_only_a_certificate_that_is_valid_proposes_its_last_day(owner: Owner) -> None:
    renewal = item("id-renew")["task_code"]
    publish(item("id-renew"))
    agree(owner)
    case_no = cases.submitted(owner.id)
    cases.accept(case_no)
    cases.pay(case_no)
    cases.decide(case_no)
    last = clock.today() + timedelta(days=30)
    ends(last)
    assert proposals(owner, renewal)["expires"] == (last.isoformat(), "您的电子证照：居民身份证")

    ends(clock.today() - timedelta(days=1))

    assert "expires" not in proposals(owner, renewal)


def ends(last: date) -> None:
    with unit_of_work() as session:
        session.execute(update(Certificate).values(issued_on=last - timedelta(days=99), valid_until=last))
