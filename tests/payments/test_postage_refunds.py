"""Postage asked back: what the post needs stays, and what the courier had is not given back."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import update

from app import clock
from app.db import unit_of_work
from app.deliveries import parcels
from app.deliveries.models import Delivery, PostageBill
from app.fees import refunding
from app.fees.models import Bill
from app.staff.models import Role
from payments import refund_views
from payments.errors import NothingToRefund, PostageNeeded, PostageSent
from tests import delivery_fixtures
from tests.city_fixtures import MONDAY, load_city, publish_items
from tests.delivery_fixtures import decided, delivery_of
from tests.payments import refund_fixtures as desk
from tests.payments.conftest import Payer
from tests.staff_fixtures import browser

Issue = Callable[..., Bill]


@pytest.fixture
def posted(payer: Payer, bill: Issue) -> Iterator[tuple[str, str, Payer]]:
    """A result that is to be posted for 8 yuan, which are paid; its case, the payment, who paid."""
    with clock.stopped_at(MONDAY):
        load_city()
        publish_items("id-lost")
        _, case_no = decided()
        owed = bill(800)
        needs(case_no, 800)
        with unit_of_work() as session:
            session.add(PostageBill(bill_id=owed.id, delivery_id=delivery_of(case_no).id))
        yield case_no, desk.paid(payer, owed), payer


def needs(case_no: str, fen: int) -> None:
    """What the post costs now."""
    with unit_of_work() as session:
        session.execute(
            update(Delivery).where(Delivery.id == delivery_of(case_no).id).values(postage_fen=fen)
        )


def collected(case_no: str) -> None:
    """Send it, and the courier takes it."""
    delivery_fixtures.send(case_no)
    with unit_of_work() as session:
        mine = delivery_fixtures.parcel_row(session, case_no)
        parcels.note_ordered(session, parcel_id=mine.id, waybill="SF0000000000001")


def test_what_the_post_still_needs_is_not_asked_back(posted: tuple[str, str, Payer]) -> None:
    _, payment_no, payer = posted
    with pytest.raises(PostageNeeded):
        desk.ask(payer, payment_no)


def test_what_the_courier_had_is_not_asked_back(posted: tuple[str, str, Payer]) -> None:
    case_no, payment_no, payer = posted
    collected(case_no)
    with pytest.raises(PostageSent):
        desk.ask(payer, payment_no)


def test_what_the_post_does_not_need_goes_back_and_no_more(posted: tuple[str, str, Payer]) -> None:
    case_no, payment_no, payer = posted
    needs(case_no, 300)
    request = desk.ask(payer, payment_no)
    assert request.amount_fen == 500
    desk.approve(request.refund_no)
    desk.hear_of_refund(request.refund_no)
    with pytest.raises(PostageNeeded):
        desk.ask(payer, payment_no)


def test_what_was_asked_back_before_the_courier_took_it_is_not_approved(
    posted: tuple[str, str, Payer],
) -> None:
    case_no, payment_no, payer = posted
    needs(case_no, 0)
    request = desk.ask(payer, payment_no)
    collected(case_no)
    needs(case_no, 800)  # it could not be called off
    page = browser(payer.client, Role.CASHIER).post(
        f"/console/payments/refunds/{request.refund_no}/approve", case_state=""
    )
    assert (page.status_code, PostageSent.message in page.text) == (409, True)


def test_what_the_post_needs_again_is_not_approved_and_nobody_says_that_it_was_sent(
    posted: tuple[str, str, Payer],
) -> None:
    case_no, payment_no, payer = posted
    needs(case_no, 0)
    request = desk.ask(payer, payment_no)
    needs(case_no, 800)
    with pytest.raises(PostageNeeded):
        desk.approve(request.refund_no)
    assert desk.state_of(request.refund_no) == "requested"


def test_what_was_taken_back_is_read_as_such_by_payer_and_clerk(posted: tuple[str, str, Payer]) -> None:
    case_no, payment_no, payer = posted
    needs(case_no, 0)
    request = desk.ask(payer, payment_no)
    with unit_of_work() as session:
        refunding.withdraw(session, bill_ids=[request.bill_id])
        view = refund_views.of_citizen_by_no(
            session, citizen_id=payer.citizen_id, refund_no=request.refund_no
        )
    page = browser(payer.client, Role.CASHIER).get(f"/console/payments/refunds/{request.refund_no}")
    assert "已收回" in page.text
    assert view.state_text in page.text


def test_what_went_back_is_gone(posted: tuple[str, str, Payer]) -> None:
    case_no, payment_no, payer = posted
    needs(case_no, 0)
    request = desk.ask(payer, payment_no)
    desk.approve(request.refund_no)
    desk.hear_of_refund(request.refund_no)
    with pytest.raises(NothingToRefund):
        desk.ask(payer, payment_no)
