"""No text that a phone or a partner sends becomes a fault of ours, in whatever field, query or address.

The routes and their fields are those of the program itself, so that none can be forgotten.
"""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from marshmallow import Schema, fields
from werkzeug.routing import Rule

from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.bundle_fixtures import begin
from tests.catalogue_fixtures import ID_LOST, load_catalogue
from tests.conftest import Sandbox
from tests.people_fixtures import log_in_as, make_citizen
from tests.rating_fixtures import complain
from web.door import RouteSpec
from web.flask_app import YimaFlask

ODD = {
    "NUL": "一\0二",
    "half a character": "\ud800",
    "ten kilobytes": "字" * 3_500,
    "odd characters": "\u202e\ufeff\U0010ffff👩‍👩‍👧e\u0301 \t\r\n%_\\'\"<b>{{1}}",
    "a number without end": "9" * 40,
    "digits of another script": "٣",
}
DOORS = ("/api/v1", "/partner", "/webhooks")
USUAL = "示例市榕树下茶馆有限公司"
PLAIN: dict[type[fields.Field[Any]], Any] = {
    fields.Integer: 1,
    fields.Boolean: True,
    fields.Date: "2026-11-16",
    fields.List: [],
    fields.Dict: {},
}


def usual(field: fields.Field[Any]) -> Any:
    """Something that a field may take, so that the service behind it is reached."""
    for check in field.validators:
        if choices := getattr(check, "choices", None):
            return next(iter(choices))
    if isinstance(field, fields.Enum):
        first = next(iter(field.enum.__members__.values()))
        return first.value if field.by_value else first.name
    if isinstance(field, fields.Nested):
        return body_of(field.schema)
    return next((value for kind, value in PLAIN.items() if isinstance(field, kind)), USUAL)


def body_of(schema: Schema) -> dict[str, Any]:
    """A body in which every field has something."""
    return {field.data_key or name: usual(field) for name, field in schema.load_fields.items()}


def odd_bodies(schema: Schema, odd: str) -> Iterator[dict[str, Any]]:
    """The usual body with each field odd in turn, also inside of lists and mappings, and with an odd name."""
    whole = body_of(schema)
    for name, shape in itertools.product([*whole, "applicant_name", odd], [odd, [odd], {odd: odd}]):
        yield {**whole, name: shape}


def address(rule: Rule, things: dict[str, str]) -> str:
    """The address of a route, with things that are there where we have some."""
    return re.sub(r"<(?:(\w+):)?(\w+)>", lambda part: things.get(part[2], "1" if part[1] else "x"), rule.rule)


def requests(rule: Rule, spec: RouteSpec, things: dict[str, str], odd: str) -> Iterator[tuple[str, str]]:
    """Each place of a route with something odd in it: address and body."""
    written = quote(odd[:900].encode("utf-8", "surrogatepass"), safe="")
    plain = address(rule, things)
    yield from ((address(rule, {**things, name: written}), "{}") for name in rule.arguments)
    if spec.query is not None:
        yield from ((f"{plain}?{name}={written}", "{}") for name in spec.query().fields)
    if spec.takes is not None:
        yield from ((plain, json.dumps(body)) for body in odd_bodies(spec.takes(), odd))


@pytest.fixture
def things(database: None) -> dict[str, str]:
    """A citizen's own things, by the names that routes have for them."""
    del database
    desk.open_city()
    load_catalogue()
    citizen_id = make_citizen("王小明")
    return {
        "bearer": log_in_as(citizen_id)["Authorization"],
        "case_no": case_fixtures.start(citizen_id),
        "application_no": begin(citizen_id),
        "complaint_no": complain(citizen_id).complaint_no,
        "task_code": ID_LOST,
        "key": "newborn",
    }


@pytest.mark.parametrize("odd", list(ODD))
def test_whatever_is_sent_is_taken_or_refused(
    app: YimaFlask, client: FlaskClient, sandbox: Sandbox, things: dict[str, str], odd: str
) -> None:
    sandbox.forget_faults()
    taps, faults = itertools.count(), []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(DOORS):
            continue
        spec = vars(app.view_functions[rule.endpoint])["spec"]
        for path, body in requests(rule, spec, things, ODD[odd]):
            answered = client.open(
                path,
                method=next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"})),
                data=body,
                content_type="application/json",
                headers={"Authorization": things["bearer"], "Idempotency-Key": f"odd-{next(taps):08d}"},
            )
            if answered.status_code >= 500:
                faults.append((answered.status_code, rule.rule, body[:120]))

    assert faults == []
    assert client.get("/api/v1/me", headers={"Authorization": things["bearer"]}).status_code == 200
