"""The promised numbers in public, as JSON and as a page."""

import re

import pytest
from flask.testing import FlaskClient

from app.figures import queries
from tests.catalogue_fixtures import item, publish

pytestmark = pytest.mark.usefixtures("city")


def test_every_number_says_what_it_is_counted_from(client: FlaskClient) -> None:
    report = client.get("/api/v1/figures").get_json()
    found = {figure["key"]: figure for figure in report["figures"]}
    assert (found["zero_visit"]["counted"], found["zero_visit"]["of"]) == (45, 60)
    assert found["zero_visit"]["observed"]["of"] == 0
    assert found["zero_visit"]["kept"] is True
    assert all(figure["definition"].endswith("。") for figure in found.values())
    assert all(figure["of"] is not None for figure in found.values() if figure["unit"] == "share")
    assert report["provenance"] == report["baseline"]["provenance"] == "demo-authored"


def test_numbers_that_have_not_changed_are_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/api/v1/figures")
    again = client.get("/api/v1/figures", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    publish(item("id-lost", limit_scene_num=0, limit_scene_explain="", online_handle_depth=4))
    changed = client.get("/api/v1/figures", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.get_json()["figures"][0]["counted"] == 46


def test_the_page_shows_every_number_and_marks_demo_data(client: FlaskClient) -> None:
    page = client.get("/figures")
    html = page.get_data(as_text=True)
    figures = client.get("/api/v1/figures").get_json()["figures"]
    assert all(f'id="{figure["key"]}"' in html and figure["text"] in html for figure in figures)
    assert "演示数据" in html
    assert re.search(r"甘蔗街道便民服务中心（示例）</th><td>31</td>", html)
    assert not re.search(r"<script|style=|https?://", html)
    tag = page.headers["ETag"]
    assert client.get("/figures", headers={"If-None-Match": tag}).status_code == 304


def test_the_page_has_its_style_and_can_be_printed(client: FlaskClient) -> None:
    html = client.get("/figures").get_data(as_text=True)
    style = client.get(re.findall(r'href="(/figures\.css[^"]*)"', html)[0])
    assert style.mimetype == "text/css"
    assert "@media print" in style.get_data(as_text=True)


def test_one_thread_counts_and_others_take_what_is_known(client: FlaskClient) -> None:
    first = client.get("/api/v1/figures").headers["ETag"]
    publish(item("marry", task_state="2"))
    assert queries.published._counting.acquire(blocking=False)
    try:
        assert client.get("/api/v1/figures").headers["ETag"] == first
    finally:
        queries.published._counting.release()
    assert client.get("/api/v1/figures").headers["ETag"] != first
