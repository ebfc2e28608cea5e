"""The pages of policies in plain words (政策解读)."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import ID_LOST
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")

WORDS = {
    "title": "身份证丢了不用回老家",
    "summary": "在哪里生活就在哪里补领。",
    "text": "就近到窗口补领。\r\n\r\n要本人到场。",
    "source": "居民身份证法",
    "published_on": "2026-11-01",
    "items": ID_LOST,
}


@pytest.fixture
def author(client: FlaskClient) -> Browser:
    return browser(client, Role.APPROVER, name="周写手")


@pytest.fixture
def other(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.SUPERVISOR)


def read(clerk: Browser, path: str) -> str:
    return clerk.get(path).get_data(as_text=True)


def written(author: Browser, **changes: Any) -> str:
    sent = author.post("/console/articles/new", do="save", **{**WORDS, **changes})
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return sent.headers["Location"].split("?")[0]


def test_an_article_goes_from_its_author_by_a_second_clerk_to_the_citizens(
    author: Browser, other: Browser, client: FlaskClient
) -> None:
    path = written(author)
    assert author.post(f"{path}/ask", revision="1").status_code == 303
    assert "核对无误" not in read(author, path)
    assert author.post(f"{path}/publish", revision="1").status_code == 409
    assert "周写手" in read(other, "/console/articles")
    assert other.post(f"{path}/publish", revision="1").status_code == 303
    (shown,) = client.get("/api/v1/guides?q=身份证丢了").get_json()["articles"]
    assert (shown["kind"], shown["items"][0]["task_code"]) == ("article", ID_LOST)
    assert other.post(f"{path}/withdraw", revision="1").status_code == 303
    assert client.get("/api/v1/guides?q=身份证丢了").get_json()["articles"] == []
    steps = ["article_written", "article_shown", "article_published", "article_withdrawn"]
    assert desk.actions() == steps


def test_items_are_looked_for_in_the_form_and_nothing_typed_is_lost(author: Browser) -> None:
    page = author.post("/console/articles/new", do="find", find="身份证丢了", **{**WORDS, "items": "X1"})
    found = page.get_data(as_text=True)
    assert page.status_code == 200
    assert f'value="{ID_LOST}"' in found
    assert WORDS["title"] in found
    assert "要本人到场。" in found


@pytest.mark.parametrize("changes", [{"title": ""}, {"text": "# 标题"}, {"items": "nothing"}])
def test_a_refused_article_keeps_what_was_typed(author: Browser, changes: dict[str, str]) -> None:
    sent = author.post("/console/articles/new", do="save", **{**WORDS, **changes})
    assert sent.status_code == 422
    assert WORDS["summary"] in sent.get_data(as_text=True)


def test_words_are_changed_with_what_was_there_in_the_form(author: Browser, other: Browser) -> None:
    path = written(author)
    form = read(other, f"{path}/words")
    assert re.search(r'name="items" value="\w+" checked', form)
    assert WORDS["title"] in form
    assert other.post(f"{path}/words", do="save", revision="1", **WORDS).status_code == 303
    stale = author.post(f"{path}/words", do="save", revision="1", **WORDS)
    assert (stale.status_code, "刚被别人改过" in stale.get_data(as_text=True)) == (409, True)


def test_sent_back_an_article_can_be_shown_again(author: Browser, other: Browser) -> None:
    path = written(author)
    author.post(f"{path}/ask", revision="1")
    assert other.post(f"{path}/send-back", revision="1").status_code == 303
    assert WORDS["title"] in read(author, "/console/articles?view=draft")
    assert author.post(f"{path}/ask", revision="nothing").status_code == 409


@pytest.mark.parametrize("path", ["404", "99999999999999999999", "404/words"])
def test_an_unknown_article_is_not_found(author: Browser, path: str) -> None:
    assert author.get(f"/console/articles/{path}").status_code == 404


def test_a_long_list_goes_on(author: Browser) -> None:
    for number in range(21):
        written(author, title=f"解读{number:02}")
    first = read(author, "/console/articles?view=draft")
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert ("解读20" in first, "解读00" in first) == (True, False)
    assert "解读00" in read(author, following)
