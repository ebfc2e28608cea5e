"""Differences about money: every kind can be read by a person, and none is hushed up by an old answer."""

import ast
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select, text, update

from app import clock, db
from app.db import unit_of_work
from app.fees.models import Bill
from app.staff.models import Role
from payments import desk_lists, jobs
from payments.models import PaymentException, Refund
from tests.payments import refund_fixtures as desk
from tests.payments.conftest import Payer
from tests.staff_fixtures import make_clerk

ROOT = Path(__file__).resolve().parents[2]


def kinds_in_code(room: Path) -> set[str]:
    """Every kind that is recorded somewhere."""
    return {
        keyword.value.value
        for path in room.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "kind"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    }


def test_every_kind_of_difference_has_a_sentence_of_its_own() -> None:
    kinds = kinds_in_code(ROOT / "payments")

    assert "lost_at_channel" in kinds
    assert kinds == set(desk_lists.SENTENCES)


def open_differences() -> list[str]:
    waiting = select(PaymentException.kind).where(PaymentException.resolved_at.is_(None))
    with unit_of_work() as session:
        return list(session.scalars(waiting))


def see_to_all() -> None:
    done = {"resolved_at": clock.now(), "resolved_by": make_clerk(Role.CASHIER), "resolution": "已充值"}
    with unit_of_work() as session:
        session.execute(update(PaymentException).where(PaymentException.resolved_at.is_(None)).values(**done))


def send_again() -> None:
    with unit_of_work() as session:
        session.execute(update(Refund).values(next_check_at=clock.now()))
    jobs.send_refunds()


def test_a_refund_refused_again_after_somebody_saw_to_it_is_shown_again(
    payer: Payer, bill: Callable[..., Bill]
) -> None:
    desk.approve(desk.ask(payer, desk.paid_for_real(payer, bill())).refund_no)
    payer.sandbox.post(
        "/_sim/faults", op="wechat_pay.refund", kind="refuse", status=403, code="REQUEST_BLOCKED", times=9
    )
    for _ in range(3):
        send_again()
    assert open_differences() == ["refund_refused"]
    for _ in range(2):
        see_to_all()
        assert open_differences() == []
        send_again()
        send_again()
        assert open_differences() == ["refund_refused"]

    with unit_of_work() as session:
        kept = session.scalars(select(PaymentException.resolution).order_by(PaymentException.id)).all()
    assert kept == ["已充值", "已充值", None]


def test_a_refund_for_which_the_merchant_has_no_money_is_shown_within_the_hour(
    payer: Payer, bill: Callable[..., Bill]
) -> None:
    desk.approve(desk.ask(payer, desk.paid_for_real(payer, bill())).refund_no)
    payer.sandbox.post(
        "/_sim/faults", op="wechat_pay.refund", kind="refuse", status=403, code="NOT_ENOUGH", times=9
    )
    for _ in range(7):
        assert open_differences() == []
        send_again()

    assert open_differences() == ["refund_delayed"]


def test_a_payments_differences_are_found_by_its_index(database: None) -> None:
    del database
    asked = select(PaymentException.id).where(PaymentException.attempt_id == 7)
    with unit_of_work() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        statement = asked.compile(db.engine(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(text(f"EXPLAIN {statement}")))

    assert "ix_payment_exceptions_attempt_id" in plan
