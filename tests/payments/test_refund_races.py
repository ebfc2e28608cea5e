"""Races about refunds, with real threads on PostgreSQL, and what happens when the guard is off."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app import clock
from app.db import engine, unit_of_work
from app.fees import refunding
from app.fees.errors import RefundAlreadyAsked, RefundAlreadyDecided
from app.fees.models import Bill, RefundRequest
from app.staff.models import Role
from payments import refunds
from payments.models import Attempt, Refund
from tests.payments import refund_fixtures as desk
from tests.payments.conftest import Payer
from tests.races import Meeting, refusals, together
from tests.staff_fixtures import make_clerk

Issue = Callable[..., Bill]
ONE_OPEN = "uq_refund_requests_one_open_per_bill"
NUMBERS = "uq_refunds_refund_no"


def count(model: type[Any]) -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@contextmanager
def without(drop: str, restore: str) -> Iterator[None]:
    """The database without one of its guards; what the bug has left is cleared away."""
    with engine().begin() as connection:
        connection.execute(text(drop))
    try:
        yield
    finally:
        with engine().begin() as connection:
            connection.execute(text("TRUNCATE refund_requests, refunds CASCADE"))
            connection.execute(text(restore))


def unlocked(meeting: Meeting) -> Callable[..., Attempt | None]:
    """A look at a payment that forgets to lock it."""

    def look(session: Session, *, payment_no: str) -> Attempt | None:
        found = session.scalar(select(Attempt).where(Attempt.payment_no == payment_no))
        meeting.wait()
        return found

    return look


def ask_on_two_phones(payer: Payer, payment_no: str) -> list[Any]:
    return together(*[lambda: desk.ask(payer, payment_no, amount_fen=100)] * 4)


def test_of_two_phones_that_ask_at_once_one_is_heard(payer: Payer, bill: Issue) -> None:
    results = ask_on_two_phones(payer, desk.paid(payer, bill(4000)))

    assert (count(RefundRequest), refusals(results, RefundAlreadyAsked)) == (1, 3)


def test_without_the_lock_the_index_still_hears_one(
    payer: Payer, bill: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_no = desk.paid(payer, bill(4000))
    monkeypatch.setattr(refunds, "_locked", unlocked(Meeting(4)))
    results = ask_on_two_phones(payer, payment_no)

    assert (count(RefundRequest), refusals(results, RefundAlreadyAsked)) == (1, 3)


def test_control_without_lock_and_index_one_bill_is_asked_for_several_times(
    payer: Payer, bill: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_no = desk.paid(payer, bill(4000))
    looked = Meeting(4)
    monkeypatch.setattr(refunds, "_locked", unlocked(Meeting(4)))

    def naively(session: Session, **asked: Any) -> RefundRequest:
        paid = asked.pop("bill")
        request = RefundRequest(
            refund_no=f"T{secrets.token_hex(8)}",
            bill_id=paid.id,
            citizen_id=paid.citizen_id,
            requested_at=clock.now(),
            **asked,
        )
        looked.wait()  # everybody has seen that nobody has asked
        session.add(request)
        return request

    monkeypatch.setattr(refunding, "ask", naively)
    whole = f"CREATE UNIQUE INDEX {ONE_OPEN} ON refund_requests (bill_id)"
    with without(f"DROP INDEX {ONE_OPEN}", f"{whole} WHERE state IN ('requested', 'approved')"):
        ask_on_two_phones(payer, payment_no)
        assert count(RefundRequest) > 1


def approve_at_two_desks(refund_no: str) -> list[Any]:
    clerks = [make_clerk(Role.CASHIER) for _ in range(4)]
    return together(*[lambda clerk=clerk: desk.approve(refund_no, clerk) for clerk in clerks])


def test_of_two_clerks_who_approve_at_once_one_sends_the_money(payer: Payer, bill: Issue) -> None:
    payment_no = desk.paid(payer, bill(4000))
    results = approve_at_two_desks(desk.ask(payer, payment_no, amount_fen=1000).refund_no)

    assert (count(Refund), desk.sums(payment_no)) == (1, (1000, 0))
    assert refusals(results, RefundAlreadyDecided) == 3


def test_control_clerks_who_look_before_they_write_send_the_money_twice(
    payer: Payer, bill: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_no = desk.paid(payer, bill(4000))
    refund_no = desk.ask(payer, payment_no, amount_fen=1000).refund_no
    meeting = Meeting(4)

    def naively(session: Session, *, refund_no: str, clerk_id: int) -> RefundRequest:
        request = refunding.by_no(session, refund_no=refund_no)
        meeting.wait()
        assert request.state == "requested"
        decided = {"state": "approved", "decided_at": clock.now(), "decided_by": clerk_id}
        session.execute(update(RefundRequest).where(RefundRequest.id == request.id).values(**decided))
        return request

    monkeypatch.setattr(refunds, "_locked", unlocked(Meeting(4)))
    monkeypatch.setattr(refunding, "approve", naively)
    restore = f"ALTER TABLE refunds ADD CONSTRAINT {NUMBERS} UNIQUE (refund_no)"
    with without(f"ALTER TABLE refunds DROP CONSTRAINT {NUMBERS}", restore):
        approve_at_two_desks(refund_no)
        assert count(Refund) > 1


def half_paid_twice(payer: Payer, bill: Issue) -> tuple[str, str, str]:
    """A payment of two bills: one goes back by itself, a part of the other is asked back.

    Its number, that of what goes back by itself, and that of the request.
    """
    twice, once = bill(1000), bill(2500)
    both = payer.pay(twice, once, channel="wechat").get_json()["payment_no"]
    desk.paid(payer, twice, through="alipay")
    desk.hear_of_payment(both)
    with unit_of_work() as session:
        by_itself = session.scalars(select(Refund.refund_no)).one()
    return both, by_itself, desk.ask(payer, both, bill_no=once.bill_no, amount_fen=500).refund_no


def test_an_approval_while_other_money_goes_back_by_itself_keeps_the_sums_right(
    payer: Payer, bill: Issue
) -> None:
    both, by_itself, refund_no = half_paid_twice(payer, bill)
    clerk_id = make_clerk(Role.CASHIER)
    together(lambda: desk.hear_of_refund(by_itself), lambda: desk.approve(refund_no, clerk_id))

    assert desk.sums(both) == (500, 1000)
    desk.hear_of_refund(refund_no)
    assert desk.sums(both) == (0, 1500)
    assert desk.books() == {"received": 3000, "to_return": 0, "payer": -3000}


def test_control_an_approval_without_the_lock_forgets_what_came_back_meanwhile(
    payer: Payer, bill: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, by_itself, refund_no = half_paid_twice(payer, bill)

    def slow(session: Session, *, payment_no: str) -> Attempt | None:
        found = session.scalar(select(Attempt).where(Attempt.payment_no == payment_no))
        together(lambda: desk.hear_of_refund(by_itself))
        return found

    monkeypatch.setattr(refunds, "_locked", slow)
    desk.approve(refund_no)

    with unit_of_work() as session:
        found = session.scalars(select(Attempt).where(Attempt.payment_no == both)).one()
        assert (found.reserved_fen, found.refunded_fen) == (1500, 1000)


def test_a_request_while_the_news_comes_that_the_money_is_not_needed_returns_it_once(
    payer: Payer, bill: Issue
) -> None:
    owed = bill(4000)
    late = payer.pay(owed, channel="wechat").get_json()["payment_no"]
    desk.paid(payer, owed, through="alipay")
    together(lambda: desk.hear_of_payment(late), *[lambda: desk.ask(payer, late)] * 3)

    assert (count(RefundRequest), count(Refund), desk.sums(late)) == (0, 1, (4000, 0))
