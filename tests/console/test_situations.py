"""The clerk sees what the citizen answered, and the fee that follows is ticked."""

import re

import pytest

from app.cases import service
from app.db import unit_of_work
from app.staff.models import Role
from tests import case_fixtures as cases
from tests.catalogue_fixtures import item, publish
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
RENEW = item("id-renew")["task_code"]


def page_of(app: YimaFlask, **answers: str) -> str:
    publish(item("id-renew"))
    citizen = make_citizen()
    with unit_of_work() as session:
        service.start(session, citizen_id=citizen, task_code=RENEW, answers=answers)
    case_no = cases.submitted(citizen, RENEW)
    clerk = browser(app.test_client(), Role.FRONT_DESK, name="王窗口")
    return str(clerk.get(f"/console/cases/{case_no}").get_data(as_text=True))


def ticked(page: str) -> list[str]:
    return re.findall(r'name="fee_code" value="([^"]+)" checked', page)


def test_the_answers_stand_on_the_page_and_tick_their_fee(app: YimaFlask) -> None:
    page = page_of(app, reason="damaged", photo="no")

    assert "申请人的情形" in page
    assert "证件坏了、看不清" in page
    assert ticked(page) == ["FEE-ID-LOST"]


def test_what_speaks_against_is_said_with_its_law(app: YimaFlask) -> None:
    page = page_of(app, reason="expiring", expires="2039-01-01", photo="no")

    assert "按回答不符合条件：离有效期满还超过三个月" in page
    assert "居民身份证法第十一条" in page


def test_without_answers_nothing_is_said_and_no_fee_is_ticked(app: YimaFlask) -> None:
    page = page_of(app)

    assert "申请人的情形" not in page
    assert ticked(page) == []
