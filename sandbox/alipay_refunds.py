"""Refunds of Alipay: done at once, and told by the same notify as the trade (退款、退款查询)."""

from typing import Any

from . import alipay_errors as errors
from .alipay_book import Refund, Trade, fen_of, shown, yuan
from .alipay_notices import Notices
from .alipay_trades import masked, named
from .world import World

LONGEST_NUMBER = 64


class Refunds:
    """The refund desk of Alipay."""

    def __init__(self, world: World, notices: Notices) -> None:
        self._world = world
        self._notices = notices

    def refund(
        self, trade: Trade, biz: dict[str, Any], *, wait: bool = False, silent: bool = False
    ) -> dict[str, Any]:
        """Give money back, or recognise a refund that is repeated (fund_change N).

        Without out_request_no the trade's own number stands in, so a second part refund of the same amount
        is silently a repeat. `wait` notifies before this answers; `silent` says N although money moved.
        """
        amount = fen_of(biz.get("refund_amount"), "refund_amount")
        request_no = biz.get("out_request_no") or trade.out_trade_no
        if not isinstance(request_no, str) or len(request_no) > LONGEST_NUMBER:
            raise errors.bad_parameter("out_request_no")
        with self._world.lock:
            known = _known(trade, request_no)
            if known is not None:
                if known.amount != amount:
                    raise errors.acquiring("DISCORDANT_REPEAT_REQUEST", "请求信息不一致")
                return _show(trade, known, moved=False)
            self._check(trade, amount)
            refund = Refund(request_no, amount, self._world.clock.now())
            trade.refunds.append(refund)
            answer = _show(trade, refund, moved=not silent)
        self._notices.tell(trade, refund, wait=wait)
        return answer

    def find(self, trade: Trade, biz: dict[str, Any], *, lag: bool = False) -> dict[str, Any]:
        """Show a refund; no refund fields mean that no success is known (`lag` hides one)."""
        request_no = biz.get("out_request_no")
        if not isinstance(request_no, str) or not request_no:
            raise errors.bad_parameter("out_request_no不能为空")
        with self._world.lock:
            known = None if lag else _known(trade, request_no)
        if known is None:
            return {}
        answer = {
            **named(trade),
            "out_request_no": known.request_no,
            "refund_status": "REFUND_SUCCESS",
            "refund_amount": yuan(known.amount),
            "total_amount": yuan(trade.total),
        }
        if "gmt_refund_pay" in (biz.get("query_options") or []):
            answer["gmt_refund_pay"] = shown(known.at)
        return answer

    def _check(self, trade: Trade, amount: int) -> None:
        status = trade.status(self._world.clock.now())
        if status == "TRADE_FINISHED":
            raise errors.acquiring("TRADE_HAS_FINISHED", "交易已完结，不可退款")
        if trade.paid_at is None:
            raise errors.acquiring("TRADE_STATUS_ERROR", "交易状态非法")
        if amount > trade.total - trade.refunded:
            raise errors.acquiring("REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限")


def _known(trade: Trade, request_no: str) -> Refund | None:
    return next((each for each in trade.refunds if each.request_no == request_no), None)


def _show(trade: Trade, refund: Refund, *, moved: bool) -> dict[str, Any]:
    return {
        **named(trade),
        "buyer_logon_id": masked(trade.buyer.phone),
        "buyer_open_id": trade.buyer.alipay_open_id,
        "buyer_user_id": trade.buyer.alipay_user_id,
        "fund_change": "Y" if moved else "N",
        "gmt_refund_pay": shown(refund.at),
        "refund_fee": yuan(trade.refunded),
        "send_back_fee": yuan(refund.amount) if moved else "0.00",
    }
