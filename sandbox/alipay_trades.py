"""Trades of Alipay: create, query, close, pay (交易创建、查询、关闭、支付)."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from . import alipay_errors as errors
from .alipay_book import FORMAT, SHANGHAI, Book, Trade, fen_of, shown, yuan
from .alipay_notices import Notices
from .world import Person, World

OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_\-]{1,64}", re.ASCII)
TIMEOUT = re.compile(r"([1-9][0-9]{0,4})([mhd])", re.ASCII)
MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
SHORTEST, USUAL = timedelta(minutes=1), timedelta(days=15)
LONGEST_SUBJECT = 256
LONGEST_BODY = 128
LONGEST_PASSBACK = 512
LONGEST_URL = 256


class Trades:
    """The trade desk of Alipay."""

    def __init__(self, world: World, book: Book, notices: Notices) -> None:
        self._world = world
        self._book = book
        self._notices = notices

    def create(self, biz: dict[str, Any], *, notify_url: str) -> dict[str, Any]:
        """Make a trade for one buyer, or recognise one that is repeated."""
        fresh = self._read(biz, notify_url)
        with self._world.lock:
            known = self._book.trades.setdefault(fresh.out_trade_no, fresh)
            self._book.by_trade_no[known.trade_no] = known
            if known is not fresh:
                self._check_repeat(known, fresh)
        return {"out_trade_no": known.out_trade_no, "trade_no": known.trade_no}

    def find(self, biz: dict[str, Any]) -> Trade:
        """Find a trade by one of its numbers. Raises Failure."""
        with self._world.lock:
            trade = self._book.find(biz)
        if trade is None:
            raise errors.no_such_trade()
        return trade

    def show(self, trade: Trade, *, unpaid: bool = False) -> dict[str, Any]:
        """Write what a query answers; `unpaid` as it was before the payment (a lagging query)."""
        now = self._world.clock.now()
        with self._world.lock:
            status = trade.status(now, truly=False)
            if unpaid and trade.paid_at is not None:
                status = "WAIT_BUYER_PAY"
            answer = {
                **named(trade),
                "trade_status": status,
                "total_amount": yuan(trade.total),
                "buyer_logon_id": masked(trade.buyer.phone),
                "buyer_open_id": trade.buyer.alipay_open_id,
                "buyer_user_id": trade.buyer.alipay_user_id,
                "buyer_user_type": "PRIVATE",
            }
            if trade.paid_at is None or status == "WAIT_BUYER_PAY":
                return {
                    **answer,
                    **dict.fromkeys(("receipt_amount", "buyer_pay_amount", "invoice_amount"), "0.00"),
                }
            paid = yuan(trade.total)
            return {
                **answer,
                "send_pay_date": shown(trade.paid_at),
                "receipt_amount": paid,
                "buyer_pay_amount": paid,
                "invoice_amount": paid,
                "point_amount": "0.00",
                "fund_bill_list": [{"amount": paid, "fund_channel": "ALIPAYACCOUNT"}],
            }

    def close(self, trade: Trade, *, late: timedelta = timedelta(), tell: bool = False) -> dict[str, Any]:
        """Close an unpaid trade. `late`: it can still be paid for so long; `tell`: by a notify too."""
        now = self._world.clock.now()
        with self._world.lock:
            if trade.status(now) != "WAIT_BUYER_PAY":
                raise errors.wrong_status()
            trade.closed_at, trade.shut_at = now, now + late
        if tell:
            self._notices.tell(trade)
        return named(trade)

    def pay(self, trade: Trade, *, anyway: bool = False, lag: timedelta = timedelta()) -> str:
        """Take the buyer's money once and start the notify; gives my.tradePay's resultCode.

        `anyway` pays an expired or closed trade, as happens when payment and closing cross; `lag` is how
        long queries will not know.
        """
        now = self._world.clock.now()
        with self._world.lock:
            is_shut = trade.payable_until <= now or (trade.shut_at is not None and trade.shut_at <= now)
            if trade.paid_at is not None or (is_shut and not anyway):
                return "4000"
            trade.paid_at, trade.known_at = now, now + lag
        self._notices.tell(trade)
        return "9000"

    def _check_repeat(self, known: Trade, fresh: Trade) -> None:
        status = known.status(self._world.clock.now())
        if known.paid_at is not None:
            raise errors.acquiring("TRADE_HAS_SUCCESS", "交易已被支付")
        if status == "TRADE_CLOSED":
            raise errors.acquiring("TRADE_HAS_CLOSE", "交易已经关闭")
        if _terms(known) != _terms(fresh):
            raise errors.acquiring("CONTEXT_INCONSISTENT", "交易信息被篡改")

    def _read(self, biz: dict[str, Any], notify_url: str) -> Trade:
        out_trade_no, now = biz.get("out_trade_no"), self._world.clock.now()
        if not isinstance(out_trade_no, str) or OUT_TRADE_NO.fullmatch(out_trade_no) is None:
            raise errors.bad_parameter("out_trade_no须为64位以内的字母、数字、下划线")
        if len(notify_url) > LONGEST_URL:
            raise errors.bad_parameter("notify_url过长")
        self._check_contract(biz)
        return Trade(
            trade_no=f"{now.astimezone(SHANGHAI):%Y%m%d}22001{self._world.numbers.randrange(10**15):015}",
            out_trade_no=out_trade_no,
            buyer=self._buyer(biz),
            subject=_text(biz, "subject", longest=LONGEST_SUBJECT, required=True),
            body=_text(biz, "body", longest=LONGEST_BODY),
            passback=_text(biz, "passback_params", longest=LONGEST_PASSBACK),
            total=fen_of(biz.get("total_amount"), "total_amount"),
            notify_url=notify_url,
            made_at=now,
            payable_until=_payable_until(biz, now),
        )

    def _check_contract(self, biz: dict[str, Any]) -> None:
        keys = self._world.keys
        if biz.get("product_code") != "JSAPI_PAY":
            raise errors.acquiring("ACCESS_FORBIDDEN", "无权限使用接口：product_code")
        if biz.get("op_app_id") != keys.alipay_app_id:
            raise errors.bad_parameter("op_app_id须为小程序的appid")
        if biz.get("seller_id", keys.alipay_seller_id) != keys.alipay_seller_id:
            raise errors.bad_parameter("seller_id")

    def _buyer(self, biz: dict[str, Any]) -> Person:
        open_id, user_id = biz.get("buyer_open_id"), biz.get("buyer_id")
        if not open_id and not user_id:
            raise errors.bad_parameter("buyer_id与buyer_open_id不能同时为空")
        if user_id == self._world.keys.alipay_seller_id:
            raise errors.acquiring("BUYER_SELLER_EQUAL", "买卖家不能相同")
        person = self._world.by_openid(str(open_id or user_id))
        if person is None or str(open_id or user_id) not in {person.alipay_open_id, person.alipay_user_id}:
            raise errors.bad_parameter("买家不存在")
        return person


def _terms(trade: Trade) -> tuple[int, str, str]:
    return trade.total, trade.subject, trade.buyer.person_id


def named(trade: Trade) -> dict[str, Any]:
    """Write both numbers of a trade."""
    return {"trade_no": trade.trade_no, "out_trade_no": trade.out_trade_no}


def masked(phone: str) -> str:
    """Write an account as Alipay shows it to merchants."""
    return f"{phone[:3]}******{phone[-2:]}"


def read_biz(content: str) -> dict[str, Any]:
    """Read biz_content. Raises Failure."""
    try:
        read = json.loads(content)
        json.dumps(read, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise errors.bad_parameter("biz_content不是合法的JSON")
    return read


def _text(biz: dict[str, Any], name: str, *, longest: int, required: bool = False) -> str:
    value = biz.get(name, "")
    if not isinstance(value, str) or len(value) > longest or (required and not value.strip()):
        raise errors.bad_parameter(name)
    return value


def _payable_until(biz: dict[str, Any], now: datetime) -> datetime:
    asked = biz.get("time_expire")
    if asked:
        try:
            moment = datetime.strptime(str(asked), FORMAT).replace(tzinfo=SHANGHAI)
        except ValueError:
            raise errors.bad_parameter("time_expire") from None
        return max(moment, now + SHORTEST)
    span = biz.get("timeout_express")
    if span:
        found = TIMEOUT.fullmatch(str(span))
        if found is None:
            raise errors.bad_parameter("timeout_express")
        return now + min(timedelta(minutes=int(found[1]) * MINUTES[found[2]]), USUAL)
    return now + USUAL
