"""What a citizen has paid: bills with what came back, and receipts."""

import pytest
from flask.testing import FlaskClient

from tests import case_fixtures
from tests.city_fixtures import load_city
from tests.miniprogram_api.owner import Owner
from tests.miniprogram_api.paid import counted, paid_case


@pytest.fixture
def owner(client: FlaskClient) -> Owner:
    load_city()
    case_fixtures.publish_id_lost()
    return Owner(client)


def test_a_list_of_bills_asks_the_database_as_often_for_many_as_for_one(owner: Owner) -> None:
    paid_case(owner)
    with counted() as for_one:
        owner.call("GET", "/bills")
    for _ in range(3):
        paid_case(owner)
    with counted() as for_many:
        owner.call("GET", "/bills")

    assert len(for_one) == len(for_many)


def test_a_receipt_has_all_that_stands_on_it(owner: Owner) -> None:
    case_no, payment_no = paid_case(owner)
    receipt_no = owner.call("GET", "/receipts").get_json()["items"][0]["receipt_no"]
    shown = owner.call("GET", f"/receipts/{receipt_no}").get_json()

    assert (shown["payer_name"], shown["unit_name"], shown["case_no"]) == ("王小明", "市公安局", case_no)
    assert (shown["amount_fen"], shown["refunded_fen"], shown["payment_no"]) == (4000, 0, payment_no)
    assert (shown["channel_text"], shown["transaction_id"]) == ("微信支付", f"T{payment_no[1:]}")
    assert (shown["kind_text"], shown["bill"]["receipt_no"]) == ("缴费凭证", receipt_no)
    assert "财政电子票据" in shown["note"]


def test_a_receipt_that_is_not_there_is_404(owner: Owner) -> None:
    answered = owner.call("GET", "/receipts/R1")

    assert (answered.status_code, answered.get_json()["code"]) == (404, "receipt_not_found")
