"""The menu: what stands, to whom it is open, and where one is."""

import re

import pytest
from flask.testing import FlaskClient

from app.desk import duties
from app.staff.models import Role
from console import menu
from tests.staff_fixtures import browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_the_parts_that_open_to_it_and_no_others(
    app: YimaFlask, client: FlaskClient, role: Role
) -> None:
    clerk = browser(client, role, centre_id="C01")
    with app.app_context():
        open_to = {entry.path for entry in menu.ENTRIES if role in menu.duty_of(entry.path)}
    shown = re.search(r'<nav aria-label="菜单">(.*?)</nav>', clerk.get("/console/window").text, re.DOTALL)

    assert shown is not None
    assert set(re.findall(r'href="([^"]+)"', shown[1])) == open_to
    assert {clerk.get(path).status_code for path in open_to} <= {200, 303}


def test_a_part_without_a_door_is_not_in_the_menu(app: YimaFlask) -> None:
    with app.app_context():
        assert menu.duty_of("/console/garden") == frozenset()
        assert menu.duty_of("/console/logout") == frozenset()
        assert menu.duty_of("/console/window") == duties.EVERYBODY


@pytest.mark.parametrize(
    ("here", "label"),
    [
        ("/console", "今日"),
        ("/console/cases", "待办件"),
        ("/console/cases/3501", "待办件"),
        ("/console/guests/1", "扫码接待"),
        ("/console/windows", None),
        ("/console/nowhere", None),
    ],
)
def test_the_menu_says_where_one_is(app: YimaFlask, here: str, label: str | None) -> None:
    with app.app_context():
        current = [link.label for link in menu.links(duties.EVERYBODY, here) if link.current]

    assert current == ([label] if label else [])
