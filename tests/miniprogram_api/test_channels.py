"""Four ends, one API (四端, R061): which one somebody came through stands on the case and on every line."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import channels, clock
from app.cases.models import Case, CaseEvent
from app.channels import TEXTS, Channel
from app.db import unit_of_work
from app.people import sessions
from app.people.models import Platform
from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import ID_LOST
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import browser

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile/15E148"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140"
ENDS = [
    (Platform.WECHAT, {"User-Agent": PHONE}, Channel.WECHAT),
    (Platform.ALIPAY, {"User-Agent": PHONE}, Channel.ALIPAY),
    (Platform.H5, {"User-Agent": PHONE}, Channel.H5),
    (Platform.H5, {"User-Agent": DESK}, Channel.PC),
    (Platform.H5, {"User-Agent": DESK, "X-Channel": "kiosk"}, Channel.KIOSK),
]


def headers(citizen_id: int, platform: Platform, sent: dict[str, str]) -> dict[str, str]:
    """What a citizen's program sends from one end; each is one tap."""
    with unit_of_work() as session:
        token = sessions.open_for(session, citizen_id=citizen_id, platform=platform).access_token
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": f"tap-{platform}-{citizen_id}", **sent}


@pytest.mark.parametrize(("platform", "sent", "channel"), ENDS)
def test_a_case_is_handed_in_through_one_of_the_ends(
    client: FlaskClient, platform: Platform, sent: dict[str, str], channel: Channel
) -> None:
    with clock.stopped_at(MONDAY):
        desk.open_city()
        citizen_id = make_citizen()
        case_no = case_fixtures.ready(citizen_id)
        told = headers(citizen_id, platform, sent)
        client.post(f"/api/v1/cases/{case_no}/submit", headers=told)
        lines = client.get(f"/api/v1/cases/{case_no}/timeline", headers=told).get_json()["items"]
    with unit_of_work() as session:
        assert session.scalars(select(Case.channel)).one() == channel
    assert (lines[-1]["channel"], lines[-1]["channel_text"]) == (channel, TEXTS[channel])


def test_one_timeline_shows_the_ends_of_everybody_who_did_something(client: FlaskClient) -> None:
    with clock.stopped_at(MONDAY):
        desk.open_city()
        citizen_id = make_citizen()
        mine = headers(citizen_id, Platform.ALIPAY, {"User-Agent": PHONE})
        case_no = client.post("/api/v1/cases", json={"task_code": ID_LOST}, headers=mine).get_json()[
            "case_no"
        ]
        case_fixtures.fill(citizen_id, case_no)
        for code in case_fixtures.mandatory_materials(case_no):
            case_fixtures.add_photo(citizen_id, case_no, code)
        at_home = headers(citizen_id, Platform.H5, {"User-Agent": DESK})
        client.post(f"/api/v1/cases/{case_no}/submit", headers=at_home)
        clerk = browser(client, Role.FRONT_DESK)
        clerk.post(f"/console/cases/{case_no}/accept", fee_code="FEE-ID-LOST")
        shown = clerk.get(f"/console/cases/{case_no}").text
    with unit_of_work() as session:
        told = session.execute(select(CaseEvent.kind, CaseEvent.channel).order_by(CaseEvent.id)).all()
    assert [tuple(line) for line in told] == [
        ("started", "alipay"),
        ("submitted", "pc"),
        ("accepted", "hall"),
    ]
    assert all(words in shown for words in ("支付宝", "电脑", "窗口"))


def test_what_comes_after_a_request_in_its_thread_came_through_no_end(client: FlaskClient) -> None:
    client.get("/api/v1/me", headers=headers(make_citizen(), Platform.WECHAT, {}))
    assert (channels.current(), channels.text(None)) == (None, "")
