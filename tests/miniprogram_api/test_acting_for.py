"""One account, two sides: what is the company's and what is the person's (企业服务专区、个人专属空间)."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.documents import jobs
from app.events import deliver
from tests import case_fixtures
from tests.app.people import leaving
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.company_fixtures import (
    CODE,
    NAME,
    Actor,
    agent_of,
    begun,
    company_of,
    dismiss,
    handed_in,
    other_company_of,
)
from tests.document_fixtures import words_of
from tests.photo_fixtures import jpeg, page

RENEW = item("id-renew")["task_code"]
CHANGE, FOOD = item("co-change")["task_code"], item("food-permit")["task_code"]


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(*(item(key) for key in ("co-change", "food-permit", "id-lost", "id-renew", "co-setup")))
        yield


@pytest.fixture
def boss_id() -> int:
    return case_fixtures.citizen()


@pytest.fixture
def company(boss_id: int) -> int:
    return company_of(boss_id)


@pytest.fixture
def person(client: FlaskClient, boss_id: int) -> Actor:
    return Actor(client, boss_id)


@pytest.fixture
def boss(client: FlaskClient, boss_id: int, company: int) -> Actor:
    return Actor(client, boss_id, company)


def test_the_same_account_acting_as_a_company_sees_only_corp_items_and_the_companys_cases(
    person: Actor, boss: Actor
) -> None:
    mine, its_own = begun(person, FOOD), begun(boss, FOOD)

    assert (person.numbers(), boss.numbers()) == ([mine], [its_own])
    shown = boss.get("/guides", audience="personal")["items"]
    assert {each["task_code"] for each in shown} >= {CHANGE, FOOD}
    assert all("business" in each["audiences"] for each in shown)
    assert ID_LOST not in {each["task_code"] for each in boss.get("/guides", q="身份证丢了")["items"]}
    assert all(each["audience"] == "business" for each in boss.get("/bundles")["items"])


def test_neither_side_opens_what_is_the_others(person: Actor, boss: Actor) -> None:
    mine, its_own = begun(person, FOOD), begun(boss, FOOD)

    for actor, case_no in ((person, its_own), (boss, mine)):
        for method, path in (
            ("GET", ""),
            ("GET", "/timeline"),
            ("PATCH", "/form"),
            ("POST", "/submit"),
            ("POST", "/withdraw"),
            ("GET", "/materials/01/photos"),
            ("GET", "/documents"),
            ("GET", "/documents/1"),
        ):
            refused = actor.ask(method, f"/cases/{case_no}{path}", {} if method == "PATCH" else None)
            assert (refused.status_code, refused.get_json()["code"]) == (404, "case_not_found"), path


def test_a_companys_notice_names_it_and_is_read_by_whoever_handles_it(
    client: FlaskClient, person: Actor, boss: Actor, company: int
) -> None:
    case_no = handed_in(boss, company)
    case_fixtures.accept(case_no)
    deliver()
    jobs.draw_waiting()
    agent = Actor(client, agent_of(boss.id, company), company)
    path = f"/cases/{case_no}/documents"
    (shown,) = agent.get(path)["items"]

    said = words_of(agent.ask("GET", f"{path}/{shown['id']}").data)
    assert all(word in said for word in (NAME, CODE))
    assert person.ask("GET", f"{path}/{shown['id']}").status_code == 404


def test_an_item_for_persons_is_not_applied_for_as_a_company_nor_the_other_way(
    person: Actor, boss: Actor
) -> None:
    for actor, task_code, code in (
        (boss, ID_LOST, "item_for_persons"),
        (person, CHANGE, "item_for_companies"),
    ):
        refused = actor.ask("POST", "/cases", {"task_code": task_code})
        assert (refused.status_code, refused.get_json()["code"]) == (409, code)


def test_who_founds_a_company_applies_as_a_person(person: Actor) -> None:
    begun(person, item("co-setup")["task_code"])


def test_the_company_stands_on_the_form_as_the_registry_knows_it(boss: Actor) -> None:
    case_no = begun(boss, FOOD)

    fields = {each["key"]: each for each in boss.get(f"/cases/{case_no}")["form_fields"]}
    assert (fields["organisation_name"]["value"], fields["organisation_code"]["value"]) == (NAME, CODE)
    assert fields["organisation_name"]["source"] == "登记系统核对"
    assert fields["applicant_name"]["label"] == "经办人姓名"
    refused = boss.ask("PATCH", f"/cases/{case_no}/form", {"organisation_name": "别的公司"})
    assert refused.get_json()["errors"]["organisation_name"] == ["单位名称由登记系统核对，不能修改"]


def test_everybody_of_the_company_goes_on_with_the_one_draft(
    client: FlaskClient, boss: Actor, company: int
) -> None:
    case_no = begun(boss, CHANGE)
    agent = Actor(client, agent_of(boss.id, company), company)

    assert agent.ask("POST", "/cases", {"task_code": CHANGE}).get_json()["case_no"] == case_no
    assert agent.ask("PATCH", f"/cases/{case_no}/form", {"address": "示例路9号"}).status_code == 200
    assert boss.get(f"/cases/{case_no}")["form"]["address"] == "示例路9号"


def test_an_agent_sees_and_begins_only_what_their_scope_covers(
    client: FlaskClient, boss: Actor, company: int
) -> None:
    begun(boss, FOOD)
    change = begun(boss, CHANGE)
    agent = Actor(client, agent_of(boss.id, company, CHANGE), company)

    assert agent.numbers() == [change]
    refused = agent.ask("POST", "/cases", {"task_code": FOOD})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "out_of_scope")


def test_whose_standing_ended_finds_nothing_any_more(client: FlaskClient, boss: Actor, company: int) -> None:
    agent = Actor(client, agent_of(boss.id, company), company)
    case_no = begun(agent, FOOD)

    dismiss(boss.id, company)

    for path in ("/cases", f"/cases/{case_no}", "/bills", "/certificates", "/receipts", "/me"):
        refused = agent.ask("GET", path)
        assert (refused.status_code, refused.get_json()["code"]) == (404, "organisation_not_found"), path
    assert Actor(client, agent.id).numbers() == []
    assert boss.numbers() == [case_no]


def test_nobody_acts_for_a_company_of_others(client: FlaskClient, boss: Actor) -> None:
    theirs = other_company_of(case_fixtures.citizen())

    refused = Actor(client, boss.id, theirs).ask("GET", "/cases")

    assert refused.get_json()["code"] == "organisation_not_found"


def test_a_header_that_says_nothing_is_said_to_be_wrong(client: FlaskClient, person: Actor) -> None:
    for header in ("org:", "org:0", "company:1", "org:x", ""):
        answer = client.get("/api/v1/cases", headers={**person.headers, "X-Acting-For": header})
        assert answer.get_json()["code"] == "acting_for_unreadable"


def test_bill_receipt_and_certificate_are_the_companys(
    client: FlaskClient, person: Actor, boss: Actor, company: int
) -> None:
    case_no = handed_in(boss, company)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    case_fixtures.decide(case_no)

    agent = Actor(client, agent_of(boss.id, company), company)
    for path, of in (("/certificates", "id"), ("/bills", "bill_no"), ("/receipts", "receipt_no")):
        assert agent.numbers(path, of) == boss.numbers(path, of)
        assert person.numbers(path, of) == []
    (certificate,) = boss.numbers("/certificates", "id")
    assert boss.get(f"/certificates/{certificate}")["holder_name"] == NAME
    assert person.ask("GET", f"/certificates/{certificate}").status_code == 404


def test_who_handles_it_is_told_and_who_was_dismissed_is_not(
    client: FlaskClient, person: Actor, boss: Actor, company: int
) -> None:
    gone = agent_of(boss.id, company)
    deliver()
    dismiss(boss.id, company)
    agent = agent_of(boss.id, company, FOOD)
    case_no = handed_in(boss, company)
    deliver()

    told = person.get("/messages")["items"][0]
    assert told["text"].startswith(f"{NAME}：您办理的")
    assert told["page"] == f"pages/cases/detail?no={case_no}&acting_for={company}"
    assert "已提交" in [each["title"] for each in Actor(client, agent).get("/messages")["items"]]
    assert "已提交" not in [each["title"] for each in Actor(client, gone).get("/messages")["items"]]


def test_a_tap_of_the_person_is_not_one_of_the_company(
    client: FlaskClient, person: Actor, boss: Actor
) -> None:
    key = {"Idempotency-Key": "the-same-key"}
    numbers = [
        client.post("/api/v1/cases", json={"task_code": FOOD}, headers={**actor.headers, **key}).get_json()
        for actor in (person, boss)
    ]

    assert numbers[0]["case_no"] != numbers[1]["case_no"]


def test_what_a_person_wrote_for_themselves_stays_out_of_the_companys_form(
    person: Actor, boss: Actor
) -> None:
    wanted: Any = {"purpose": "prefill", "version": person.get("/me/consents")["items"][0]["version"]}
    person.ask("POST", "/me/consents", wanted)
    case_fixtures.submitted(person.id, ID_LOST)

    form = boss.get(f"/cases/{begun(boss, FOOD)}")["form"]

    assert "address" not in form


def test_a_company_is_called_on_the_case_as_it_is_registered_when_handed_in(
    boss: Actor, company: int
) -> None:
    case_no = begun(boss, FOOD)
    company_of(boss.id, name="示例市新名字餐饮有限公司")

    handed_in(boss, company)

    assert boss.get(f"/cases/{case_no}")["form"]["organisation_name"] == "示例市新名字餐饮有限公司"


def test_a_photo_is_the_companys(person: Actor, boss: Actor) -> None:
    case_no = begun(boss, FOOD)
    code = case_fixtures.mandatory_materials(case_no)[0]
    photo = {"photo": (BytesIO(jpeg(page((900, 600)))), "page.jpg")}
    url = boss.ask("POST", f"/cases/{case_no}/materials/{code}/photos", data=photo).get_json()["url"]

    path = url.removeprefix("/api/v1")
    assert boss.ask("GET", path).status_code == 200
    assert person.ask("GET", path).status_code == 404


def test_a_complaint_may_be_about_a_case_of_the_company(person: Actor, boss: Actor) -> None:
    case_no = begun(boss, FOOD)
    said = {"kind": "complaint", "text": "材料交了两次，还是说不齐", "case_no": case_no}

    assert boss.ask("POST", "/complaints", said).status_code == 201
    assert person.ask("POST", "/complaints", said).status_code == 404


def test_a_company_is_not_proposed_what_is_known_of_the_person(person: Actor, boss: Actor) -> None:
    wanted: Any = {"purpose": "prefill", "version": person.get("/me/consents")["items"][0]["version"]}
    person.ask("POST", "/me/consents", wanted)

    offered = [actor.get(f"/guides/{RENEW}/questions")["prefill"] for actor in (person, boss)]

    assert [each is None for each in offered] == [False, True]


def test_an_agent_who_closes_their_account_leaves_the_draft_without_their_particulars(
    client: FlaskClient, boss: Actor, company: int
) -> None:
    agent = Actor(client, agent_of(boss.id, company), company)
    case_no = begun(agent, FOOD)
    agent.ask("PATCH", f"/cases/{case_no}/form", {"applicant_name": "陈志强", "address": "示例路9号"})

    leaving.leave(agent.id)

    form = boss.get(f"/cases/{case_no}")["form"]
    assert ("applicant_name" in form, form["address"]) == (False, "示例路9号")
