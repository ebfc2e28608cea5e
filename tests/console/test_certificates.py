"""The certificate of a case at the desk: looked at, ended by an approver, and both written down."""

import pytest
from flask.testing import FlaskClient

from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.staff_fixtures import browser

pytestmark = pytest.mark.usefixtures("city")
FORM = {"ground": "deceit", "said": "材料是伪造的"}


def test_a_clerk_sees_how_the_certificate_stands_and_it_is_written_down(client: FlaskClient) -> None:
    case_no = desk.decided()
    page = browser(client, Role.FRONT_DESK).get(f"/console/cases/{case_no}/certificate").text

    assert "1.2.156.3005.2." in page
    assert "还没有出示过" in page
    assert "撤销证照" not in page
    assert desk.actions()[-1] == "certificate_viewed"


def test_an_approver_ends_it_with_ground_and_reason(client: FlaskClient) -> None:
    case_no = desk.decided()
    approver = browser(client, Role.APPROVER)
    answer = approver.post(f"/console/cases/{case_no}/certificate/revoke", **FORM)
    page = approver.get(answer.headers["Location"]).text

    assert "已撤销" in page
    assert "第六十九条第二款" in page
    assert "certificate_revoked" in desk.actions()


@pytest.mark.parametrize("form", [{}, {"ground": "deceit"}, {"said": "x"}, {"ground": "x", "said": "x"}])
def test_what_is_missing_is_said_and_nothing_ends(client: FlaskClient, form: dict[str, str]) -> None:
    path = f"/console/cases/{desk.decided()}/certificate"
    approver = browser(client, Role.APPROVER)
    answer = approver.post(f"{path}/revoke", **form)

    assert (answer.status_code, "请选择法定情形" in answer.text) == (422, True)
    assert "撤销证照" in approver.get(path).text


def test_the_front_desk_ends_nothing(client: FlaskClient) -> None:
    path = f"/console/cases/{desk.decided()}/certificate"
    front_desk = browser(client, Role.FRONT_DESK)

    assert front_desk.post(f"{path}/revoke", **FORM).status_code == 403
    assert ">有效<" in front_desk.get(path).text


def test_a_case_without_a_certificate_has_no_such_page(client: FlaskClient) -> None:
    case_no = desk.accepted()

    assert browser(client, Role.APPROVER).get(f"/console/cases/{case_no}/certificate").status_code == 404
