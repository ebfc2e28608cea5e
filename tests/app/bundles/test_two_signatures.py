"""An item that two people sign is applied for by itself."""

from app.bundles import starting
from app.db import unit_of_work
from tests.bundle_fixtures import BIRTH, CARD
from tests.catalogue_fixtures import item, publish


def test_an_item_that_two_people_sign_is_left_out_and_said_so(citizen: int) -> None:
    publish(item("sscard-new", co_signer="配偶"))

    with unit_of_work() as session:
        started = starting.start(session, citizen_id=citizen, bundle_key="newborn", chosen=[BIRTH, CARD])

    assert started.application.steps == [[BIRTH]]
    assert started.left_out == ["“社会保障卡申领”要两个人签名，请在“我的办件”里单独申请"]
