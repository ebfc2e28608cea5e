"""A citizen's phone while a clerk sits beside them."""

import pytest
from flask.testing import FlaskClient

from app.assistance import words
from app.staff.sessions import OnDuty
from tests import case_fixtures, desk_fixtures
from tests.assistance_fixtures import asked, begun, helped, helper
from tests.catalogue_fixtures import item
from tests.company_fixtures import Actor
from tests.people_fixtures import make_citizen

HERE = "/me/assistance"
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def elder(client: FlaskClient) -> Actor:
    desk_fixtures.open_city()
    return Actor(client, make_citizen("林秀英"))


@pytest.fixture
def clerk(elder: Actor) -> OnDuty:
    del elder
    return helper()


def test_the_phone_shows_the_very_words_and_says_yes(elder: Actor, clerk: OnDuty) -> None:
    assistance_id = asked(elder.id, clerk)
    now = elder.get(f"{HERE}/now")["now"]
    assert (now["state"], now["clerk"], now["minutes_left"]) == ("asked", "王帮办", 5)
    assert "王帮办坐在我旁边帮我办事，最长30分钟" in now["text"][0]

    answer = elder.ask("POST", f"{HERE}/{assistance_id}/agree", {"version": words.VERSION})

    assert answer.get_json()["now"]["state"] == "live"
    assert elder.get(f"{HERE}/now")["now"]["minutes_left"] == 15


def test_one_tap_ends_it_and_what_was_done_stays_to_be_read(elder: Actor, clerk: OnDuty) -> None:
    assistance_id = helped(elder.id, clerk)
    begun(clerk, assistance_id)

    assert elder.ask("DELETE", f"{HERE}/{assistance_id}").status_code == 204

    shown = elder.get(HERE)
    assert shown["now"] is None
    assert shown["earlier"][0]["ending"] == "市民结束"
    assert [act["sentence"] for act in shown["earlier"][0]["done"]] == ["已开始填写申请"]


def test_anothers_session_does_not_exist(elder: Actor, clerk: OnDuty, client: FlaskClient) -> None:
    assistance_id = asked(elder.id, clerk)
    other = Actor(client, make_citizen("陈"))

    assert other.get(HERE) == {"now": None, "earlier": []}
    answer = other.ask("POST", f"{HERE}/{assistance_id}/agree", {"version": words.VERSION})
    assert answer.get_json()["code"] == "assistance_not_found"
    assert other.ask("DELETE", f"{HERE}/{assistance_id}").status_code == 404


def test_a_case_says_who_helped(elder: Actor, clerk: OnDuty) -> None:
    case_no = begun(clerk, helped(elder.id, clerk))
    alone = case_fixtures.start(elder.id, item("marry")["task_code"])

    assert [one["clerk"] for one in elder.get(f"/cases/{case_no}")["helped_by"]] == ["王帮办"]
    assert elder.get(f"/cases/{alone}")["helped_by"] == []
