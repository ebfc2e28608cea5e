"""No text that is typed or put into an address at the desk becomes a fault of ours.

The routes are those of the program itself, and the fields those that a view asks for while it runs: neither
is listed here, so neither can be forgotten.
"""

import itertools
from typing import Any, ClassVar
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.complaints import joint
from app.complaints.kinds import Kind
from app.db import unit_of_work
from app.publishing import queries
from app.publishing import service as publishing
from app.publishing.queries import Author
from app.staff.models import Role
from console import csrf
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import ID_LOST
from tests.console.test_articles import WORDS
from tests.console.test_foreign import FORM, TABLE, Things, filled
from tests.people_fixtures import make_citizen
from tests.rating_fixtures import complain
from tests.staff_fixtures import Browser, browser, make_clerk
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")

ODD = {
    "NUL": "已经处理\0并向市民说明",
    "ten kilobytes": "字" * 3_500,
    "odd characters": "\u202e\ufeff\U0010ffff👩‍👩‍👧e\u0301 \t\r\n%_\\'\"<b>{{1}}",
    "a number without end": "9" * 40,
    "digits of another script": "٣",
}
TYPED = {
    **FORM,
    **WORDS,
    "revision": "1",
    "do": "save",
    "lead": desk.POLICE,
    "others": desk.CIVIL_AFFAIRS,
    "dept_code": "",
    "to_code": "C02",
    "to_name": "东城",
    "centre": "C01",
    "window": "A01",
    "words": "身份证",
    "promise_day": "13",
    "situations": "",
    "materials.rows": "1",
    "materials.0.name": "照片",
}

WAYS_IN_AND_OUT = ("/login", "/logout")


class Asked(ImmutableMultiDict[str, str]):
    """A form that remembers what a view asked it for."""

    names: ClassVar[set[str]] = set()

    def get(self, key: Any, *more: Any, **how: Any) -> Any:
        self.names.add(key)
        return super().get(key, *more, **how)

    def getlist(self, key: Any, *more: Any, **how: Any) -> Any:
        self.names.add(key)
        return super().getlist(key, *more, **how)


def a_demand() -> Things:
    """A company's demand with two departments."""
    demand = complain(make_citizen(), Kind.COMPANY_DEMAND, organisation="示例市榕树餐饮有限公司")
    with unit_of_work() as session:
        joint.ask(session, complaint_id=demand.id, lead=desk.POLICE, others=[desk.CIVIL_AFFAIRS])
    return {"complaint_no": demand.complaint_no}


def a_draft() -> Things:
    """The live draft of an item, or a new one."""
    author = Author(make_clerk(Role.APPROVER), "起草人", None)
    with unit_of_work() as session:
        live = queries.live_draft(session, author=author, task_code=ID_LOST)
        return {"draft_id": (live or publishing.begin(session, author=author, task_code=ID_LOST)).id}


def made(clerk: Browser, rule: Rule) -> Things:
    """New things for a route that names some."""
    if rule.rule.startswith("/console/hotline") and rule.endpoint.endswith(("ask", "part")):
        return a_demand()
    if rule.rule.startswith("/console/articles/<"):
        written = clerk.post("/console/articles/new", **TYPED)
        return {"article_id": written.headers["Location"].rpartition("/")[2].partition("?")[0]}
    if rule.rule.startswith("/console/drafts/<"):
        return a_draft()
    return next((make() for start, make in TABLE.items() if rule.rule.startswith(start)), {})


def routes(app: YimaFlask, method: str) -> list[Rule]:
    """What a clerk may send in one way; nobody goes in or out meanwhile."""
    found = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console")]
    return [
        rule for rule in found if method in (rule.methods or ()) and not rule.rule.endswith(WAYS_IN_AND_OUT)
    ]


def asked_for(clerk: Browser, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What the view of a route asks a form for."""
    with monkeypatch.context() as patched:
        patched.setattr(YimaFlask.request_class, "parameter_storage_class", Asked)
        patched.setattr(Asked, "names", set())
        clerk.post(filled(rule, made(clerk, rule)), **TYPED)
        return Asked.names - {csrf.FIELD}


def unfit(answered: TestResponse) -> bool:
    """A fault of ours, or a text that only the database refused, so that nobody says what to change."""
    return answered.status_code == 400 or answered.status_code >= 500


def test_a_field_of_a_form_is_taken_or_refused_with_a_reason(
    app: YimaFlask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, faults = browser(client, *Role, centre_id="C01"), []
    for rule in routes(app, "POST"):
        names, things = asked_for(clerk, rule, monkeypatch), None
        for name, odd in itertools.product(sorted(names), ODD):
            things = made(clerk, rule) if things is None else things
            answered = clerk.post(filled(rule, things), **{**TYPED, name: ODD[odd]})
            faults += [(rule.rule, name, odd)] if unfit(answered) else []
            if answered.status_code < 400:
                things = None  # taken: the next text meets things as they were before

    assert faults == []


@pytest.mark.parametrize("odd", list(ODD))
def test_a_part_of_an_address_leads_somewhere_or_nowhere(
    app: YimaFlask, client: FlaskClient, odd: str
) -> None:
    clerk, faults, text = browser(client, *Role, centre_id="C01"), [], quote(ODD[odd][:900], safe="")
    for rule in routes(app, "GET"):
        spec = vars(app.view_functions[rule.endpoint])["spec"]
        named: Things = {**dict.fromkeys(rule.arguments, text)}
        path = filled(rule, named)
        tried = [path, *(f"{path}?{name}={text}" for name in (spec.query().fields if spec.query else ()))]
        faults += [address[:80] for address in tried if unfit(clerk.get(address))]

    assert faults == []


@pytest.mark.parametrize("odd", list(ODD))
@pytest.mark.parametrize("name", ["username", "password", "code", "next"])
def test_the_way_in_refuses_whatever_is_typed(client: FlaskClient, name: str, odd: str) -> None:
    client.get("/console/login")
    cookie = client.get_cookie("yima-login")
    assert cookie is not None
    typed = {"username": "a", "password": "b", "code": "1", "csrf": csrf.token(cookie.value)}

    assert not unfit(client.post("/console/login", data={**typed, name: ODD[odd]}))
