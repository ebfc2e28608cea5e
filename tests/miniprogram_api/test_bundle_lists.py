"""The list of a bundle has a number, is read again by it, and prints (一件事办理清单)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.bundles import lists, upkeep
from app.bundles.models import BundleList
from app.checklists.service import KEPT_FOR
from app.db import unit_of_work
from tests.bundle_fixtures import HUKOU, SUBSIDY
from tests.catalogue_fixtures import item, load_catalogue, publish
from tests.city_fixtures import MONDAY, load_city
from tests.counted import statements
from tests.miniprogram_api.test_bundle_questions import SAID


@pytest.fixture
def city(client: FlaskClient, database: None) -> Iterator[FlaskClient]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        load_catalogue()
        yield client


def made(city: FlaskClient, *parts: str, **changed: str) -> dict[str, Any]:
    said = {**SAID, **{name.replace("_", "-"): value for name, value in changed.items()}}
    body = {"answers": said, **({"parts": parts} if parts else {})}
    answer = city.post("/api/v1/bundles/newborn/list", json=body)
    assert answer.status_code == 201
    return dict(answer.get_json())


def read(city: FlaskClient, number: str) -> Any:
    return city.get(f"/api/v1/bundle-lists/{number}").get_json()


def test_whoever_has_the_number_reads_the_same_list(city: FlaskClient) -> None:
    told = made(city)

    assert len(told["list_no"]) == 20
    assert read(city, told["list_no"]) == told
    assert read(city, told["list_no"].lower()) == told
    assert told["page_url"].endswith(f"/bundle-lists/{told['list_no']}")


def test_each_question_is_told_once_with_its_answer(city: FlaskClient) -> None:
    answers = made(city)["answers"]

    assert [each["question"] for each in answers].count("孩子哪天出生？") == 1
    assert {"question": "孩子哪天出生？", "answer": "2026年11月1日"} in answers


def test_an_answer_to_what_is_not_asked_is_not_kept(city: FlaskClient) -> None:
    told = made(city, HUKOU, SUBSIDY)

    with unit_of_work() as session:
        kept = session.scalars(select(BundleList).where(BundleList.list_no == told["list_no"])).one()
        assert "special" not in kept.sealed_answers
        assert set(kept.versions) == {HUKOU, SUBSIDY}


def test_a_guide_that_changed_leaves_the_list_as_it_was_and_says_so(city: FlaskClient) -> None:
    told = made(city)
    publish(item("child-subsidy", promise_day=1))

    again = read(city, told["list_no"])
    assert (told["outdated"], again["outdated"]) == (False, True)
    assert again["parts"] == told["parts"]
    assert again["materials"] == told["materials"]


def test_it_is_read_as_of_the_day_it_was_made(city: FlaskClient) -> None:
    told = made(city)
    with clock.shifted_by(timedelta(days=80)):
        assert read(city, told["list_no"])["parts"] == told["parts"]


def test_it_is_gone_after_ninety_days(city: FlaskClient) -> None:
    number = made(city)["list_no"]
    with clock.shifted_by(KEPT_FOR + timedelta(minutes=1)):
        assert read(city, number)["code"] == "bundle_list_not_found"
        upkeep.forget_old_lists()
        with unit_of_work() as session:
            assert lists.forget_old(session) == 0
            assert session.scalars(select(BundleList)).all() == []


@pytest.mark.parametrize("number", ["0" * 20, "x", "%00", "編號", "0" * 500])
def test_a_number_that_was_never_given_is_not_found(city: FlaskClient, number: str) -> None:
    for path in ("/api/v1/bundle-lists/{}", "/bundle-lists/{}", "/bundle-lists/{}/code.svg"):
        assert city.get(path.format(number)).status_code == 404


def test_the_page_shows_everything_once_with_a_code_and_in_large_letters(city: FlaskClient) -> None:
    told = made(city, hukou_birth_parent="neither")
    page = city.get(f"/bundle-lists/{told['list_no']}?large=1").get_data(as_text=True)

    for part in told["parts"]:
        assert page.count(f"· {part['name']}") == 1
    wanted = [each["name"] for each in told["materials"] if not each["given_by"]]
    assert [page.count(f"<b>{name}</b>") for name in wanted] == [1] * len(wanted)
    assert "现在还不能办" in page
    assert "户口登记条例第七条" in page
    assert 'class="large"' in page
    assert city.get(f"/bundle-lists/{told['list_no']}/code.svg").mimetype == "image/svg+xml"


def test_it_costs_the_same_however_many_parts_it_has(city: FlaskClient) -> None:
    small, large = made(city, SUBSIDY)["list_no"], made(city)["list_no"]
    with statements() as few:
        read(city, small)
    with statements() as many:
        read(city, large)

    assert len(few) == len(many)
