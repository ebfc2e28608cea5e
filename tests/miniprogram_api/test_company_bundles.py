"""A company opens a restaurant: one application of the company, whoever of its people is at it."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock, events
from subscriptions import SUBSCRIPTIONS
from tests import bundle_fixtures, case_fixtures
from tests.app.people import leaving
from tests.bundle_fixtures import FOOD, SETUP, grant, tell
from tests.catalogue_fixtures import load_catalogue
from tests.city_fixtures import MONDAY, load_city
from tests.company_fixtures import NAME, Actor, agent_of, company_of, dismiss, other_company_of
from tests.photo_fixtures import jpeg, page

MINE = "/bundle-applications"


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    events.wire(SUBSCRIPTIONS)
    with clock.stopped_at(MONDAY):
        load_city()
        load_catalogue()
        yield


@pytest.fixture
def person(client: FlaskClient) -> Actor:
    return Actor(client, case_fixtures.citizen())


@pytest.fixture
def company(person: Actor) -> int:
    return company_of(person.id)


@pytest.fixture
def boss(client: FlaskClient, person: Actor, company: int) -> Actor:
    return Actor(client, person.id, company)


def begun(actor: Actor, *parts: str, key: str = "restaurant") -> str:
    wanted = {"parts": list(parts)} if parts else {}
    return str(actor.ask("POST", f"/bundles/{key}/applications", wanted).get_json()["application_no"])


def handed_in(actor: Actor) -> str:
    """The restaurant with nothing missing, handed in."""
    number = begun(actor)
    shown = actor.get(f"{MINE}/{number}")
    asked = [field for field in shown["form_fields"] if field["required"] and not field["value"]]
    values = {field["key"]: bundle_fixtures.good_answer(field) for field in asked}
    assert actor.ask("PATCH", f"{MINE}/{number}/form", values).status_code == 200
    for place, wanted in enumerate(shown["materials"]):
        if wanted["mandatory"] and wanted["takes_photos"] and not wanted["given_by"]:
            path = f"/cases/{wanted['case_no']}/materials/{wanted['material_code']}/photos"
            photo = {"photo": (io.BytesIO(jpeg(page((900, 600), desk=20 + place))), "a.jpg")}
            assert actor.ask("POST", path, data=photo).status_code == 201
    assert actor.ask("POST", f"{MINE}/{number}/submit").status_code == 200
    return number


def refusal(actor: Actor, method: str, path: str, body: Any = None) -> tuple[int, str]:
    refused = actor.ask(method, path, body)
    return refused.status_code, str(refused.get_json()["code"])


def test_the_application_and_its_parts_are_the_companys(person: Actor, boss: Actor) -> None:
    mine, its_own = begun(person), begun(boss)

    assert person.numbers(MINE, "application_no") == [mine]
    assert boss.numbers(MINE, "application_no") == [its_own]
    parts = {part["case_no"] for part in boss.get(f"{MINE}/{its_own}")["parts"]}
    assert parts == set(boss.numbers())
    assert not parts & set(person.numbers())


def test_the_company_stands_on_the_one_form_once(boss: Actor) -> None:
    number = begun(boss)

    fields = {each["key"]: each for each in boss.get(f"{MINE}/{number}")["form_fields"]}
    name = fields["organisation_name"]
    assert (name["fixed"], fields["address"]["fixed"]) == (True, False)
    assert (name["value"], name["source"], name["parts"]) == (NAME, "登记系统核对", [SETUP, FOOD])
    assert fields["applicant_name"]["label"] == "经办人姓名"
    refused = boss.ask("PATCH", f"{MINE}/{number}/form", {"organisation_name": "别的公司"})
    assert refused.get_json()["errors"] == {"organisation_name": ["单位名称由登记系统核对，不能修改"]}
    assert boss.ask("PATCH", f"{MINE}/{number}/form", {"organisation_name": NAME}).status_code == 200


def test_it_is_followed_to_the_licence_by_everybody_of_the_company(
    client: FlaskClient, person: Actor, boss: Actor, company: int
) -> None:
    number = handed_in(boss)
    grant(number, SETUP)
    grant(number, FOOD)

    agent = Actor(client, agent_of(boss.id, company), company)
    shown = agent.get(f"{MINE}/{number}")
    assert (shown["state_text"], shown["licence"]["name"]) == ("全部办结", "餐饮店行业综合许可凭证")
    assert len(agent.numbers("/certificates", "id")) == 2
    listed = agent.get(f"/bundle-licences/{shown['licence']['licence_no']}")
    assert (listed["holder_name"], len(listed["parts"])) == (NAME, 2)
    assert refusal(person, "GET", f"{MINE}/{number}") == (404, "bundle_application_not_found")


def test_a_later_part_calls_the_company_as_it_is_registered_then(boss: Actor) -> None:
    number = handed_in(boss)
    company_of(boss.id, name="示例市新名字餐饮有限公司")
    grant(number, SETUP)

    case = boss.get(f"/cases/{bundle_fixtures.case_of(number, FOOD)}")
    assert (case["state"], case["form"]["organisation_name"]) == ("submitted", "示例市新名字餐饮有限公司")


def test_a_company_that_was_renamed_between_two_drafts_hands_both_in(boss: Actor) -> None:
    begun(boss, SETUP)
    company_of(boss.id, name="示例市新名字餐饮有限公司")
    number = handed_in(boss)

    fields = {each["key"]: each["value"] for each in boss.get(f"{MINE}/{number}")["form_fields"]}
    assert fields["organisation_name"] == "示例市新名字餐饮有限公司"


def test_another_of_the_company_goes_on_with_the_one_draft(
    client: FlaskClient, boss: Actor, company: int
) -> None:
    number = begun(boss)
    agent = Actor(client, agent_of(boss.id, company), company)

    assert begun(agent) == number
    assert agent.ask("PATCH", f"{MINE}/{number}/form", {"address": "示例路9号"}).status_code == 200
    written = {each["key"]: each["value"] for each in boss.get(f"{MINE}/{number}")["form_fields"]}
    assert written["address"] == "示例路9号"


def test_who_was_dismissed_finds_nothing_any_more(client: FlaskClient, boss: Actor, company: int) -> None:
    agent = Actor(client, agent_of(boss.id, company), company)
    number = begun(agent)
    dismiss(boss.id, company)

    for method, path in (
        ("GET", ""),
        ("GET", f"/{number}"),
        ("PATCH", f"/{number}/form"),
        ("POST", f"/{number}/submit"),
        ("POST", f"/{number}/withdraw"),
    ):
        body: Any = {} if method == "PATCH" else None
        assert refusal(agent, method, f"{MINE}{path}", body) == (404, "organisation_not_found")
    assert Actor(client, agent.id).numbers(MINE, "application_no") == []
    assert boss.numbers(MINE, "application_no") == [number]


def test_another_companys_application_is_not_found(client: FlaskClient, boss: Actor) -> None:
    number = begun(boss)
    stranger = case_fixtures.citizen("李四")
    other = Actor(client, stranger, other_company_of(stranger))

    for method, path in (("GET", ""), ("PATCH", "/form"), ("POST", "/submit"), ("POST", "/withdraw")):
        body: Any = {} if method == "PATCH" else None
        assert refusal(other, method, f"{MINE}/{number}{path}", body) == (
            404,
            "bundle_application_not_found",
        )
    assert other.numbers(MINE, "application_no") == []


def test_an_agent_of_some_items_begins_and_sees_only_these(
    client: FlaskClient, boss: Actor, company: int
) -> None:
    agent = Actor(client, agent_of(boss.id, company, FOOD), company)
    wanted = "/bundles/restaurant/applications"

    assert refusal(agent, "POST", wanted, {"parts": [SETUP, FOOD]}) == (409, "out_of_scope")
    number = begun(agent)
    assert [part["task_code"] for part in agent.get(f"{MINE}/{number}")["parts"]] == [FOOD]

    begun(boss, SETUP, FOOD)
    assert agent.numbers(MINE, "application_no") == []
    assert refusal(agent, "GET", f"{MINE}/{number}") == (404, "bundle_application_not_found")
    assert refusal(agent, "POST", wanted, {"parts": [FOOD]}) == (409, "out_of_scope")
    assert len(boss.get(f"{MINE}/{number}")["parts"]) == 2


def test_a_bundle_for_persons_is_not_begun_by_a_company(boss: Actor) -> None:
    refused = boss.ask("POST", "/bundles/newborn/applications", {})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "bundle_for_persons")
    assert refused.get_json()["detail"].startswith("“新生儿出生一件事”只给个人办")


def test_its_people_are_told_and_who_may_not_see_the_whole_is_not(
    client: FlaskClient, boss: Actor, company: int
) -> None:
    agents = [agent_of(boss.id, company), agent_of(boss.id, company, FOOD)]
    number = handed_in(boss)
    grant(number, SETUP)
    grant(number, FOOD)
    tell()

    told = [
        [each["page"] for each in Actor(client, one).get("/messages")["items"] if "bundles" in each["page"]]
        for one in (boss.id, *agents)
    ]
    where = f"pages/bundles/progress?no={number}&acting_for={company}"
    assert told == [[where], [where], []]


def test_taking_it_back_ends_the_companys_parts(client: FlaskClient, boss: Actor, company: int) -> None:
    number = handed_in(boss)
    agent = Actor(client, agent_of(boss.id, company), company)

    assert agent.ask("POST", f"{MINE}/{number}/withdraw").get_json()["state_text"] == "已撤回"
    assert {part["state"] for part in boss.get(f"{MINE}/{number}")["parts"]} == {"withdrawn"}


def test_an_agent_who_closes_their_account_leaves_the_companys_application(
    client: FlaskClient, boss: Actor, company: int
) -> None:
    agent = Actor(client, agent_of(boss.id, company), company)
    number = begun(agent)
    agent.ask("PATCH", f"{MINE}/{number}/form", {"applicant_name": "陈志强", "address": "示例路9号"})

    leaving.leave(agent.id)

    shown = boss.get(f"{MINE}/{number}")
    written = {each["key"]: each["value"] for each in shown["form_fields"]}
    assert shown["state_text"] == "草稿"
    assert (written["applicant_name"], written["address"]) == ("", "示例路9号")


def test_a_company_is_not_proposed_what_is_known_of_the_person(person: Actor, boss: Actor) -> None:
    wanted: Any = {"purpose": "prefill", "version": person.get("/me/consents")["items"][0]["version"]}
    person.ask("POST", "/me/consents", wanted)

    offered = [actor.get("/bundles/newborn/questions")["prefill"] for actor in (person, boss)]

    assert [each is None for each in offered] == [False, True]
