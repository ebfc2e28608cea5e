"""A bundle asks once about the person, shows their list, and applies with their answers (一次问清)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.bundles import service as bundles
from app.bundles.errors import BundleRefused
from app.cases.models import Case
from app.db import unit_of_work
from app.people.models import Citizen
from tests import case_fixtures
from tests.bundle_fixtures import HUKOU, INSURANCE, SUBSIDY
from tests.catalogue_fixtures import item, load_catalogue
from tests.city_fixtures import MONDAY, document, load_city
from tests.counted import statements
from tests.miniprogram_api.owner import Owner

NEWBORN = "/bundles/newborn"
SAID = {
    "hukou-birth-parent": "father",
    "hukou-birth-married": "yes",
    "med-resident-born": "2026-11-01",
    "med-resident-employee": "no",
    "med-resident-special": "no",
    "child-subsidy-who": "parent",
}


@pytest.fixture
def parent(client: FlaskClient) -> Iterator[Owner]:
    with clock.stopped_at(MONDAY):
        load_city()
        load_catalogue()
        yield Owner(client)


def questions(parent: Owner, key: str = "newborn", **query: str) -> list[dict[str, Any]]:
    told = parent.call("GET", f"/bundles/{key}/questions", query_string=query).get_json()
    return list(told["questions"])


def personal(parent: Owner, *parts: str, **said: str) -> dict[str, Any]:
    changed = {name.replace("__", "-").replace("hukou_b", "hukou-b"): value for name, value in said.items()}
    body = {"answers": {**SAID, **changed}, **({"parts": parts} if parts else {})}
    return dict(parent.call("POST", f"{NEWBORN}/list", json=body).get_json())


def part(told: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for one in told["parts"] if one["task_code"] == code)


def answers(begun: dict[str, Any], code: str) -> dict[str, str]:
    """What is kept with the case of a part."""
    case_no = next(one["case_no"] for one in begun["parts"] if one["task_code"] == code)
    with unit_of_work() as session:
        sealed = session.scalars(select(Case.sealed_answers).where(Case.case_no == case_no)).one()
        return dict(json.loads(sealed))


def test_the_childs_day_of_birth_is_asked_once_for_two_items(parent: Owner) -> None:
    told = questions(parent)

    assert [one["key"] for one in told] == list(SAID)
    born = next(one for one in told if one["key"] == "med-resident-born")
    assert (born["text"], born["parts"]) == ("孩子哪天出生？", [INSURANCE, SUBSIDY])
    assert parent.call("GET", NEWBORN).get_json()["question_count"] == len(told)


def test_only_the_chosen_items_ask(parent: Owner) -> None:
    assert [one["key"] for one in questions(parent, parts=SUBSIDY)] == [
        "child-subsidy-child",
        "child-subsidy-who",
    ]


def test_the_list_is_of_this_person_and_each_material_is_there_once(parent: Owner) -> None:
    told = personal(parent)

    names = [(one["name"], one["given_by"]) for one in told["materials"]]
    assert len(set(names)) == len(names)
    assert all(one["eligible"] for one in told["parts"])
    assert ("居民户口簿", part(told, HUKOU)["name"]) in names
    assert part(told, INSURANCE)["notes"] == ["出生九十天内参保的，从出生那天起报销。"]


def test_the_answers_decide_what_is_to_be_handed_in(parent: Owner) -> None:
    def wanted(married: str) -> bool:
        told = personal(parent, HUKOU, hukou_birth__married=married)
        return "结婚证" in {one["name"] for one in told["materials"]}

    assert (wanted("yes"), wanted("no")) == (True, False)


def test_what_somebody_may_not_apply_for_says_why_and_asks_for_nothing(parent: Owner) -> None:
    told = personal(parent, HUKOU, SUBSIDY, hukou_birth__parent="neither")

    assert [one["eligible"] for one in told["parts"]] == [False, True]
    assert part(told, HUKOU)["refusals"][0]["law"] == "户口登记条例第七条"
    assert "父母居民身份证" not in {one["name"] for one in told["materials"]}


@pytest.mark.parametrize(("said", "sentence"), [("", "请重新回答这一题"), ("soon", "请重新回答这一题")])
def test_an_open_or_unreadable_answer_is_named_once(parent: Owner, said: str, sentence: str) -> None:
    refused = personal(parent, **{"med-resident-born": said})

    assert (refused["code"], refused["errors"]) == ("answers_incomplete", {"med-resident-born": [sentence]})


def test_the_application_goes_by_the_answers(parent: Owner) -> None:
    begun = parent.call(
        "POST", f"{NEWBORN}/applications", json={"said": {**SAID, "hukou-birth-married": "no"}}
    ).get_json()

    assert "结婚证" not in {one["name"] for one in begun["materials"]}
    assert answers(begun, SUBSIDY) == {"child": "2026-11-01", "who": "parent"}
    assert answers(begun, INSURANCE) == {"born": "2026-11-01", "employee": "no", "special": "no"}


def test_an_answer_named_after_a_part_that_is_left_out_still_counts(parent: Owner) -> None:
    said = {"med-resident-born": "2026-11-01", "child-subsidy-who": "parent"}
    begun = parent.call("POST", f"{NEWBORN}/applications", json={"parts": [SUBSIDY], "said": said}).get_json()

    assert answers(begun, SUBSIDY) == {"child": "2026-11-01", "who": "parent"}


def test_answers_are_proposed_with_the_consent_and_their_source(parent: Owner) -> None:
    told = parent.call("GET", "/bundles/flex-job/questions").get_json()
    assert "实名信息里的出生日期" in told["prefill"]["uses"]
    assert {one["prefilled"] for one in told["questions"]} == {None}

    with unit_of_work() as session:
        session.get_one(Citizen, parent.id).id_number = case_fixtures.CITIZEN_NUMBER
    parent.call("POST", "/me/consents", json={"purpose": "prefill", "version": 1})
    assert questions(parent, "flex-job")[0]["prefilled_from"] == "实名信息里的出生日期"


def test_what_an_earlier_item_gives_is_proposed_while_it_is_applied_for_too(parent: Owner) -> None:
    first, second = (item(key)["task_code"] for key in ("disab-card", "disab-allow"))

    together = questions(parent, "disabled")[0]
    assert (together["prefilled"], together["prefilled_from"]) == (
        "yes",
        f"一起办的“{item('disab-card')['task_name']}”，办成就有了",
    )
    assert together["parts"] == [second]
    assert first not in together["parts"]
    assert questions(parent, "disabled", parts=second)[0]["prefilled"] is None


def test_the_number_of_statements_does_not_grow_with_the_parts(parent: Owner) -> None:
    parent.call("POST", "/me/consents", json={"purpose": "prefill", "version": 1})
    counts = []
    for key in ("disabled", "newborn"):
        with statements() as seen:
            questions(parent, key)
        counts.append(len(seen))

    assert counts[1] <= counts[0] + 1


@pytest.mark.parametrize("path", ["questions?parts=NOSUCH", "questions?parts=%00", "questions?parts=,,x"])
def test_an_item_of_another_bundle_is_refused(parent: Owner, path: str) -> None:
    assert parent.call("GET", f"{NEWBORN}/{path}").get_json()["code"] == "bundle_part_unknown"


def test_a_bundle_that_is_not_there_asks_nothing(parent: Owner) -> None:
    assert parent.call("GET", "/bundles/nowhere/questions").status_code == 404


@pytest.mark.parametrize("same", [5, {"x": "y"}, {"x": ["hukou-birth-parent"]}, {"x": ["a-b", "c-d"]}])
def test_a_bundle_that_declares_strange_questions_to_be_one_is_not_stored(parent: Owner, same: Any) -> None:
    del parent
    wrong = {**document("packages.json")["packages"][0], "same_questions": same}

    with pytest.raises(BundleRefused), unit_of_work() as session:
        bundles.load(session, bundles=[wrong])
