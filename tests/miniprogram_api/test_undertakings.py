"""Handing a material in later over HTTP: read, signed, brought (容缺后补)."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import case_fixtures, owed_fixtures
from tests.catalogue_fixtures import publish
from tests.city_fixtures import load_city
from tests.owed_fixtures import PHOTO
from tests.people_fixtures import log_in_as


class Draft:
    """A draft without its photograph, as its owner's phone asks for it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.owner = case_fixtures.citizen()
        self.headers = log_in_as(self.owner)
        self.case_no = owed_fixtures.draft(self.owner)

    def ask(self, method: str, what: str, **body: Any) -> TestResponse:
        path = f"/api/v1/cases/{self.case_no}/materials/{PHOTO}/{what}"
        headers = self.headers | {"Idempotency-Key": f"{what}-{method}-key"}
        return self.client.open(path, method=method, json=body or None, headers=headers)

    def sign(self) -> TestResponse:
        """Read the text and sign it."""
        return self.ask("POST", "later", digest=self.ask("GET", "later").get_json()["digest"], read=True)


@pytest.fixture
def draft(client: FlaskClient) -> Draft:
    load_city()
    publish(owed_fixtures.tolerant_item())
    return Draft(client)


def material(answer: TestResponse) -> dict[str, Any]:
    found = (one for one in answer.get_json()["materials"] if one["material_code"] == PHOTO)
    return dict(next(found))


def test_the_text_says_what_follows_and_what_happens_otherwise(draft: Draft) -> None:
    text = draft.ask("GET", "later").get_json()
    words = "".join(line for part in text["parts"] for line in part["paragraphs"])

    assert text["title"] == "容缺受理承诺书"
    assert "3个工作日内补交" in words
    assert "终止办理" in words
    assert "可以重新申请" in words


def test_signing_it_lets_the_material_follow_and_may_be_taken_back(draft: Draft) -> None:
    signed = material(draft.sign())
    assert (signed["may_follow"], signed["follows"]["days"]) == (True, 3)

    assert material(draft.ask("DELETE", "later"))["follows"] is None
    assert draft.ask("DELETE", "later").status_code == 404


def test_unread_or_other_words_are_not_signed(draft: Draft) -> None:
    digest = draft.ask("GET", "later").get_json()["digest"]
    unread = draft.client.post(
        f"/api/v1/cases/{draft.case_no}/materials/{PHOTO}/later",
        json={"digest": digest, "read": False},
        headers=draft.headers | {"Idempotency-Key": "unread-key"},
    )

    assert (unread.status_code, unread.get_json()["code"]) == (422, "undertaking_not_read")
    assert draft.ask("POST", "later", digest="0" * 64, read=True).get_json()["code"] == "undertaking_changed"


def test_it_is_brought_after_acceptance(draft: Draft) -> None:
    draft.sign()
    case_fixtures.submit(draft.owner, draft.case_no)
    case_fixtures.accept(draft.case_no)
    owed_fixtures.bring(draft.owner, draft.case_no)
    answer = draft.ask("POST", "delivery")

    assert material(answer)["follows"]["delivered_at"] is not None
    assert answer.get_json()["next"]["who"] == "office"


def test_to_somebody_else_the_case_is_not_there(draft: Draft) -> None:
    draft.headers = log_in_as(case_fixtures.citizen("李小红"))

    assert {draft.ask("GET", "later").status_code, draft.ask("POST", "delivery").status_code} == {404}
