"""Refunds of WeChat Pay: accepted first, done later (申请退款、查询退款)."""

import json
from datetime import timedelta
from typing import Any

from . import wechat_pay_errors as errors
from .wechat_pay_book import SHANGHAI, Book, Order, Refund, shown
from .wechat_pay_errors import Refusal
from .wechat_pay_notices import Notices
from .wechat_pay_reading import (
    OUT_REFUND_NO,
    OUT_TRADE_NO,
    cny_of,
    fen_of,
    notify_url_of,
    object_of,
    optional_text,
    text_of,
)
from .world import World

TAKES_S = 1.0
"""Virtual seconds from accepting a refund to the money's arrival."""
LATEST = timedelta(days=365)
MOST_PARTS = 50
BETWEEN_PARTS = timedelta(seconds=60)
ENDINGS = {"refund_abnormal": "ABNORMAL", "refund_closed": "CLOSED"}


class Refunds:
    """The refund desk of WeChat Pay."""

    def __init__(self, world: World, book: Book, notices: Notices) -> None:
        self._world = world
        self._book = book
        self._notices = notices

    def ask(self, asked: dict[str, Any], *, ending: str = "SUCCESS", at_once: bool = False) -> dict[str, Any]:
        """Accept a refund, or recognise one that is repeated with the same parameters.

        It ends as `ending` a moment later; `at_once` ends it, and tells the merchant, before this answers.
        """
        out_refund_no = text_of(asked, "out_refund_no", longest=64, pattern=OUT_REFUND_NO)
        amount = object_of(asked, "amount")
        refunded, total = fen_of(amount, "refund"), fen_of(amount, "total")
        cny_of(amount, required=True)
        optional_text(asked, "reason", longest=80)
        notify_url = notify_url_of(asked, required=False)
        with self._world.lock:
            order = self._order(asked)
            known = self._book.refunds.get(out_refund_no)
            if known is not None:
                return self._repeated(order, *known, asked=asked)
            self._check(order, refunded=refunded, total=total)
            refund = Refund(
                refund_id=self._number(),
                out_refund_no=out_refund_no,
                asked=json.loads(json.dumps(asked)),
                amount=refunded,
                notify_url=notify_url,
                made_at=self._world.clock.now(),
            )
            order.refunds.append(refund)
            self._book.refunds[out_refund_no] = (order, refund)
            answer = show(order, refund)
        if at_once:
            self._finish(order, refund, ending=ending, wait=True)
        else:
            self._world.timers.after(TAKES_S, lambda: self._finish(order, refund, ending=ending))
        return answer

    def find(self, out_refund_no: str, *, late: bool = False) -> dict[str, Any]:
        """Show a refund; `late` as it was before it ended."""
        with self._world.lock:
            known = self._book.refunds.get(out_refund_no)
            if known is None:
                raise Refusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
            answer = show(*known)
            if late:
                answer["status"] = "PROCESSING"
                answer.pop("success_time", None)
            return answer

    def _finish(self, order: Order, refund: Refund, *, ending: str, wait: bool = False) -> None:
        with self._world.lock:
            refund.status, refund.finished_at = ending, self._world.clock.now()
        self._notices.tell_refund(order, refund, wait=wait)

    def _order(self, asked: dict[str, Any]) -> Order:
        transaction_id = optional_text(asked, "transaction_id", longest=32)
        if transaction_id is not None:
            order = self._book.by_transaction_id.get(transaction_id)
        else:
            out_trade_no = text_of(asked, "out_trade_no", longest=32, pattern=OUT_TRADE_NO)
            order = self._book.orders.get(out_trade_no)
        if order is None:
            raise Refusal(404, "RESOURCE_NOT_EXISTS", "订单不存在")
        return order

    def _repeated(
        self, order: Order, known: Order, refund: Refund, *, asked: dict[str, Any]
    ) -> dict[str, Any]:
        if known is not order or _sums(refund.asked) != _sums(asked):
            raise errors.invalid_request("订单金额或退款金额与之前请求不一致，请核实后再试")
        return show(known, refund)

    def _check(self, order: Order, *, refunded: int, total: int) -> None:
        now = self._world.clock.now()
        if order.payment is None:
            raise errors.invalid_request("订单未支付，不能退款")
        if total != order.total:
            raise errors.invalid_request("订单金额或退款金额与之前请求不一致，请核实后再试")
        if now - order.payment.at > LATEST:
            raise errors.invalid_request("订单已超过可退款的最大期限")
        if refunded > order.total - order.given_back:
            raise errors.invalid_request("申请退款金额大于订单可退金额")
        if len(order.refunds) >= MOST_PARTS:
            raise errors.invalid_request("退款次数超过上限（50次）")
        if order.refunds and now - order.refunds[-1].made_at < BETWEEN_PARTS:
            raise errors.too_often()

    def _number(self) -> str:
        now = self._world.clock.now().astimezone(SHANGHAI)
        serial = self._world.numbers.randrange(10**16)
        return f"50300{serial % 10**5:05}{now:%Y%m%d}{serial // 10**5:011}"


def show(order: Order, refund: Refund) -> dict[str, Any]:
    """Write a refund as both its making and its query answer it."""
    answer: dict[str, Any] = {
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "transaction_id": order.payment.transaction_id if order.payment else "",
        "out_trade_no": order.out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": shown(refund.made_at),
        "status": refund.status,
        "funds_account": "UNSETTLED",
        "amount": {
            "total": order.total,
            "refund": refund.amount,
            "payer_total": order.total,
            "payer_refund": refund.amount,
            "settlement_total": order.total,
            "settlement_refund": refund.amount,
            "discount_refund": 0,
            "currency": "CNY",
        },
        "promotion_detail": [],
    }
    if refund.status == "SUCCESS" and refund.finished_at is not None:
        answer["success_time"] = shown(refund.finished_at)
    return answer


def _sums(asked: dict[str, Any]) -> tuple[object, object]:
    amount = asked["amount"]
    return amount["refund"], amount["total"]
