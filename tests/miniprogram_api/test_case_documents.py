"""My legal notices on my phone, and the page on which anybody checks a paper."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app import clock
from app.cases.models import Case
from app.db import unit_of_work
from app.documents import checking, issuing, jobs
from tests import case_fixtures, document_fixtures
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY
from tests.document_fixtures import words_of
from tests.miniprogram_api.owner import Owner


@pytest.fixture
def owner(client: FlaskClient) -> Iterator[Owner]:
    with clock.stopped_at(MONDAY):
        desk.open_city()
        yield Owner(client)


@pytest.fixture
def case_no(owner: Owner, deliver: Any) -> str:
    """An accepted case whose notice is not drawn yet."""
    number = case_fixtures.accepted(owner.id)
    deliver()
    return number


def listed(owner: Owner, case_no: str) -> list[dict[str, Any]]:
    answer = owner.call("GET", f"/cases/{case_no}/documents")
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["items"])


def file_of(owner: Owner, shown: dict[str, Any], **options: Any) -> Any:
    return owner.call("GET", shown["url"].removeprefix("/api/v1"), **options)


def test_a_notice_is_listed_at_once_and_opened_when_it_is_drawn(owner: Owner, case_no: str) -> None:
    (waiting,) = listed(owner, case_no)
    refused = file_of(owner, waiting)
    jobs.draw_waiting()
    (ready,) = listed(owner, case_no)
    opened = file_of(owner, ready)

    assert (waiting["ready"], refused.status_code) == (False, 409)
    assert refused.get_json()["detail"] == "文书正在生成，请过一会儿再打开"
    assert (ready["ready"], ready["number"]) == (True, "〔2026〕受字第000001号")
    assert len(opened.data) == ready["size"]
    assert case_no in words_of(opened.data)


def test_a_file_has_a_proper_name_and_stays_private(owner: Owner, case_no: str) -> None:
    jobs.draw_waiting()
    (shown,) = listed(owner, case_no)
    headers = file_of(owner, shown).headers

    assert quote("业务受理通知书〔2026〕受字第000001号.pdf") in headers["Content-Disposition"]
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    again = file_of(owner, shown, more={"If-None-Match": headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_that_it_was_opened_is_noted_once(owner: Owner, case_no: str) -> None:
    jobs.draw_waiting()
    (before,) = listed(owner, case_no)
    file_of(owner, before)
    (first,) = listed(owner, case_no)
    file_of(owner, before)

    assert before["opened_at"] is None
    assert first["opened_at"] is not None
    assert listed(owner, case_no) == [first]


def test_another_citizens_documents_are_not_there(owner: Owner, client: FlaskClient, case_no: str) -> None:
    jobs.draw_waiting()
    (shown,) = listed(owner, case_no)
    other = Owner(client, "李四")
    own_case = case_fixtures.accepted(other.id)

    assert other.call("GET", f"/cases/{case_no}/documents").status_code == 404
    assert file_of(other, shown).status_code == 404
    # Nor under a case of one's own, nor under a number that no database has.
    for document_id in (shown["id"], 10**30):
        answer = other.call("GET", f"/cases/{own_case}/documents/{document_id}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "document_not_found")


def test_without_a_login_there_is_nothing(client: FlaskClient, owner: Owner, case_no: str) -> None:
    (shown,) = listed(owner, case_no)

    assert client.get(shown["url"]).status_code == 401


def verified(client: FlaskClient, token: str) -> Any:
    return client.get(f"/verify/{token}")


def test_whoever_holds_the_paper_checks_it(client: FlaskClient, case_no: str) -> None:
    jobs.draw_waiting()
    (document,) = document_fixtures.of_case(case_no)
    page = verified(client, document.token).text

    for part in ("业务受理通知书", "〔2026〕受字第000001号", "市公安局", "2026年11月16日", "有效"):
        assert part in page
    assert str(document.sha256)[:16] in page
    for private in ("王小明", case_no, case_fixtures.CITIZEN_NUMBER, "居民身份证"):
        assert private not in page


def test_a_corrected_paper_is_told_from_the_one_that_stands(client: FlaskClient, case_no: str) -> None:
    (old,) = document_fixtures.of_case(case_no)
    with unit_of_work() as session:
        case = session.get_one(Case, old.case_id)
        new = issuing.correct(session, case=case, document_id=old.id, said="电话有误")

    assert "已更正，不再使用" in verified(client, old.token).text
    assert new.number in verified(client, old.token).text
    assert "有效" in verified(client, new.token).text


@pytest.mark.parametrize("token", ["a" * 22, "x", "%00", "〔2026〕", "a" * 3000, "' OR 1=1"])
def test_a_made_up_code_is_not_ours(client: FlaskClient, owner: Owner, token: str) -> None:
    del owner
    answer = verified(client, quote(token))

    assert answer.status_code == 404
    assert "核验没有成功" in answer.text


def test_the_codes_of_a_paper_open_the_case_for_its_owner_alone(
    owner: Owner, client: FlaskClient, case_no: str
) -> None:
    (document,) = document_fixtures.of_case(case_no)
    code = {"content": checking.address(document.token)}
    mine = owner.call("POST", "/codes/scan", json=code)
    theirs = Owner(client, "李四").call("POST", "/codes/scan", json=code)
    forged = owner.call("POST", "/codes/scan", json={"content": checking.address("a" * 22)})

    assert mine.get_json()["page"] == f"/pages/cases/detail?no={case_no}"
    assert (theirs.status_code, theirs.get_json()["code"]) == (409, "checked_in_browser")
    assert forged.status_code == 404


def test_one_address_may_not_try_for_ever(client: FlaskClient, case_no: str) -> None:
    (document,) = document_fixtures.of_case(case_no)
    for _ in range(checking.TRIES):
        verified(client, "a" * 22)
    refused = verified(client, document.token)
    with clock.stopped_at(MONDAY + checking.WINDOW * 2):
        later = verified(client, document.token)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")
    assert later.status_code == 200
    checking.forget_tries()


def test_what_the_citizen_is_told_names_the_notice(owner: Owner, case_no: str) -> None:
    del case_no
    told = owner.call("GET", "/messages").get_json()["items"]

    assert any("业务受理通知书：〔2026〕受字第000001号" in message["text"] for message in told)
