"""The payments page (缴费): orders, refunds to decide, differences, the day's sums."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from app import clock
from app.db import unit_of_work
from app.desk import work
from app.errors import DomainError
from console import callers, pages, payment_forms, words
from console.callers import Staff
from console.making import console_door
from console.payment_forms import DayIn, DifferencesIn, DoneIn, NumberedIn, OrdersIn
from payments import desk, desk_lists, desk_orders
from payments.desk_orders import Wanted
from payments.desk_view import HANDLING_MONEY

door = console_door("console_payments")

MONEY = Staff(HANDLING_MONEY)
# Mended on the page that the form stands on, with what was typed still there.
_MENDABLE = {409, 422}
_DONE = {
    "approved": "已同意退费，款项将原路退回，结果会自动告知申请人。",
    "refused": "已答复申请人，理由一并告知。",
    "resolved": "已记下处理结果。",
}


@door.get("/payments", auth=MONEY, query=OrdersIn)
def orders(query: dict[str, Any]) -> ResponseReturnValue:
    """Show orders, newest first: today's, all, or the one that a number names (订单)."""
    number = query["no"].strip()
    everything = number or query["day"] == "all"
    wanted = Wanted(
        day=None if everything else clock.today(),
        number=number,
        after=payment_forms.order_mark(query["after"]),
    )
    with unit_of_work() as session:
        found, following = desk_orders.orders(session, clerk=callers.current_clerk(), wanted=wanted)
        counts = desk_lists.counts(session, clerk=callers.current_clerk())
    return _page(
        "payments.html",
        tab="orders",
        counts=counts,
        orders=found,
        following=payment_forms.written(following),
        span=query["day"],
        number=number,
        further=query["after"] is not None,
    )


@door.get("/payments/orders/<payment_no>", auth=MONEY)
def order(payment_no: str) -> ResponseReturnValue:
    """Show one order with all that happened to its money."""
    with unit_of_work() as session:
        seen = desk.look_at_order(session, clerk=callers.current_clerk(), payment_no=payment_no)
    return _page("payment_order.html", seen=seen, order=seen.order)


@door.get("/payments/refunds", auth=MONEY, query=NumberedIn)
def waiting_refunds(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the requests that wait for a decision, the longest waiting first (待审退款)."""
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        found, following = desk_lists.waiting_refunds(session, clerk=clerk, after_id=query["after"])
        counts = desk_lists.counts(session, clerk=clerk)
    return _page(
        "payment_refunds.html",
        tab="refunds",
        counts=counts,
        waiting=found,
        following=following,
        further=query["after"] is not None,
        notice=_DONE.get(query["done"], ""),
    )


@door.get("/payments/refunds/<refund_no>", auth=MONEY, query=DoneIn)
def refund(refund_no: str, query: dict[str, str]) -> ResponseReturnValue:
    """Show one request with all that is needed to decide."""
    return _refund_page(refund_no, notice=_DONE.get(query["done"], ""))


@door.post("/payments/refunds/<refund_no>/approve", auth=MONEY)
def approve(refund_no: str) -> ResponseReturnValue:
    """Let the money go (同意退费)."""
    try:
        with unit_of_work() as session:
            desk.approve(
                session,
                clerk=callers.current_clerk(),
                refund_no=refund_no,
                case_state=request.form.get("case_state", ""),
            )
    except DomainError as refusal:
        return _mend_refund(refund_no, refusal)
    return pages.see_other("console_payments.refund", refund_no=refund_no, done="approved")


@door.post("/payments/refunds/<refund_no>/refuse", auth=MONEY)
def refuse(refund_no: str) -> ResponseReturnValue:
    """Say no and why (不予退费)."""
    try:
        with unit_of_work() as session:
            desk.refuse(
                session,
                clerk=callers.current_clerk(),
                refund_no=refund_no,
                reason=request.form.get("reason", ""),
            )
    except DomainError as refusal:
        return _mend_refund(refund_no, refusal)
    return pages.see_other("console_payments.refund", refund_no=refund_no, done="refused")


@door.get("/payments/differences", auth=MONEY, query=DifferencesIn)
def differences(query: dict[str, Any]) -> ResponseReturnValue:
    """Show what about money a person must see, or what was seen to (差异)."""
    return _differences_page(
        resolved=query["state"] == "resolved", after=query["after"], notice=_DONE.get(query["done"], "")
    )


@door.post("/payments/differences/<int:exception_id>/resolve", auth=MONEY)
def resolve(exception_id: int) -> ResponseReturnValue:
    """Say how a difference was seen to (已处理)."""
    try:
        with unit_of_work() as session:
            desk.resolve(
                session,
                clerk=callers.current_clerk(),
                exception_id=exception_id,
                note=request.form.get("note", ""),
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _differences_page(refusal=refusal, mending=exception_id)
    return pages.see_other("console_payments.differences", done="resolved")


@door.get("/payments/day", auth=MONEY, query=DayIn)
def day(query: dict[str, Any]) -> ResponseReturnValue:
    """Show what each channel brought and took back on one day (日结)."""
    chosen = min(query["day"] or clock.today(), clock.today())
    with unit_of_work() as session:
        sums = desk_orders.sums(session, clerk=callers.current_clerk(), day=chosen)
        counts = desk_lists.counts(session, clerk=callers.current_clerk())
    return _page(
        "payment_day.html",
        tab="day",
        counts=counts,
        sums=sums,
        signed=_signed,
        chosen=chosen,
    )


def _signed(amount_fen: int) -> str:
    """Fen as yuan; on a day more may go back than comes in."""
    return f"-{words.yuan(-amount_fen)}" if amount_fen < 0 else words.yuan(amount_fen)


def _mend_refund(refund_no: str, refusal: DomainError) -> Response:
    if refusal.status not in _MENDABLE:
        raise refusal
    return _refund_page(refund_no, refusal=refusal)


def _refund_page(refund_no: str, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        seen = desk.look_at_refund(session, clerk=callers.current_clerk(), refund_no=refund_no)
    return _page(
        "payment_refund.html",
        status=200 if refusal is None else refusal.status,
        seen=seen,
        refund=seen.view,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )


def _differences_page(
    *,
    resolved: bool = False,
    after: int | None = None,
    notice: str = "",
    refusal: DomainError | None = None,
    mending: int | None = None,
) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        found, following = desk_lists.differences(session, clerk=clerk, resolved=resolved, before_id=after)
        counts = desk_lists.counts(session, clerk=clerk)
    return _page(
        "payment_differences.html",
        status=200 if refusal is None else refusal.status,
        tab="differences",
        counts=counts,
        differences=found,
        resolved=resolved,
        following=following,
        further=after is not None,
        notice=notice,
        refusal=refusal,
        mending=mending,
        typed=request.form,
    )


def _page(template: str, *, status: int = 200, **shown: Any) -> Response:
    return pages.page(template, status=status, counted_to=work.COUNTED_TO, **shown)
