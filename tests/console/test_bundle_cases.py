"""The desk sees that a case is part of a matter: names and states of the others, and nothing else."""

import pytest

from app import events
from app.staff.models import Role
from subscriptions import SUBSCRIPTIONS
from tests import case_fixtures
from tests.bundle_fixtures import BIRTH, CARD, FOOD, RESTAURANT, SETUP, case_of, grant, submitted
from tests.catalogue_fixtures import load_catalogue
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def clerk(app: YimaFlask) -> Browser:
    events.wire(SUBSCRIPTIONS)
    load_catalogue()
    return browser(app.test_client(), Role.FRONT_DESK, name="王窗口")


def text(clerk: Browser, case_no: str) -> str:
    return clerk.get(f"/console/cases/{case_no}").get_data(as_text=True)


def test_the_case_page_names_the_sister_parts_and_where_they_are(clerk: Browser) -> None:
    number = submitted(case_fixtures.citizen(), chosen=[BIRTH, CARD])
    shown = text(clerk, case_of(number, BIRTH))

    assert "同办事项" in shown
    assert "<dt>社会保障卡申领</dt><dd>还没有提交</dd>" in shown
    assert case_of(number, CARD) not in shown


def test_a_case_of_its_own_has_no_sisters(clerk: Browser) -> None:
    assert "同办事项" not in text(clerk, case_fixtures.submitted(case_fixtures.citizen(), CARD))


def test_a_licence_issued_before_stands_for_the_material(clerk: Browser) -> None:
    number = submitted(case_fixtures.citizen(), RESTAURANT)
    grant(number, SETUP)

    assert "由电子证照提供，不用上传" in text(clerk, case_of(number, FOOD))
