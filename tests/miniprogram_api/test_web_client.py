"""The phone client as a web page: what is given out, how long it is kept, and that nothing else is."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.codes import service
from app.codes.models import CodeKind
from app.db import unit_of_work
from miniprogram_api import web_client
from tests import case_fixtures
from tests.catalogue_fixtures import ID_LOST
from web.flask_app import YimaFlask

SCRIPT = b"console.log('1')\n" * 200


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A build as the client's own tools leave it, beside something that is nobody's business."""
    folder = tmp_path / "h5"
    (folder / "assets").mkdir(parents=True)
    (folder / "static").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>一码办</title>" + "<p>办事</p>" * 50)
    (folder / "BUILD.json").write_text("{}")
    (folder / "assets" / "index-abc.js").write_bytes(SCRIPT)
    (folder / "assets" / "odd.exe").write_bytes(b"MZ")
    (folder / "static" / "tab.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "secret.txt").write_text("nobody's business")
    (folder / "assets" / "link.txt").symlink_to(tmp_path / "secret.txt")
    monkeypatch.setattr(web_client, "_FOLDER", folder)
    web_client.files.cache_clear()
    yield folder
    web_client.files.cache_clear()


@pytest.fixture
def browser(app: YimaFlask, build: Path) -> FlaskClient:
    return app.test_client()


def test_the_page_is_asked_about_again_and_may_load_only_its_own(browser: FlaskClient) -> None:
    page = browser.get("/m/")

    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "public, no-cache"
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["form-action"] == "'self'"
    assert policy["connect-src"] == "'self' blob:"  # photos that the page has made smaller itself
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "script-src" not in policy


def test_the_page_that_a_browser_has_is_not_sent_again(browser: FlaskClient, build: Path) -> None:
    first = browser.get("/m/")
    again = browser.get("/m/", headers={"If-None-Match": first.headers["ETag"]})
    (build / "index.html").write_text("a new page")
    web_client.files.cache_clear()
    renewed = browser.get("/m/", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert (renewed.status_code, renewed.data) == (200, b"a new page")


def test_what_carries_its_hash_is_kept_for_a_year(browser: FlaskClient) -> None:
    script = browser.get("/m/assets/index-abc.js")

    assert script.data == SCRIPT
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_picture_without_a_hash_is_asked_about_again(browser: FlaskClient) -> None:
    picture = browser.get("/m/static/tab.png", headers={"Accept-Encoding": "gzip"})

    assert (picture.headers["Content-Type"], picture.headers["Cache-Control"]) == (
        "image/png",
        "public, no-cache",
    )
    assert "Content-Encoding" not in picture.headers


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "*"])
def test_a_browser_that_unpacks_is_sent_less(browser: FlaskClient, accepted: str) -> None:
    packed = browser.get("/m/assets/index-abc.js", headers={"Accept-Encoding": accepted})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == SCRIPT
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(SCRIPT)


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_a_browser_that_does_not_unpack_gets_it_plain(browser: FlaskClient, accepted: str) -> None:
    plain = browser.get("/m/assets/index-abc.js", headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in plain.headers
    assert (plain.data, plain.headers["Vary"]) == (SCRIPT, "Accept-Encoding")


def test_the_two_forms_of_a_file_are_told_apart(browser: FlaskClient) -> None:
    plain, packed = (
        browser.get("/m/", headers={"Accept-Encoding": word}).headers["ETag"] for word in ("br", "gzip")
    )
    crossed = browser.get("/m/", headers={"If-None-Match": plain, "Accept-Encoding": "gzip"})

    assert plain != packed
    assert crossed.status_code == 200


def test_asking_for_the_head_gives_no_body(browser: FlaskClient) -> None:
    head = browser.head("/m/assets/index-abc.js")

    assert (head.status_code, head.data) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(SCRIPT)


@pytest.mark.parametrize(
    "path",
    [
        "/m/BUILD.json",
        "/m/assets/odd.exe",
        "/m/assets/link.txt",
        "/m/assets",
        "/m/assets/",
        "/m/../secret.txt",
        "/m/..%2fsecret.txt",
        "/m/%2e%2e/secret.txt",
        "/m/assets/../../secret.txt",
        "/m/assets\\index-abc.js",
        "/m/index.html%00",
        "/m/不存在",
    ],
)
def test_nothing_but_the_build_is_given_out(browser: FlaskClient, path: str) -> None:
    answered = browser.get(path)

    assert answered.status_code == 404
    assert "没有这个页面" in answered.get_data(as_text=True)
    assert "nobody" not in answered.get_data(as_text=True)


def test_an_address_with_an_empty_part_leads_nowhere(browser: FlaskClient) -> None:
    assert browser.get("/m//etc/passwd").status_code == 404


def test_a_file_that_came_later_is_not_given_out(browser: FlaskClient, build: Path) -> None:
    browser.get("/m/")
    (build / "assets" / "later.js").write_text("1")

    assert browser.get("/m/assets/later.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/m", "/?next=https://evil.example", "/m?next=//evil.example", "/m?x=%0d%0aSet-Cookie:a=b"]
)
def test_the_bare_addresses_lead_to_the_page_and_nowhere_else(browser: FlaskClient, path: str) -> None:
    answered = browser.get(path, headers={"Host": "evil.example"})

    assert (answered.status_code, answered.headers["Location"]) == (302, "/m/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_written_here(browser: FlaskClient, method: str) -> None:
    assert browser.open("/m/", method=method).status_code == 405


def test_without_a_build_people_are_shown_another_way(
    app: YimaFlask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build: Path
) -> None:
    monkeypatch.setattr(web_client, "_FOLDER", tmp_path / "nothing")
    web_client.files.cache_clear()
    page = app.test_client().get("/m/")

    assert page.status_code == 404
    assert all(word in page.get_data(as_text=True) for word in ("没有安装网页端", "小程序", "12345"))


@pytest.fixture
def code(client: FlaskClient) -> str:
    """The address in the code of a guide."""
    case_fixtures.publish_id_lost()
    with unit_of_work() as session:
        return service.static_code(session, kind=CodeKind.GUIDE, target=ID_LOST)


def test_a_scanned_code_goes_on_in_the_page(client: FlaskClient, code: str, build: Path) -> None:
    landed = client.get("/q/" + code.rsplit("/", 1)[1]).get_data(as_text=True)

    quoted = code.replace(":", "%3A").replace("/", "%2F")
    assert f'href="/m/#/pages/scan/scan?content={quoted}"' in landed
    assert "在网页里打开" in landed


def test_without_the_page_no_code_promises_it(
    client: FlaskClient, code: str, build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_client, "_FOLDER", build / "nothing")
    web_client.files.cache_clear()

    assert "在网页里打开" not in client.get("/q/" + code.rsplit("/", 1)[1]).get_data(as_text=True)


def test_a_personal_code_is_for_a_clerk_and_not_for_a_page(client: FlaskClient, build: Path) -> None:
    citizen_id = case_fixtures.citizen()
    with unit_of_work() as session:
        shown = service.show_personal(session, citizen_id=citizen_id).content
    landed = client.get("/q/" + shown.rsplit("/", 1)[1])

    assert landed.status_code == 200
    assert "在网页里打开" not in landed.get_data(as_text=True)
