import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from web.flask_app import YimaFlask


@pytest.fixture
def document(app: YimaFlask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return found


def test_every_route_for_citizens_is_documented(app: YimaFlask, document: dict[str, Any]) -> None:
    served = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}

    assert {path for path in served if path.startswith("/api/v1")} <= set(document["paths"])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))

    assert references <= set(document["components"]["schemas"])


def test_a_route_says_what_it_takes_what_it_gives_and_how_it_refuses(document: dict[str, Any]) -> None:
    pay = document["paths"]["/api/v1/payments"]["post"]

    assert pay["security"] == [{"citizen": []}]
    assert "Idempotency-Key" in [parameter["name"] for parameter in pay["parameters"]]
    assert set(pay["responses"]) == {"201", "default"}
    assert "application/problem+json" in pay["responses"]["default"]["content"]


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/docs.js", "/api/v1/docs.css"])
def test_the_page_to_try_it_loads_nothing_from_anybody_else(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert re.findall(rb"""(?:src|href|url\()\s*=?["'(]?(?:https?:)?//""", answer.data) == []
