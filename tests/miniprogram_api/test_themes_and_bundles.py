import pytest
from flask.testing import FlaskClient

from app.bundles import service as bundles
from app.bundles.errors import BundleRefused
from app.db import unit_of_work
from tests.catalogue_fixtures import item, load_catalogue, publish
from tests.city_fixtures import document
from tests.counted import statements

API = "/api/v1"


@pytest.fixture
def city(client: FlaskClient) -> FlaskClient:
    """A phone in the demo city."""
    load_catalogue()
    return client


@pytest.mark.parametrize(("path", "count"), [("themes", 16), ("departments", 16)])
def test_ways_into_the_catalogue_count_every_item_once(city: FlaskClient, path: str, count: int) -> None:
    found = city.get(f"{API}/{path}").get_json()["items"]

    assert (len(found), sum(one["count"] for one in found)) == (count, 60)
    assert {one["provenance"] for one in found} == {"demo-authored"}


def test_labels_have_words_and_counts(city: FlaskClient) -> None:
    found = {one["key"]: one for one in city.get(f"{API}/labels").get_json()["items"]}

    assert found["cross_province"]["name"] == "跨省通办"
    assert found["cross_province"]["count"] == 27


def test_counts_are_narrowed_to_an_audience(city: FlaskClient) -> None:
    found = city.get(f"{API}/themes?audience=business").get_json()["items"]

    assert sum(one["count"] for one in found) < 60
    assert city.get(f"{API}/themes?audience=dogs").status_code == 422


@pytest.mark.parametrize("path", ["themes", "departments", "labels", "bundles"])
def test_a_list_costs_two_statements_at_most(city: FlaskClient, path: str) -> None:
    with statements() as seen:
        city.get(f"{API}/{path}")

    assert 1 <= len(seen) <= 2


def test_the_bundles_are_shown_with_their_items_and_marks(city: FlaskClient) -> None:
    found = city.get(f"{API}/bundles").get_json()["items"]

    assert len(found) == 12
    assert found[0]["name"] == "新生儿出生一件事"
    assert [one["item_key"] for one in found[0]["items"]][:2] == ["birth-reg", "hukou-birth"]
    assert {one["provenance"] for one in found} == {"demo-authored"}


def test_bundles_are_leafed_through(city: FlaskClient) -> None:
    first = city.get(f"{API}/bundles?limit=7").get_json()
    second = city.get(f"{API}/bundles?limit=7&cursor={first['next_cursor']}").get_json()

    keys = [one["bundle_key"] for one in first["items"] + second["items"]]
    assert len(set(keys)) == 12
    assert second["next_cursor"] is None


def test_a_phone_that_has_the_bundle_gets_304(city: FlaskClient) -> None:
    tag = city.get(f"{API}/bundles/newborn").headers["ETag"]

    assert city.get(f"{API}/bundles/newborn", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("key", ["nothing", "%00", "x" * 300])
def test_an_unknown_bundle_is_404(city: FlaskClient, key: str) -> None:
    answer = city.get(f"{API}/bundles/{key}")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "bundle_not_found")


def test_a_cancelled_item_leaves_its_bundles(city: FlaskClient) -> None:
    publish(item("marry", task_state="3"))
    found = city.get(f"{API}/bundles/marriage-birth").get_json()

    assert [one["item_key"] for one in found["items"]] == ["birth-reg", "hukou-spouse"]
    assert found["order"] == [["birth-reg", "hukou-spouse"]]


def test_a_reference_list_says_what_it_is(city: FlaskClient) -> None:
    assert city.get(f"{API}/lists/fees").get_json()["meta"]["provenance"] == "demo-authored"
    assert city.get(f"{API}/lists/%00").get_json()["code"] == "list_not_found"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"audience": "狗"}, "audience"),
        ({"item_codes": ["0" * 31]}, "no public item"),
        ({"parallel": [["marry"]]}, "parallel"),
    ],
)
def test_a_bundle_that_cannot_be_right_is_refused(
    city: FlaskClient, changes: dict[str, object], named: str
) -> None:
    wrong = {**document("packages.json")["packages"][0], **changes}

    with pytest.raises(BundleRefused, match=f"newborn: .*{named}"), unit_of_work() as session:
        bundles.load(session, bundles=[wrong])


def test_loading_the_bundles_again_changes_nothing(city: FlaskClient) -> None:
    with unit_of_work() as session:
        assert bundles.load(session, bundles=document("packages.json")["packages"]) == 0
