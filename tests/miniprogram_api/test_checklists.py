"""Questions, the checklist, its page, and the case that begins with it."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.cases import service as case_service
from app.cases.errors import SubmissionIncomplete
from app.checklists import service, upkeep
from app.db import unit_of_work
from tests import case_fixtures as cases
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY, document, load_city
from tests.conftest import Sandbox
from tests.phone import Phone

FIRST = item("id-first")["task_code"]
PENSION = item("pension-claim")["task_code"]
OLD = {"born": "1960-01-01", "years": 20, "employee": "no"}


@pytest.fixture
def city(client: FlaskClient) -> FlaskClient:
    publish(*(item(key) for key in ("id-first", "id-lost", "pension-claim", "no-crime", "nurse-reg")))
    return client


@pytest.fixture
def phone(city: FlaskClient, sandbox: Sandbox) -> Phone:
    held = Phone(city, sandbox)
    held.log_in("wechat")
    return held


def ask(city: FlaskClient, code: str, **answers: object) -> Any:
    return city.post(f"/api/v1/guides/{code}/checklist", json={"answers": answers})


def begin(phone: Phone, **more: str) -> Any:
    phone.headers = {**phone.headers, "Idempotency-Key": "a-key-of-sixteen-letters"}
    return phone.ask("POST", "/cases", task_code=FIRST, **more)


def names(checklist: dict[str, Any]) -> list[str]:
    return [material["name"] for material in checklist["materials"]]


def test_the_questions_say_when_they_are_asked(city: FlaskClient) -> None:
    told = city.get(f"/api/v1/guides/{ID_LOST}/questions").get_json()

    assert [question["key"] for question in told["questions"]] == ["come", "prints"]
    assert told["questions"][1]["ask_when"] == [{"question": "come", "test": "is", "values": ["yes"]}]


def test_an_item_where_all_are_alike_asks_nothing_and_still_has_a_checklist(city: FlaskClient) -> None:
    code = item("nurse-reg")["task_code"]
    assert city.get(f"/api/v1/guides/{code}/questions").get_json()["questions"] == []

    made = ask(city, code)
    assert (made.status_code, len(made.get_json()["materials"])) == (201, 4)


def test_a_child_brings_the_guardians_card_and_a_grown_up_does_not(city: FlaskClient) -> None:
    child = ask(city, FIRST, born="2020-05-01", home="local").get_json()
    grown = ask(city, FIRST, born="1990-05-01", home="local").get_json()

    assert names(child) == ["居民户口簿", "监护人居民身份证", "证件照片"]
    assert names(grown) == ["居民户口簿", "证件照片"]
    assert child["materials"][1]["is_need"] == "1"


def test_who_cannot_apply_yet_hears_why_and_from_when(city: FlaskClient) -> None:
    with clock.stopped_at(MONDAY):
        told = ask(city, PENSION, **{**OLD, "born": "1967-03-01"}).get_json()

    assert not told["eligible"]
    assert told["refusals"][0]["reason"] == "年满六十周岁才能申领"
    assert told["ways"] == [{"on": "2027-03-01", "text": "等到2027年3月1日就符合条件了"}]


def test_every_open_or_wrong_answer_is_named_at_once(city: FlaskClient) -> None:
    refused = ask(city, PENSION, born="1960-02-30", years="many")

    assert refused.status_code == 422
    assert refused.get_json()["errors"] == {
        "born": ["请重新回答这一题"],
        "years": ["请重新回答这一题"],
        "employee": ["请回答这一题"],
    }


@pytest.mark.parametrize("answers", [[], "x", {"a" * 65: "1"}, {str(n): "1" for n in range(41)}])
def test_what_are_no_answers_is_refused(city: FlaskClient, answers: object) -> None:
    assert city.post(f"/api/v1/guides/{FIRST}/checklist", json={"answers": answers}).status_code == 422


def test_odd_answers_beside_the_questions_change_nothing(city: FlaskClient) -> None:
    odd = {"nobody": {"deep": [1]}, "x": None, "\x00": "y"}
    made = ask(city, PENSION, **OLD, **odd)

    assert made.get_json()["eligible"]
    assert [said["key"] for said in made.get_json()["answers"]] == list(OLD)


def test_the_number_opens_the_same_list_again(city: FlaskClient) -> None:
    made = ask(city, PENSION, **OLD).get_json()
    again = city.get(f"/api/v1/checklists/{made['checklist_no']}").get_json()

    assert again == made
    assert len(made["checklist_no"]) == 20


def test_a_number_that_was_read_out_opens_it_too(city: FlaskClient) -> None:
    made = ask(city, PENSION, **OLD).get_json()
    number = made["checklist_no"]
    spoken = f"{number[:5]}-{number[5:10]} {number[10:]}".lower().replace("0", "o").replace("1", "l")

    assert city.get(f"/api/v1/checklists/{spoken}").get_json() == made
    assert city.get(f"/checklists/{spoken}").status_code == 200


def test_the_page_names_the_halls_that_take_it(city: FlaskClient) -> None:
    load_city()
    made = ask(city, FIRST, born="1990-05-01", home="local").get_json()
    page = city.get(f"/checklists/{made['checklist_no']}").get_data(as_text=True)

    halls = {hall["center_id"]: hall for hall in document("centres.json")["centers"]}
    for taking in item("id-first")["transact_centers"]:
        assert halls[taking]["name"] in page
        assert halls[taking]["address"] in page


@pytest.mark.parametrize("number", ["0" * 20, "x", "%00", "二" * 20, "A" * 500])
def test_a_number_that_nobody_was_given_opens_nothing(city: FlaskClient, number: str) -> None:
    assert city.get(f"/api/v1/checklists/{number}").status_code == 404
    assert city.get(f"/checklists/{number}").status_code == 404
    assert city.get(f"/checklists/{number}/code.svg").status_code == 404


def test_a_changed_guide_makes_the_list_old_but_does_not_change_it(city: FlaskClient) -> None:
    made = ask(city, PENSION, **OLD).get_json()
    publish(item("pension-claim", promise_day=9))
    later = city.get(f"/api/v1/checklists/{made['checklist_no']}").get_json()

    assert (later["outdated"], later["limit"]["days"]) == (True, made["limit"]["days"])


def test_a_list_is_gone_after_ninety_days(city: FlaskClient) -> None:
    made = ask(city, PENSION, **OLD).get_json()
    with clock.shifted_by(service.KEPT_FOR + timedelta(minutes=1)):
        assert city.get(f"/api/v1/checklists/{made['checklist_no']}").status_code == 404
        upkeep.forget_old()
        with unit_of_work() as session:
            assert service.forget_old(session) == 0


def test_the_page_shows_it_with_a_code_and_in_large_letters(city: FlaskClient) -> None:
    made = ask(city, PENSION, **{**OLD, "years": 3}).get_json()
    page = city.get(f"/checklists/{made['checklist_no']}?large=1").get_data(as_text=True)

    assert "现在还不能办" in page
    assert "缴费不满十五年" in page
    assert 'class="large"' in page
    assert city.get(f"/checklists/{made['checklist_no']}/code.svg").mimetype == "image/svg+xml"
    assert made["page_url"].endswith(f"/checklists/{made['checklist_no']}")


def test_a_case_that_begins_with_a_checklist_asks_for_just_that(phone: Phone, city: FlaskClient) -> None:
    made = ask(city, FIRST, born="1990-05-01", home="local").get_json()
    started = begin(phone, checklist_no=made["checklist_no"]).get_json()

    assert [material["name"] for material in started["materials"]] == ["居民户口簿", "证件照片"]


def test_without_answers_a_case_asks_what_the_guide_asks_of_everybody(phone: Phone) -> None:
    started = begin(phone).get_json()

    assert len(started["materials"]) == 3


def test_a_checklist_of_another_item_begins_nothing(phone: Phone, city: FlaskClient) -> None:
    made = ask(city, PENSION, **OLD).get_json()
    refused = begin(phone, checklist_no=made["checklist_no"])

    assert (refused.status_code, refused.get_json()["code"]) == (404, "checklist_not_found")


def test_a_child_cannot_be_handed_in_without_the_guardians_card(city: FlaskClient) -> None:
    citizen, child = cases.citizen("林小明"), {"born": "2020-05-01", "home": "local"}
    with unit_of_work() as session:
        case_service.start(session, citizen_id=citizen, task_code=FIRST, answers=child)
    case_no = cases.ready(citizen, FIRST)

    with pytest.raises(SubmissionIncomplete) as refused:
        cases.submit(citizen, case_no)
    assert list(refused.value.errors or {}) == ["materials.ID-FIRST-M02"]
