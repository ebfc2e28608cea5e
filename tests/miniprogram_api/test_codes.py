import base64
import io
import json
import re
from html.parser import HTMLParser

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask.testing import FlaskClient
from PIL import Image

from app import settings
from app.codes import service
from app.codes.models import CodeKind
from app.db import unit_of_work
from tests import city_fixtures as city
from tests.people_fixtures import log_in

ITEM = "id-renew"


@pytest.fixture
def guide_code(client: FlaskClient) -> str:
    del client
    [task_code] = city.publish_items(ITEM)
    with unit_of_work() as session:
        return service.static_code(session, kind=CodeKind.GUIDE, target=task_code)


def path_of(content: str) -> str:
    return content.removeprefix(settings.current().public_url)


def show(client: FlaskClient) -> str:
    shown = client.get("/api/v1/codes/me", headers=log_in("王小明"))
    assert shown.status_code == 200
    return str(shown.get_json()["content"])


def test_my_code_comes_as_data(client: FlaskClient) -> None:
    shown = client.get("/api/v1/codes/me", headers=log_in()).get_json()

    assert set(shown) == {"content", "expires_at", "refresh_after"}
    assert shown["expires_at"].endswith("+08:00")
    assert shown["refresh_after"] == 50


def test_my_code_comes_as_a_picture_that_decodes(client: FlaskClient) -> None:
    picture = client.get("/api/v1/codes/me?format=png", headers=log_in())

    assert picture.mimetype == "image/png"
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)))
    with unit_of_work() as session:
        assert service.redeem_personal(session, content=found.text, officer_name="front01")


def test_my_code_comes_as_a_drawing(client: FlaskClient) -> None:
    drawing = client.get("/api/v1/codes/me?format=svg", headers=log_in())

    assert drawing.mimetype == "image/svg+xml"
    assert drawing.data.startswith(b"<svg ")
    assert "no-store" in drawing.headers["Cache-Control"]


@pytest.mark.parametrize("query", ["?format=pdf", "?format="])
def test_another_format_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/codes/me{query}", headers=log_in()).status_code == 422


def test_without_a_login_there_is_no_code(client: FlaskClient) -> None:
    assert client.get("/api/v1/codes/me").status_code == 401


def test_scanning_a_guide_says_which_page_to_open(client: FlaskClient, guide_code: str) -> None:
    scanned = client.post("/api/v1/codes/scan", json={"content": guide_code}).get_json()

    assert scanned["action"] == "open_guide"
    assert scanned["page"] == f"/pages/guides/detail?task_code={scanned['target']}"


def test_scanning_a_window_says_what_it_handles(client: FlaskClient, guide_code: str) -> None:
    del guide_code
    city.load_city()
    with unit_of_work() as session:
        content = service.static_code(session, kind=CodeKind.WINDOW, target="C01/A01")

    scanned = client.post("/api/v1/codes/scan", json={"content": content}).get_json()

    assert scanned["page"] == "/pages/booking/slots?centre_id=C01&window=A01"
    assert len(scanned["items"]) == 1


def test_scanning_a_personal_code_is_for_the_staff(client: FlaskClient) -> None:
    refused = client.post("/api/v1/codes/scan", json={"content": show(client)})

    assert (refused.status_code, refused.get_json()["code"]) == (403, "code_for_staff")


@pytest.mark.parametrize("content", ["https://evil.example/", "x" * 1024, "二维码"])
def test_scanning_something_else_says_that_it_is_not_ours(client: FlaskClient, content: str) -> None:
    refused = client.post("/api/v1/codes/scan", json={"content": content})

    assert (refused.status_code, refused.get_json()["code"]) == (404, "code_unknown")


def test_the_page_of_a_guide_says_what_it_is_and_leads_to_no_other_place(
    client: FlaskClient, guide_code: str
) -> None:
    page = client.get(path_of(guide_code))

    assert page.status_code == 200
    assert "办事指南码" in page.text
    assert "演示数据" in page.text
    *ours, hotline = Links.of(page.text)
    assert hotline == "tel:12345"
    assert all(link.startswith("/m/#/pages/scan/scan?content=") for link in ours)


def test_the_page_of_a_personal_code_names_nobody(client: FlaskClient) -> None:
    page = client.get(path_of(show(client)))

    assert page.status_code == 200
    assert "请出示给窗口工作人员" in page.text
    assert "王小明" not in page.text


@pytest.mark.parametrize(
    "token",
    ["x", "A" * 22, "A" * 114, "%2e%2e", "https:%2f%2fevil.example", "<script>alert(1)</script>", "q.css"],
)
def test_the_page_of_an_unknown_code_is_a_plain_refusal_without_redirect(
    client: FlaskClient, token: str
) -> None:
    page = client.get(f"/q/{token}")

    assert page.status_code == 404
    assert "Location" not in page.headers
    assert "<script" not in page.text
    assert "evil" not in page.text


def test_the_page_keeps_a_strict_policy_and_its_style_is_our_own(
    client: FlaskClient, guide_code: str
) -> None:
    page = client.get(path_of(guide_code))
    policy = page.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|style=|<script|\son\w+=", page.text)
    [sheet] = re.findall(r'href="(/q\.css\?v=\w+)"', page.text)
    assert client.get(sheet).mimetype == "text/css"


def test_the_published_keys_alone_check_a_code(client: FlaskClient) -> None:
    key = json.loads(client.get("/.well-known/yima-keys.json").data)["keys"][0]
    token = show(client).rsplit("/", 1)[1]
    raw = base64.urlsafe_b64decode(token + "==")

    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "=="))
    public.verify(raw[21:], key["context"].encode() + raw[:21])
    assert (key["kty"], key["crv"], len(raw)) == ("OKP", "Ed25519", 85)


class Links(HTMLParser):
    """The addresses that a person can tap."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, html: str) -> list[str]:
        parser = cls()
        parser.feed(html)
        assert parser.found
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs).get("href") or "")
