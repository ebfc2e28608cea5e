"""The sign of the program in a browser's tab."""

import pytest
from flask.testing import FlaskClient


def test_every_page_finds_its_icon_and_keeps_it(client: FlaskClient) -> None:
    icon = client.get("/favicon.ico")

    assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")
    assert icon.data.startswith(b"<svg ")
    assert icon.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize("page", ["/console/login", "/q/unknown", "/api/v1/docs"])
def test_no_page_forbids_it(client: FlaskClient, page: str) -> None:
    assert "img-src 'self'" in client.get(page).headers["Content-Security-Policy"]
