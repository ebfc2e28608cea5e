"""The payer's phone: what wx.requestPayment does with the parameters that the mini-program gives it."""

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .cashier import Asked, counter_of
from .wechat_pay_book import Book, Order
from .wechat_pay_orders import NotPayable, Orders
from .wechat_pay_signing import is_signed, message, sign
from .world import Due, Person, World

GIVEN = ("timeStamp", "nonceStr", "package", "signType", "paySign")
OP = "wechat_pay.pay"
LONGEST_NONCE = 32


class Payer:
    """The WeChat client's cashier."""

    def __init__(self, world: World, book: Book, orders: Orders) -> None:
        self._world = world
        self._book = book
        self._orders = orders
        self._merchant = world.keys.merchant_key.public_key()
        world.cashiers.append(self.waiting)
        counter_of(world).tills["wechat"] = self

    def serve(self, room: Blueprint) -> None:
        """Add the button; `?press=cancel` is the payer who changes their mind."""

        @room.post("/_sim/people/<person_id>/wechat/pay")
        def pay(person_id: str) -> Response:
            person = self._world.person(person_id)
            given = request.get_json(force=True, silent=True)
            wish = request.args.get("press", "pay")
            return jsonify(err_msg=self.press(person, given if isinstance(given, dict) else {}, wish))

    def waiting(self, person: Person) -> list[Due]:
        """List what the person can still pay, with parameters signed as the merchant's server would."""
        now = self._world.clock.now()
        with self._world.lock:
            mine = [
                order
                for order in self._book.orders.values()
                if order.openid in {person.mini_openid, person.oa_openid}
                and order.payment is None
                and order.closed_at is None
                and order.payable_until > now
            ]
        return [
            Due(
                channel="wechat",
                title=order.description,
                amount_fen=order.total,
                out_trade_no=order.out_trade_no,
                path=f"/_sim/people/{person.person_id}/wechat/pay",
                body=self._invoke(order),
            )
            for order in mine
        ]

    def _invoke(self, order: Order) -> dict[str, str]:
        keys, nonce = self._world.keys, secrets.token_hex(16)
        moment = str(int(self._world.clock.wire().timestamp()))
        package = f"prepay_id={self._orders.prepay_id(order)}"
        return {
            "timeStamp": moment,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": sign(keys.merchant_key, message(keys.mini_appid, moment, nonce, package)),
        }

    def look(self, person: Person, given: dict[str, Any]) -> Asked | None:
        """Show what these parameters ask the person to pay; None when the phone would refuse them."""
        order = self._checked(person, given)
        if isinstance(order, str):
            return None
        with self._world.lock:
            return Asked(order.description, order.total, order.out_trade_no, order.payment is not None)

    def press(self, person: Person, given: dict[str, Any], wish: str) -> str:
        """Give the errMsg that the mini-program would be handed."""
        order = self._checked(person, given)
        if isinstance(order, str):
            return order
        return "requestPayment:fail cancel" if wish == "cancel" else self._pay(order)

    def _checked(self, person: Person, given: dict[str, Any]) -> Order | str:
        """The order, or the errMsg with which the phone refuses before it shows anything."""
        for name in GIVEN:
            if not isinstance(given.get(name), str) or not given[name]:
                kind = type(given.get(name)).__name__
                wrong = f"parameter.{name} should be String instead of {kind}"
                return f"requestPayment:fail parameter error: {wrong}"
        if not self._is_signed(given):
            return "requestPayment:fail 支付验证签名失败"
        order = self._ordered(given["package"])
        if order is None:
            return "requestPayment:fail 预支付交易会话已失效，请重新下单"
        if order.appid != self._world.keys.mini_appid or order.openid != person.mini_openid:
            return "requestPayment:fail 下单账号与支付账号不一致"
        return order

    def _is_signed(self, given: dict[str, Any]) -> bool:
        if given["signType"] != "RSA" or len(given["nonceStr"]) > LONGEST_NONCE:
            return False
        lines = (self._world.keys.mini_appid, given["timeStamp"], given["nonceStr"], given["package"])
        return is_signed(self._merchant, message(*lines), given["paySign"])

    def _ordered(self, package: str) -> Order | None:
        prepay_id = package.removeprefix("prepay_id=")
        with self._world.lock:
            order = self._book.by_prepay_id.get(prepay_id)
            if order is None or order.prepay_ids[prepay_id] <= self._world.clock.now():
                return None
            return order

    def _pay(self, order: Order) -> str:
        anyway = self._world.faults.take(OP, "anyway")
        slow = self._world.faults.take(OP, "query_lag")
        lag = timedelta(seconds=float(slow.detail.get("seconds", 60)) if slow is not None else 0)
        try:
            self._orders.pay(order, anyway=anyway is not None, lag=lag)
        except NotPayable as error:
            return f"requestPayment:fail {error}"
        return "requestPayment:ok"
