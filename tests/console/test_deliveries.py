"""The page 送达 at the front desk: sent, fetched, come back, in a few taps."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.db import unit_of_work
from app.deliveries import holding, parcels
from app.deliveries.models import Parcel
from app.staff.models import Role
from tests import delivery_fixtures
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city, publish_items
from tests.delivery_fixtures import POST, WINDOW, decided, standing
from tests.staff_fixtures import Browser, browser

HERE = "/console/deliveries"


@pytest.fixture
def desk(client: FlaskClient) -> Iterator[Browser]:
    """A clerk of the front desk in the first hall."""
    with clock.stopped_at(MONDAY):
        load_city()
        publish_items("id-lost")
        yield browser(client, Role.FRONT_DESK, centre_id="C01")


def path(case_no: str, action: str) -> str:
    return f"{HERE}/{delivery_fixtures.delivery_of(case_no).id}/{action}"


def refused(case_no: str) -> None:
    """The courier does not take it."""
    with unit_of_work() as session:
        case = holding.case(session, case_id=delivery_fixtures.case_of(session, case_no).id)
        mine = holding.delivery(session, case_id=case.id)
        parcel = session.query(Parcel).filter_by(delivery_id=mine.id).one()
        parcels.note_refused(session, parcel_id=parcel.id, reason="unknown_address")


def ordered() -> None:
    """The courier took the order."""
    with unit_of_work() as session:
        mine = session.scalars(select(Parcel.id)).one()
        parcels.note_ordered(session, parcel_id=mine, waybill="SF0000000000001")


def test_the_code_shows_whose_result_it_is_and_one_tap_hands_it_out(desk: Browser) -> None:
    _, case_no = decided(WINDOW)
    code = delivery_fixtures.code(case_no)
    shown = desk.post(f"{HERE}/pick-up", code=code)
    assert all(words in shown.text for words in (case_no, "王小明", "本人已签收"))
    desk.post(f"{HERE}/pick-up/hand-out", code=code)
    assert standing(case_no) == ("closed", "delivered")
    assert desk.post(f"{HERE}/pick-up/hand-out", code=code).status_code == 404


def test_a_wrong_code_is_said_to_be_wrong(desk: Browser) -> None:
    answer = desk.post(f"{HERE}/pick-up", code="00000000")
    assert (answer.status_code, "没有找到这个取件码" in answer.text) == (404, True)


def test_a_tap_sends_it_and_the_label_waits_for_its_number(desk: Browser) -> None:
    _, case_no = decided(POST)
    assert "出件" in desk.get(HERE).text
    desk.post(path(case_no, "send"))
    assert "运单号有了再打印" in desk.get(path(case_no, "label")).text
    assert desk.post(path(case_no, "send")).status_code == 409


def test_what_came_back_is_sent_to_a_mended_address_or_kept(desk: Browser) -> None:
    _, case_no = decided(POST)
    desk.post(path(case_no, "send"))
    refused(case_no)
    assert "快递送不到这个地址" in desk.get(f"{HERE}?view=returned").text
    wrong = desk.post(path(case_no, "again"), recipient="王小明", phone="1", address="示例市示例路1号")
    assert (wrong.status_code, "请填写11位手机号" in wrong.text) == (422, True)
    desk.post(path(case_no, "again"), recipient="王小明", phone="13800000000", address="示例市示例路1号")
    assert standing(case_no)[1] == "preparing"


def test_what_came_back_is_kept_for_its_applicant(desk: Browser) -> None:
    _, case_no = decided(POST)
    desk.post(path(case_no, "send"))
    refused(case_no)
    desk.post(path(case_no, "pick-up"))
    assert standing(case_no) == ("decided", "waiting")


def test_a_list_names_nobody_in_full(desk: Browser) -> None:
    decided(POST)
    shown = desk.get(HERE).text
    assert "王小明" not in shown
    assert "**明" in shown


def test_what_the_courier_cannot_find_is_given_up_after_some_days_with_the_reason(desk: Browser) -> None:
    _, case_no = decided(POST)
    desk.post(path(case_no, "send"))
    ordered()
    assert desk.post(path(case_no, "lost"), reason="快递说找不到").status_code == 409
    with unit_of_work() as session:
        session.execute(update(Parcel).values(begun_at=MONDAY - parcels.LOST_AFTER))
    assert "登记查无下落" in desk.get(f"{HERE}?view=sending").text
    assert desk.post(path(case_no, "lost"), reason=" ").status_code == 422
    desk.post(path(case_no, "lost"), reason="快递说找不到")
    assert (standing(case_no)[1], delivery_fixtures.parcel(case_no)["state"]) == ("returned", "returned")


def test_what_nobody_pays_the_postage_of_is_kept_for_its_applicant(desk: Browser) -> None:
    asked = item("id-lost")
    publish({**asked, "result": {**asked["result"], "postage_city_fen": 1200}})
    _, case_no = decided(POST)
    assert "等缴邮费" in desk.get(HERE).text
    desk.post(path(case_no, "pick-up"))
    assert standing(case_no) == ("decided", "waiting")


def test_what_was_revoked_is_not_handed_out_and_ends_by_a_tap(desk: Browser) -> None:
    _, case_no = decided(WINDOW)
    code = delivery_fixtures.code(case_no)
    delivery_fixtures.revoke(case_no)
    assert desk.post(f"{HERE}/pick-up", code=code).status_code == 409
    assert "不再发放" in desk.get(f"{HERE}?view=waiting").text
    desk.post(path(case_no, "withhold"))
    assert standing(case_no) == ("closed", "withheld")


def test_what_stands_is_not_withheld(desk: Browser) -> None:
    _, case_no = decided(WINDOW)
    assert "不再发放" not in desk.get(f"{HERE}?view=waiting").text
    assert desk.post(path(case_no, "withhold")).status_code == 409


def test_what_can_be_sent_is_not_kept_against_its_applicant_s_wish(desk: Browser) -> None:
    _, case_no = decided(POST)
    assert desk.post(path(case_no, "pick-up")).status_code == 409
