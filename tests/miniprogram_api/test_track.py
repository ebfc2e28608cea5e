import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app import clock
from app.cases import numbers, tracking
from app.db import unit_of_work
from tests import case_fixtures
from tests.case_fixtures import FORM
from tests.city_fixtures import load_city
from tests.miniprogram_api.owner import Owner


@pytest.fixture
def owner(client: FlaskClient) -> Owner:
    load_city()
    case_fixtures.publish_id_lost()
    return Owner(client)


def look(client: FlaskClient, case_no: str, code: str) -> TestResponse:
    return client.get(f"/api/v1/track/{case_no}", query_string={"query_code": code})


def code_of(owner: Owner, case_no: str) -> str:
    return str(owner.call("GET", f"/cases/{case_no}").get_json()["query_code"])


def wrong(right: str) -> str:
    return f"{(int(right) + 1) % 1_000_000:06d}"


def test_number_and_code_show_where_it_is_and_nothing_personal(owner: Owner, client: FlaskClient) -> None:
    case_no = case_fixtures.accepted(owner.id)
    shown = look(client, case_no, code_of(owner, case_no))

    assert (shown.status_code, shown.get_json()["state"]) == (200, "accepted")
    assert [line["kind"] for line in shown.get_json()["timeline"]] == ["started", "submitted", "accepted"]
    said = shown.get_data(as_text=True)
    assert not [secret for secret in (*FORM.values(), "林受理") if secret in said.replace("窗口自取", "")]


def test_number_and_code_may_be_typed_in_full_width(owner: Owner, client: FlaskClient) -> None:
    case_no = case_fixtures.submitted(owner.id)
    wide = {ord("0") + digit: ord("０") + digit for digit in range(10)}
    code = code_of(owner, case_no)

    assert look(client, case_no.translate(wide), code.translate(wide)).status_code == 200


def test_a_wrong_code_and_an_absent_case_answer_the_same(owner: Owner, client: FlaskClient) -> None:
    case_no = case_fixtures.submitted(owner.id)
    with unit_of_work() as session:
        absent = numbers.new_case_no(session)
    mistaken = look(client, case_no, wrong(code_of(owner, case_no)))
    nobody = look(client, absent, "000000")
    nonsense = look(client, "x" * 23, "000000")

    answers = [mistaken, nobody, nonsense]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert {answer.get_json()["code"] for answer in answers} == {"case_not_found"}


@pytest.mark.parametrize("real", [True, False])
def test_guessing_ends_after_a_few_tries_also_for_numbers_nobody_has(
    owner: Owner, client: FlaskClient, *, real: bool
) -> None:
    case_no = case_fixtures.submitted(owner.id)
    right = code_of(owner, case_no)
    if not real:
        with unit_of_work() as session:
            case_no = numbers.new_case_no(session)
    tries = [look(client, case_no, wrong(right)).status_code for _ in range(tracking.TRIES)]
    locked = look(client, case_no, right)

    assert tries == [404] * tracking.TRIES
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    with clock.shifted_by(tracking.WINDOW * 2):
        assert look(client, case_no, right).status_code == (200 if real else 404)


def test_a_right_code_clears_the_count(owner: Owner, client: FlaskClient) -> None:
    case_no = case_fixtures.submitted(owner.id)
    right = code_of(owner, case_no)
    for code in [wrong(right), right] * tracking.TRIES:
        look(client, case_no, code)

    assert look(client, case_no, right).status_code == 200


def test_old_counts_are_dropped(owner: Owner, client: FlaskClient) -> None:
    look(client, case_fixtures.submitted(owner.id), "000000")
    with clock.shifted_by(tracking.WINDOW * 2):
        tracking.forget_tries()

    with unit_of_work() as session:
        assert session.execute(text("SELECT count(*) FROM track_attempts")).scalar_one() == 0
