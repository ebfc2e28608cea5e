"""The proof of my case on my phone, and the roots that anybody may keep."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.case_proof import days
from app.cases.models import Case
from app.db import unit_of_work
from tests import desk_fixtures as desk
from tests import proof_fixtures as proof
from tests.city_fixtures import MONDAY
from tests.document_fixtures import words_of
from tests.miniprogram_api.owner import Owner


@pytest.fixture
def owner(client: FlaskClient, database: None) -> Iterator[Owner]:
    """Somebody with a decided case."""
    with clock.stopped_at(MONDAY):
        desk.open_city()
        found = Owner(client)
        proof.a_decided_case(found.id)
        yield found


def address() -> str:
    with unit_of_work() as session:
        return f"/cases/{session.scalars(select(Case.case_no)).one()}/proof"


def test_my_proof_is_a_file_that_the_script_checks(owner: Owner, tmp_path: Path) -> None:
    answer = owner.call("GET", address())

    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "proof-" in answer.headers["Content-Disposition"]
    assert proof.checked(answer.data, tmp_path).returncode == 0


def test_a_phone_that_opens_no_packed_files_gets_the_summary(owner: Owner) -> None:
    words = words_of(owner.call("GET", f"{address()}/summary").data)

    assert "办事凭据" in words
    assert "第1步" in words


def test_anothers_proof_is_404(client: FlaskClient, owner: Owner) -> None:
    other = Owner(client, "李四")

    assert [other.call("GET", path).status_code for path in (address(), f"{address()}/summary")] == [404, 404]


def test_a_draft_says_that_there_is_nothing_yet(owner: Owner) -> None:
    draft = owner.start()
    answer = owner.call("GET", f"/cases/{draft}/proof")

    assert (answer.status_code, answer.get_json()["code"]) == (409, "nothing_to_prove")


def test_roots_are_listed_newest_first_and_kept_by_anybody(client: FlaskClient, owner: Owner) -> None:
    with clock.stopped_at(MONDAY + timedelta(days=3)):
        days.end_days()
        first = client.get("/api/v1/daily-roots?limit=2")
        shown = first.get_json()
        rest = client.get(f"/api/v1/daily-roots?cursor={shown['next_cursor']}").get_json()

    assert [each["day"] for each in shown["items"] + rest["items"]] == [
        "2026-11-18",
        "2026-11-17",
        "2026-11-16",
    ]
    assert "public" in first.headers["Cache-Control"]


def test_one_day_is_asked_for_by_its_name(client: FlaskClient, owner: Owner) -> None:
    proof.tuesday_comes()

    assert client.get("/api/v1/daily-roots/2026-11-16").get_json()["leaves"] == 1
    assert client.get("/api/v1/daily-roots/2026-11-17").status_code == 404
    assert client.get("/api/v1/daily-roots/someday").status_code == 404
