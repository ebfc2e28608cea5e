"""Policies in plain words, and the list of special steps."""

import pytest
from flask.testing import FlaskClient

from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import document

pytestmark = pytest.mark.usefixtures("city")
ITEMS = document("items.json")["items"]


def test_articles_are_listed_with_their_items_newest_first(client: FlaskClient) -> None:
    found = client.get("/api/v1/articles").get_json()["items"]
    assert len(found) == len(document("articles.json")["articles"]) == 6
    days = [article["published_on"] for article in found]
    assert days == sorted(days, reverse=True)
    assert all(article["items"] and article["provenance"] == "demo-authored" for article in found)
    assert "paragraphs" not in found[0]


def test_articles_of_an_item(client: FlaskClient) -> None:
    code = item("med-remote")["task_code"]
    (found,) = client.get(f"/api/v1/articles?task_code={code}").get_json()["items"]
    assert found["key"] == "remote-hospital"


def test_an_article_is_kept_until_it_or_its_items_change(client: FlaskClient) -> None:
    first = client.get("/api/v1/articles/start-a-shop")
    assert len(first.get_json()["paragraphs"]) == 4
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/api/v1/articles/start-a-shop", headers=tag).status_code == 304
    publish(item("solo-setup", secret=True))
    shown = client.get("/api/v1/articles/start-a-shop", headers=tag)
    assert "solo-setup" not in {card["item_key"] for card in shown.get_json()["items"]}


@pytest.mark.parametrize("path", ["/nothing", "/%00", "?task_code=%00", "?cursor=zz"])
def test_a_wrong_question_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(f"/api/v1/articles{path}").status_code in {404, 422}


def test_every_special_step_is_listed_with_days_and_basis(client: FlaskClient) -> None:
    found = client.get("/api/v1/guides/special-steps").get_json()["items"]
    wanted = {
        (one["task_code"], step["name"], step.get("promise_workdays", step.get("promise_days")))
        for one in ITEMS
        for step in one["special_procedure"]
    }
    assert {(step["task_code"], step["name"], step["days"]) for step in found} == wanted
    assert all(step["basis"] and step["note"] for step in found)
    by_name = {step["name"]: step for step in found}
    assert by_name["现场核查"]["days_text"] == "3个工作日"
    assert by_name["离婚冷静期"]["counted_in_limit"] is True


def test_special_steps_are_leafed_by_item_and_a_secret_item_has_none(client: FlaskClient) -> None:
    publish(item("divorce", secret=True))
    path, steps = "/api/v1/guides/special-steps?limit=1", []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(f"{path}&cursor={cursor}" if cursor else path).get_json()
        steps += [step["name"] for step in page["items"]]
        cursor = page["next_cursor"]
    assert len(steps) == sum(len(one["special_procedure"]) for one in ITEMS) - 1
    assert "离婚冷静期" not in steps


def test_a_changed_guide_changes_the_list_of_special_steps(client: FlaskClient) -> None:
    client.get("/api/v1/guides/special-steps")
    steps = [{"name": "专家评审", "promise_workdays": 5, "counted_in_limit": False, "note": "另行通知"}]
    publish(item("id-lost", special_procedure=steps))
    found = client.get("/api/v1/guides/special-steps").get_json()["items"]
    assert "专家评审" in {step["name"] for step in found}


def keys(client: FlaskClient, query: str) -> set[str]:
    return {card["item_key"] for card in client.get(f"/api/v1/guides?limit=100&{query}").get_json()["items"]}


@pytest.mark.parametrize("word", ["mashang", "wangshang", "jiujin", "yici"])
def test_each_of_the_four_lists_what_its_field_says(client: FlaskClient, word: str) -> None:
    wanted = {one["item_key"] for one in ITEMS if one["four_ban"][word]}
    assert keys(client, f"four_ban={word}") == keys(client, f"label={word}") == wanted
    if word == "mashang":
        assert all(one["project_type"] == "1" for one in ITEMS if one["item_key"] in wanted)


def test_what_needs_no_meeting_is_what_the_fields_say(client: FlaskClient) -> None:
    none = {
        one["item_key"] for one in ITEMS if one["limit_scene_num"] == 0 and one["online_handle_depth"] == 4
    }
    assert keys(client, "label=zero_visit") == keys(client, "max_visits=0") == none
    assert len(none) == 45


def test_across_provinces_are_only_items_of_the_whole_country(client: FlaskClient) -> None:
    wanted = {one["item_key"] for one in ITEMS if one["handle_area"] == "1"}
    assert keys(client, "cross_province=true") == wanted


@pytest.mark.parametrize("query", ["four_ban=instant", "four_ban=mashang&label=free"])
def test_a_word_outside_the_four_or_two_words_at_once_are_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/guides?{query}").status_code == 422


def test_a_search_for_a_policy_lists_it_beside_the_guides(client: FlaskClient) -> None:
    found = client.get("/api/v1/guides?q=孩子出生后的几件事").get_json()
    (first, *_) = found["articles"]
    assert (first["key"], first["kind"]) == ("newborn-one-thing", "article")
    assert len(first["items"]) == 5
    assert found["items"]


def test_titles_of_policies_stand_beside_the_names_of_items(client: FlaskClient) -> None:
    found = client.get("/api/v1/guides/suggest?q=孩子出生").get_json()
    assert [one["key"] for one in found["articles"]] == ["newborn-one-thing"]
