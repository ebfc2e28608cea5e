"""Every page of the console: a strict policy, no script, refusals as pages, faults told plainly."""

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.desk import window
from app.staff.models import Role
from tests.console.every_page import pages
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
VOID = {"meta", "link", "input", "img", "br"}


class Shape(HTMLParser):
    """Whether every element is closed where it should be, and which ids and labels there are."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.unnamed: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        self.labels |= {given["for"]} if tag == "label" and "for" in given else set()
        named = given.get("type") == "hidden" or "aria-label" in given or "label" in self.open
        if tag in {"input", "textarea"} and not named:
            self.unnamed.append(given.get("id", tag))
        if tag == "img" and not given.get("alt"):
            self.unnamed.append("img")
        if tag == "th" and "scope" not in given:
            self.unnamed.append("th")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)


@pytest.fixture
def everybody(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, *Role, centre_id="C01")


def test_every_page_is_whole_with_names_for_all_fields_and_a_strict_policy(everybody: Browser) -> None:
    for path, answered in pages(everybody).items():
        whole_and_named(path, answered)
        strict_and_nothing_inline(path, answered)


def whole_and_named(path: str, answered: TestResponse) -> None:
    shape = Shape(answered.get_data(as_text=True))

    assert (path, shape.open, shape.crossed) == (path, [], [])
    assert (path, sorted(shape.ids)) == (path, sorted(set(shape.ids)))
    assert set(shape.unnamed) <= shape.labels, path
    assert answered.get_data(as_text=True).count("autofocus") <= 1, path


def strict_and_nothing_inline(path: str, answered: TestResponse) -> None:
    policy, page = answered.headers["Content-Security-Policy"], answered.get_data(as_text=True)

    for what in ("style", "script", "img", "connect"):
        assert f"{what}-src 'self'" in policy, path
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.search(r"<style|\sstyle=|\s(?:on\w+|hx-on\S*)=|<script(?! src=)", page) is None, path
    assert re.search(r"<script[^>]*>[^<]", page) is None, path
    assert answered.headers["Cache-Control"] == "no-store"


def test_the_field_for_the_scanner_has_the_focus(everybody: Browser) -> None:
    for path in ("/console/cases", "/console/window", "/console/appointments"):
        page = everybody.get(path).get_data(as_text=True)
        assert re.search(r'<input[^>]*name="content"[^>]*autofocus', page), path


@pytest.mark.parametrize("path", ["/console/nowhere", "/console/cases/x/accept", "/console/a/b/c"])
def test_an_address_with_nothing_behind_it_is_a_page(everybody: Browser, path: str) -> None:
    answered = everybody.get(path)

    assert (answered.status_code, answered.mimetype) == (404, "text/html")
    assert "没有这个页面" in answered.get_data(as_text=True)


def test_a_fault_of_ours_is_a_page_that_tells_nothing(
    everybody: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(window, "scan", fail)
    answered = everybody.post("/console/scan", content="x")
    page = answered.get_data(as_text=True)

    assert (answered.status_code, answered.mimetype) == (500, "text/html")
    assert "secret" not in page
    assert answered.headers["X-Request-Id"] in page


def test_the_api_keeps_its_own_shape_of_refusals(app: YimaFlask) -> None:
    assert app.test_client().get("/api/v1/nowhere").mimetype == "application/problem+json"
