"""Payments, requests and differences for pages (缴费页夹具)."""

from sqlalchemy import select

from app import clock
from app.cases.models import Case
from app.db import unit_of_work
from app.fees.models import RefundRequest
from payments import refunds, truth
from payments.models import Attempt, PaymentException, Refund
from platforms.facts import RefundFact, RefundState
from tests import case_fixtures
from tests.miniprogram_api.paid import bills_of, pay
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import Browser


def text(clerk: Browser, path: str, *, status: int = 200) -> str:
    answered = clerk.get(path)
    assert answered.status_code == status, path
    return answered.get_data(as_text=True)


def paid() -> tuple[str, str]:
    """A case and the payment that paid it."""
    case_no = case_fixtures.submitted(make_citizen("王小明"))
    case_fixtures.accept(case_no)
    return case_no, pay(*bills_of(case_no))


def asked(*, amount_fen: int | None = None) -> RefundRequest:
    """A request for a refund that waits."""
    case_no, payment_no = paid()
    with unit_of_work() as session:
        citizen_id = session.scalars(select(Case.citizen_id).where(Case.case_no == case_no)).one()
        wish = refunds.Wish(citizen_id, payment_no, "我改主意了", amount_fen=amount_fen)
        return refunds.ask(session, wish)


def arrive(refund_no: str, state: RefundState = RefundState.SUCCEEDED) -> None:
    with unit_of_work() as session:
        amount_fen = session.scalars(select(Refund.amount_fen).where(Refund.refund_no == refund_no)).one()
        fact = RefundFact(refund_no, state, amount_fen, finished_at=clock.now())
        truth.apply_refund(session, fact=fact)


def difference(kind: str = "lost_at_channel", payment_no: str | None = None) -> int:
    with unit_of_work() as session:
        attempt = session.scalar(select(Attempt).where(Attempt.payment_no == payment_no))
        evidence = {"stated_fen": 100, "ours_fen": 4000}
        truth.record_exception(session, kind=kind, reference=f"Y{kind}", evidence=evidence, attempt=attempt)
        return session.scalars(select(PaymentException.id).order_by(PaymentException.id.desc())).first() or 0


def state_of(refund_no: str) -> tuple[str, int | None]:
    with unit_of_work() as session:
        row = session.execute(
            select(RefundRequest.state, RefundRequest.decided_by).where(RefundRequest.refund_no == refund_no)
        ).one()
        return row.state, row.decided_by
