"""What a browser may do with our pages: load their own parts, and send nobody's words elsewhere."""

import pytest
from flask.testing import FlaskClient

# Not covered by default-src, so each page has to say it.
SAID_BY_ITSELF = ("base-uri", "form-action", "frame-ancestors")


@pytest.mark.parametrize(
    "path",
    [
        "/m/",
        "/m/nowhere",
        "/q/nothing",
        "/checklists/nothing",
        "/bundle-lists/nothing",
        "/figures",
        "/api/v1/docs",
        "/console/login",
    ],
)
def test_every_page_says_what_its_browser_may_do(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    parts = (part.split() for part in page.headers["Content-Security-Policy"].split(";"))
    policy = {name: set(sources) for name, *sources in parts}

    assert page.mimetype == "text/html"
    assert all(policy[name] <= {"'none'", "'self'"} for name in SAID_BY_ITSELF)
    assert policy["frame-ancestors"] == policy["base-uri"] == {"'none'"}
    assert policy.get("script-src", policy["default-src"]) <= {"'none'", "'self'"}
