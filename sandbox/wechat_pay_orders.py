"""Orders of WeChat Pay: place, ask, close, pay (下单、查询、关单、支付)."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from . import wechat_pay_errors as errors
from .wechat_pay_book import SHANGHAI, Book, Order, Payment, paid_part
from .wechat_pay_errors import Refusal
from .wechat_pay_notices import Notices
from .wechat_pay_reading import (
    OUT_TRADE_NO,
    cny_of,
    fen_of,
    moment_of,
    notify_url_of,
    object_of,
    optional_text,
    text_of,
)
from .world import World

PREPAY_ID_LIVES = timedelta(hours=2)
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=15)
USUAL = timedelta(days=7)
STATES = {
    "SUCCESS": "支付成功",
    "REFUND": "订单发生过退款，退款详情请查询退款单",
    "NOTPAY": "订单未支付",
    "CLOSED": "订单已关闭",
}


class Orders:
    """The order desk of WeChat Pay."""

    def __init__(self, world: World, book: Book, notices: Notices) -> None:
        self._world = world
        self._book = book
        self._notices = notices

    def place(self, asked: dict[str, Any]) -> Order:
        """Take an order, or recognise one that is repeated with identical parameters."""
        fresh = self._read(asked)
        with self._world.lock:
            known = self._book.orders.get(fresh.out_trade_no)
            if known is None:
                self._book.orders[fresh.out_trade_no] = fresh
                return fresh
            if known.payment is not None:
                raise errors.already_paid()
            if known.closed_at is not None:
                raise errors.already_closed()
            if known.asked != asked:
                raise Refusal(403, "OUT_TRADE_NO_USED", "201 商户订单号重复")
            return known

    def prepay_id(self, order: Order) -> str:
        """Give the order's prepay_id, good for two hours; a new one when the last has run out."""
        now = self._world.clock.now()
        with self._world.lock:
            for prepay_id, until in order.prepay_ids.items():
                if until > now:
                    return prepay_id
            made = f"wx{now.astimezone(SHANGHAI):%Y%m%d%H%M%S%f}{secrets.token_hex(8)}"
            order.prepay_ids[made] = now + PREPAY_ID_LIVES
            self._book.by_prepay_id[made] = order
            return made

    def find(self, *, out_trade_no: str | None = None, transaction_id: str | None = None) -> Order:
        """Find an order by one of its numbers; by the transaction only once it is paid."""
        with self._world.lock:
            order = None
            if out_trade_no is not None:
                order = self._book.orders.get(out_trade_no)
            elif transaction_id is not None:
                order = self._book.by_transaction_id.get(transaction_id)
            if order is None:
                raise errors.unknown_order()
            return order

    def show(self, order: Order, *, unpaid: bool = False) -> dict[str, Any]:
        """Write what a query answers; `unpaid` shows a paid order as it was before (a lagging query)."""
        with self._world.lock:
            state = order.state(order.made_at if unpaid else self._world.clock.now())
            answer: dict[str, Any] = {
                "appid": order.appid,
                "mchid": self._world.keys.mchid,
                "out_trade_no": order.out_trade_no,
                "trade_state": state,
                "trade_state_desc": STATES[state],
                "promotion_detail": [],
            }
            if order.attach is not None:
                answer["attach"] = order.attach
            if order.payment is None or state in {"NOTPAY", "CLOSED"}:
                return {**answer, "amount": {"total": order.total, "currency": "CNY"}}
            return {**answer, **paid_part(order, order.payment)}

    def close(self, order: Order, *, late: timedelta = timedelta()) -> None:
        """Close an unpaid order; again changes nothing. `late`: it can still be paid for so long."""
        now = self._world.clock.now()
        with self._world.lock:
            if order.payment is not None:
                raise errors.already_paid()
            if order.closed_at is None:
                order.closed_at, order.shut_at = now, now + late

    def pay(
        self, order: Order, *, anyway: bool = False, lag: timedelta = timedelta(), wait: bool = False
    ) -> str:
        """Take the payer's money once; gives the transaction's number and starts the callback.

        `anyway` pays an expired or closed order, as happens when payment and closing cross; `lag` is how
        long queries will not know. Raises NotPayable.
        """
        now = self._world.clock.now()
        with self._world.lock:
            if order.payment is not None:
                raise NotPayable("该订单已支付")
            if not anyway and order.shut_at is not None and order.shut_at <= now:
                raise NotPayable("该订单已关闭")
            if not anyway and order.payable_until <= now:
                raise NotPayable("该订单已过期，请重新下单")
            serial = self._world.numbers.randrange(10**10)
            number = f"42000{serial % 10**5:05}{now.astimezone(SHANGHAI):%Y%m%d}{serial:010}"
            order.payment = Payment(number, at=now, known_at=now + lag)
            self._book.by_transaction_id[number] = order
        self._notices.tell_paid(order, order.payment, wait=wait)
        return number

    def _read(self, asked: dict[str, Any]) -> Order:
        appid = text_of(asked, "appid", longest=32)
        mchid = text_of(asked, "mchid", longest=32)
        keys, now = self._world.keys, self._world.clock.now()
        if mchid != keys.mchid:
            raise errors.no_right("商户号与签名的商户号不一致")
        if appid not in {keys.mini_appid, keys.oa_appid}:
            raise Refusal(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
        amount = object_of(asked, "amount")
        cny_of(amount)
        return Order(
            out_trade_no=text_of(asked, "out_trade_no", longest=32, pattern=OUT_TRADE_NO),
            appid=appid,
            openid=self._payer(asked, appid),
            description=text_of(asked, "description", longest=127),
            attach=optional_text(asked, "attach", longest=128),
            notify_url=notify_url_of(asked) or "",
            total=fen_of(amount, "total"),
            asked=json.loads(json.dumps(asked)),
            made_at=now,
            payable_until=_clamp(moment_of(asked, "time_expire"), now),
        )

    def _payer(self, asked: dict[str, Any], appid: str) -> str:
        openid = text_of(object_of(asked, "payer"), "openid", longest=128, at="/payer")
        person = self._world.by_openid(openid)
        if person is None or openid not in {person.mini_openid, person.oa_openid}:
            raise errors.bad_field("/payer/openid", "无效的openid")
        own = person.mini_openid if appid == self._world.keys.mini_appid else person.oa_openid
        if openid != own:
            raise Refusal(500, "OPENID_MISMATCH", "openid和appid不匹配")
        return openid


class NotPayable(Exception):
    """The order cannot be paid; the text is what the payer sees."""


def _clamp(asked: datetime | None, now: datetime) -> datetime:
    if asked is None:
        return now + USUAL
    return min(max(asked, now + SHORTEST), now + LONGEST)
