"""The cashier as a page, for a client that runs in a browser and has no wx.requestPayment (收银台).

The client opens, as a page of its own and not by a script's request:

    {sandbox}/cashier?person=lin&channel=wechat&invoke=<X>&return=<where to go on>

`channel` is wechat or alipay. `invoke` is the JSON object that the program's POST /payments gave for the
platform's payment call, {timeStamp, nonceStr, package, signType, paySign} or {tradeNO}, as UTF-8 in base64url
without padding. `return` is an address of the program, percent-encoded, fragment and all. Nothing is told by
the way back: a client asks its own server what came of the payment.

What is pressed here goes the way of /_sim/people/<id>/<channel>/pay, so that signatures are checked.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from .cashier import Asked, Till, counter_of
from .phone import POLICY
from .way_back import way_back
from .world import NoSuchPerson, Person, World

LONGEST_INVOKE = 4096
PAYEE = "一码办（沙箱商户）"
PAID = {"requestPayment:ok", "9000"}
CANCELLED = {"requestPayment:fail cancel", "6001"}
SAYS = {"4000": "这笔订单不存在、已经付过或已经关闭"}


@dataclass(frozen=True)
class Visit:
    """One payer in front of one cashier, with what the client handed over."""

    till: Till
    person: Person
    given: dict[str, Any]

    def look(self) -> Asked | None:
        """Show the order."""
        return self.till.look(self.person, self.given)

    def press(self, wish: str) -> str:
        """Pay or cancel."""
        return self.till.press(self.person, self.given, wish)


def blueprint(world: World) -> Blueprint:
    """Serve the page and its two buttons."""
    door = Blueprint("cashier_page", __name__)

    @door.get("/cashier")
    def ask() -> Response:
        asked, visit = request.args, _visit(world, request.args)
        back = way_back(world, wanted=asked.get("return", ""), host=request.host)
        if visit is None:
            return _outcome("打不开收银台", "没有读懂要付的款，请返回重试", back=back, status=400)
        order = visit.look()
        if order is None:
            return _outcome("不能付款", _reason(visit.press("cancel")), back=back)
        if order.is_paid:
            return _outcome("已经付过了", "这笔订单已经支付，不用再付", back=back, order=order)
        return _page("cashier.html", order=order, payee=PAYEE, given=asked, person=visit.person)

    @door.post("/cashier")
    def pressed() -> Response:
        asked, visit = request.form, _visit(world, request.form)
        back = way_back(world, wanted=asked.get("return", ""), host=request.host)
        if visit is None:
            return _outcome("打不开收银台", "没有读懂要付的款，请返回重试", back=back, status=400)
        word = visit.press("cancel" if asked.get("press") == "cancel" else "pay")
        order = visit.look()
        if word in PAID or (
            order is not None and order.is_paid
        ):  # the second of two quick taps found it paid
            return _outcome("支付成功", "钱已经付好，请返回查看结果", back=back, order=order)
        if word in CANCELLED:
            return _outcome("没有付款", "您取消了这次付款，可以返回后再付", back=back, order=order)
        return _outcome("没有付成", _reason(word), back=back, order=order)

    return door


def _visit(world: World, asked: Any) -> Visit | None:
    """Who stands before which cashier with what; None when any of it makes no sense."""
    till = counter_of(world).tills.get(asked.get("channel", ""))
    given = _invoke(asked.get("invoke", ""))
    try:
        person = world.person(asked.get("person", ""))
    except NoSuchPerson:
        return None
    return None if till is None or given is None else Visit(till, person, given)


def _invoke(text: str) -> dict[str, Any] | None:
    if len(text) > LONGEST_INVOKE:
        return None
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        read = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _reason(word: str) -> str:
    """What the payer reads in place of the platform's word."""
    return SAYS.get(word, word.removeprefix("requestPayment:fail").strip()) or "请返回重试"


def _outcome(
    heading: str, words: str, *, back: str | None, order: Asked | None = None, status: int = 200
) -> Response:
    return _page("cashier_outcome.html", heading=heading, words=words, back=back, order=order, status=status)


def _page(template: str, *, status: int = 200, **shown: Any) -> Response:
    page = make_response(render_template(template, **shown), status)
    page.headers["Content-Security-Policy"] = POLICY
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
