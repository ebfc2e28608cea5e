"""The document and the answers: what the phone client builds its types on is what it gets."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.appointments.models import Slot
from app.db import unit_of_work
from app.people.models import Citizen
from tests import case_fixtures
from tests.catalogue_fixtures import ID_LOST
from tests.conftest import Sandbox
from tests.patience import until
from tests.phone import Phone
from web.flask_app import YimaFlask

# What answers with something else than JSON, or with a list that has no one shape.
FILES = {
    "/api/v1/appointments/calendar/{token}.ics",
    "/api/v1/cases/{case_no}/documents/{document_id}",
    "/api/v1/cases/{case_no}/materials/{material_code}/photos/{photo_id}",
    "/api/v1/cases/{case_no}/proof",
    "/api/v1/cases/{case_no}/proof/summary",
    "/api/v1/certificates/{certificate_id}/pdf",
    "/api/v1/co-signings/{co_signing_id}/photos/{photo_id}",
    "/api/v1/docs",
    "/api/v1/docs.css",
    "/api/v1/docs.js",
    "/api/v1/guides/schema",
    "/api/v1/site-visits/calendar/{token}.ics",
    "/api/v1/guides/{task_code}/materials/{material_code}/blank",
    "/api/v1/guides/{task_code}/materials/{material_code}/sample",
    "/api/v1/lists/{key}",
    "/api/v1/openapi.json",
}


@dataclass(frozen=True)
class Reader:
    """A phone that believes nothing: each answer is held against the document, word for word."""

    phone: Phone
    document: dict[str, Any]

    def ask(self, method: str, path: str, *, of: str | None = None, **body: Any) -> Any:
        """Call `path`, which the document knows as `of`; the answer, with nothing missing or unheard of."""
        answered = self.phone.ask(method, path, **body)
        known = f"/api/v1{of or path.partition('?')[0]}"
        promised = self.document["paths"][known][method.lower()]["responses"][str(answered.status_code)]
        schema = promised["content"]["application/json"]["schema"]
        whole = {**schema, "components": self.document["components"]}
        checked = jsonschema.Draft202012Validator(
            whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        )
        assert [f"{fault.json_path}: {fault.message}" for fault in checked.iter_errors(answered.json)] == []
        return answered.json


@pytest.fixture
def document(app: YimaFlask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return found


@pytest.fixture
def reader(city: None, client: FlaskClient, sandbox: Sandbox, document: dict[str, Any]) -> Reader:
    strict = copy.deepcopy(document)
    for shape in objects(strict):
        if "properties" in shape:
            shape.setdefault("additionalProperties", False)
    return Reader(Phone(client, sandbox), strict)


def objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from objects(inner)


def answers(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            yield path, operation["responses"]


def test_every_member_of_every_shape_has_a_type(document: dict[str, Any]) -> None:
    words = {"type", "$ref", "anyOf", "enum"}
    untyped = [
        name
        for shape in objects(document)
        for name, member in shape.get("properties", {}).items()
        if isinstance(member, dict) and not words & set(member)
    ]

    assert untyped == []


def test_every_json_answer_has_a_shape(document: dict[str, Any]) -> None:
    shapeless = {
        path
        for path, responses in answers(document)
        if path.startswith("/api/v1") and "204" not in responses
        if not any("application/json" in answer.get("content", {}) for answer in responses.values())
    }

    assert shapeless <= FILES


def test_a_list_says_that_its_items_and_its_cursor_are_there(document: dict[str, Any]) -> None:
    listed = document["paths"]["/api/v1/centres/{centre_id}/slots"]["get"]["responses"]["200"]
    shape = listed["content"]["application/json"]["schema"]

    assert shape["required"] == ["items", "next_cursor", "quieter", "walk_in_text"]
    assert shape["properties"]["items"]["items"] == {"$ref": "#/components/schemas/centres.SlotOut"}


def test_what_is_sent_need_not_hold_what_may_be_left_out(document: dict[str, Any]) -> None:
    sent = document["components"]["schemas"]["appointments.BookingIn"]

    assert sorted(sent["required"]) == ["centre_id", "slot_id", "task_code"]
    assert "default" not in sent["properties"]["note"]


def test_patterns_are_written_as_every_language_reads_them(document: dict[str, Any]) -> None:
    assert r"\\Z" not in json.dumps(document)


def test_no_shape_is_both_sent_and_answered(document: dict[str, Any]) -> None:
    sent = [
        operation.get("requestBody", {}) for path in document["paths"].values() for operation in path.values()
    ]
    answered = [responses for _, responses in answers(document)]

    assert reached(document, sent) & reached(document, answered) == set()


def reached(document: dict[str, Any], start: Any) -> set[str]:
    names: set[str] = set()
    waiting = [start]
    while waiting:
        found = {node["$ref"].rpartition("/")[2] for node in objects(waiting.pop()) if "$ref" in node} - names
        names |= found
        waiting += [document["components"]["schemas"][name] for name in found]
    return names


def test_the_first_call_answers_as_the_document_says(reader: Reader) -> None:
    assert reader.ask("GET", "/bootstrap")["demo"] is not None
    assert reader.ask("POST", "/sessions", platform="demo", code="chen")["citizen"]["platforms"] == ["wechat"]


def test_guides_answer_as_the_document_says(reader: Reader) -> None:
    listed = reader.ask("GET", "/guides?limit=100")["items"]
    for card in listed:
        reader.ask("GET", f"/guides/{card['task_code']}", of="/guides/{task_code}")
    assert len(listed) == 60

    assert reader.ask("GET", "/guides?q=身份证丢了怎么办")["understood_as"]
    reader.ask("GET", "/guides?q=办事大厅周末上班吗")
    assert reader.ask("GET", "/guides/suggest?q=sfz")["items"]
    for kind in ("themes", "departments", "labels"):
        assert reader.ask("GET", f"/{kind}")["items"]


def test_bundles_and_halls_answer_as_the_document_says(reader: Reader) -> None:
    bundle = reader.ask("GET", "/bundles")["items"][0]
    reader.ask("GET", f"/bundles/{bundle['bundle_key']}", of="/bundles/{key}")
    hall = reader.ask("GET", "/centres?near=26.05,119.31")["items"][0]
    reader.ask("GET", "/centres")
    reader.ask("GET", f"/centres/{hall['id']}", of="/centres/{centre_id}")
    for kind in ("text", "action"):
        reader.ask("POST", "/chat/messages", **{kind: {"text": "身份证丢了", "action": "menu"}[kind]})


def test_a_booking_answers_as_the_document_says(reader: Reader) -> None:
    slot = any_slot()
    reader.phone.log_in("wechat")
    path = f"/centres/{slot.centre_id}/slots?task_code={ID_LOST}"
    slots = reader.ask("GET", path, of="/centres/{centre_id}/slots")["items"]
    reader.phone.headers["Idempotency-Key"] = "one tap for one place"
    wish = {"centre_id": slot.centre_id, "slot_id": slots[-1]["slot_id"], "task_code": ID_LOST}
    booked = reader.ask("POST", "/appointments", **wish)
    reader.ask("GET", "/appointments")
    reader.ask("GET", f"/appointments/{booked['id']}", of="/appointments/{appointment_id}")
    cancel = f"/appointments/{booked['id']}/cancel"
    assert reader.ask("POST", cancel, of="/appointments/{appointment_id}/cancel")["status"] == "cancelled"


def any_slot() -> Slot:
    with unit_of_work() as session:
        return session.scalars(select(Slot).where(Slot.centre_id == "C01").limit(1)).one()


def test_a_case_answers_as_the_document_says_from_draft_to_certificate(
    reader: Reader, served: str, deliver: Any
) -> None:
    reader.phone.log_in("wechat")
    citizen_id = only_citizen()
    case_no = case_fixtures.ready(citizen_id)
    look(reader, case_no)
    case_fixtures.submit(citizen_id, case_no)
    look(reader, case_no)
    case_fixtures.accept(case_no)
    look(reader, case_no)
    pay(reader, case_no)
    case_fixtures.decide(case_no)
    deliver()
    look(reader, case_no)
    for path in ("bills", "receipts", "messages", "certificates"):
        assert reader.ask("GET", f"/{path}")["items"]
    certificate = reader.ask("GET", "/certificates")["items"][0]["id"]
    reader.ask("GET", f"/certificates/{certificate}", of="/certificates/{certificate_id}")
    everything = reader.ask("GET", "/me/file")
    assert everything["cases"]["items"]


def look(reader: Reader, case_no: str) -> None:
    reader.ask("GET", "/cases")
    case = reader.ask("GET", f"/cases/{case_no}", of="/cases/{case_no}")
    reader.ask("GET", f"/cases/{case_no}/timeline", of="/cases/{case_no}/timeline")
    reader.ask("GET", f"/track/{case_no}?query_code={case['query_code']}", of="/track/{case_no}")
    photographed = next(material for material in case["materials"] if material["photos"])
    listed = "/cases/{case_no}/materials/{material_code}/photos"
    of = {"case_no": case_no, "material_code": photographed["material_code"]}
    reader.ask("GET", listed.format(**of), of=listed)


def pay(reader: Reader, case_no: str) -> None:
    bill_no = reader.ask("GET", f"/cases/{case_no}", of="/cases/{case_no}")["bills"][0]["bill_no"]
    reader.ask("GET", f"/bills/{bill_no}", of="/bills/{bill_no}")
    reader.phone.headers["Idempotency-Key"] = "one tap for one bill"
    opened = reader.ask("POST", "/payments", bill_nos=[bill_no], channel="wechat")
    assert reader.phone.press("wechat/pay", **opened["invoke"]) == {"err_msg": "requestPayment:ok"}

    def is_paid() -> bool:
        shown = reader.ask("GET", f"/payments/{opened['payment_no']}", of="/payments/{payment_no}")
        return bool(shown["state"] == "paid")

    assert until(is_paid, every=0.2), "the payment was not proven"


def test_my_own_page_answers_as_the_document_says(reader: Reader) -> None:
    reader.phone.log_in("wechat")
    wishes = {"channels": ["wechat"], "quiet_hours": {"from": "22:00", "to": "07:00"}, "language": "en"}

    assert reader.ask("PATCH", "/me", preferences=wishes)["preferences"] == wishes
    reader.ask("GET", "/me")
    reader.ask("GET", "/codes/me")
    assert reader.ask("POST", "/messages/read") == {"marked": 0}


def only_citizen() -> int:
    with unit_of_work() as session:
        return session.scalars(select(Citizen.id)).one()
