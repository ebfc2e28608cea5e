"""A form that could not be taken: the way back to it, and what was written on it."""

import pytest
from flask.testing import FlaskClient

from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.staff_fixtures import COOKIE, browser

pytestmark = pytest.mark.usefixtures("city")
REASON = "户口簿首页看不清，<请>重新拍"


def test_an_expired_session_loses_no_sentence(client: FlaskClient) -> None:
    case_no = desk.accepted()
    clerk = browser(client, Role.APPROVER)
    client.delete_cookie(COOKIE)
    answered = clerk.post(
        f"/console/cases/{case_no}/decide", granted="no", reason=REASON, legal_basis="第八条"
    )

    assert answered.status_code == 401
    assert all(
        word in answered.text for word in ("户口簿首页看不清，&lt;请&gt;重新拍", "第八条", "还没有保存")
    )
    assert f'href="/console/login?next=/console/cases/{case_no}"' in answered.text


def test_a_form_without_its_token_leads_back_to_its_page(client: FlaskClient) -> None:
    case_no = desk.accepted()
    browser(client, Role.APPROVER)
    answered = client.post(f"/console/cases/{case_no}/decide", data={"reason": REASON})

    assert (answered.status_code, "重新拍" in answered.text) == (403, True)
    assert "<h1>请刷新后再做</h1>" in answered.text
    assert f'href="/console/cases/{case_no}"' in answered.text
    assert f'href="/console/cases/{case_no}/decide"' not in answered.text


def test_a_form_of_many_rows_loses_no_sentence_of_any_row(client: FlaskClient) -> None:
    browser(client, Role.APPROVER)
    rows = {"questions.0.text": "为什么补？", "rows.1.note": "先报警。", "rows.1.refuse.law": "第八条"}
    answered = client.post("/console/drafts/1/situations", data=rows)

    assert all(words in answered.text for words in rows.values())
    assert 'href="/console/drafts/1/situations"' in answered.text


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/console/payments/differences/5/resolve", "/console/payments/differences"),
        ("/console/appointments/5/check-in", "/console/appointments"),
        ("/console/scan", "/console"),
    ],
)
def test_whatever_was_sent_there_is_a_way_back(client: FlaskClient, path: str, back: str) -> None:
    browser(client, Role.SUPERVISOR)

    assert f'class="button main" href="{back}"' in client.post(path).text


def test_what_is_too_large_is_not_read(client: FlaskClient) -> None:
    answered = client.post("/console/cases/1/decide", data={"reason": "长" * 3_000_000})

    assert answered.status_code in {401, 413}
    assert "还没有保存" not in answered.text


def test_a_page_that_is_not_there_offers_nothing_to_copy(client: FlaskClient) -> None:
    assert "textarea" not in browser(client, Role.APPROVER).get("/console/nowhere").text
