"""The console's own files: ours or kept as their makers made them, packed, kept until they change."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.staff.models import Role
from console import files
from tests.console.every_page import pages
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")
FOLDER = Path(files.__file__).with_name("static")
LISTED = re.findall(
    r"\| (vendor/\S+) \|[^|]*\|[^|]*\| ([0-9a-f]{64}) \|", (FOLDER / "VENDORED.md").read_text()
)


@pytest.fixture
def everybody(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, *Role, centre_id="C01")


def test_what_others_made_is_kept_as_they_made_it() -> None:
    found = {
        f"vendor/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (FOLDER / "vendor").glob("*.js")
    }

    assert found == dict(LISTED)
    assert set(found) == {files.HTMX, files.ECHARTS}


def test_a_licence_lies_beside_each() -> None:
    kept = {path.name.partition(".")[0] for path in (FOLDER / "vendor").glob("*.LICENSE")}

    assert kept == {Path(name).name.partition("-")[0] for name, _ in LISTED}


@pytest.mark.parametrize("name", sorted(files.NAMES))
def test_a_file_is_kept_until_it_changes(client: FlaskClient, name: str) -> None:
    fresh, old = client.get(files.address(name)), client.get(f"/console/static/{name}?v=old")

    assert fresh.get_data() == (FOLDER / name).read_bytes()
    assert fresh.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert old.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", sorted(files.NAMES))
def test_a_browser_that_unpacks_is_sent_less(client: FlaskClient, name: str) -> None:
    plain = client.get(files.address(name))
    packed = client.get(files.address(name), headers={"Accept-Encoding": "gzip, br"})
    refused = client.get(files.address(name), headers={"Accept-Encoding": "gzip;q=0"})

    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(packed.get_data()) == plain.get_data() == refused.get_data()
    assert len(packed.get_data()) < len(plain.get_data())
    assert plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path", ["VENDORED.md", "vendor/htmx.LICENSE", "../pages.py", "%2e%2e/pages.py", "", "vendor", "x" * 300]
)
def test_nothing_else_is_given_out(client: FlaskClient, path: str) -> None:
    answered = client.get(f"/console/static/{path}")

    assert answered.status_code in {303, 404}
    assert b"import" not in answered.get_data()


def test_no_page_names_another_host_and_only_a_chart_loads_the_drawing_library(everybody: Browser) -> None:
    shown = pages(everybody)
    for path, answered in shown.items():
        named = re.findall(r"""["'(=]\s*((?:https?:)?//[^"'\s)]+)""", answered.get_data(as_text=True))
        policy = answered.headers["Content-Security-Policy"]

        assert (path, named) == (path, [])
        assert "http" not in policy, path
        assert "*" not in policy, path

    drawn = {path for path, answered in shown.items() if "data-chart=" in answered.text}
    assert drawn == {path for path, answered in shown.items() if "echarts" in answered.text}
    assert "/console" in drawn
    assert not {path for path in drawn if "/cases" in path or "/login" in path}


def test_our_scripts_make_no_code_from_text() -> None:
    ours = [(FOLDER / name).read_text() for name in files.NAMES if "vendor/" not in name]

    assert not [
        text for text in ours if re.search(r"\beval\(|new Function|innerHTML|https?://(?!www\.w3\.org)", text)
    ]


def test_a_script_that_asks_without_a_login_moves_the_whole_page(client: FlaskClient) -> None:
    asking = {"HX-Request": "true", "HX-Current-URL": "http://localhost/console/cases?view=overdue"}
    answered = client.get("/console/cases?view=accepted", headers=asking)

    assert answered.status_code == 401
    assert answered.headers["HX-Redirect"] == "/console/login?next=/console/cases?view%3Doverdue"


@pytest.mark.parametrize("current", ["", "http://[", "//elsewhere.example/x", "javascript:alert(1)"])
def test_an_odd_page_behind_a_script_harms_nobody(client: FlaskClient, current: str) -> None:
    answered = client.get("/console/cases", headers={"HX-Request": "true", "HX-Current-URL": current})

    assert answered.status_code == 401
    assert answered.headers["HX-Redirect"].startswith("/console/login")
