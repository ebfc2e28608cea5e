"""Alipay's gateway for one mini-program, and its users' phones (支付宝).

Faults of its own (`op` is the method, such as alipay.trade.create):

- any method: `refuse` (`code`, `sub_code`, `sub_msg`), `rate_limited`, `unknown` (20000); each is answered
  before anything is done or, with `after`, once it is done. `bad_signature`, `missing_signature`,
  `tampered_body`, `wrong_root`: the answer is not as signed;
- query `lag`, `not_exist`; close `closes_late` (`seconds`), `paid_meanwhile`, `tells`; refund
  `not_enough`, `notify_before_response`, `fund_change_n`; refund query `lag`; and of `alipay.pay`:
  `anyway` (expired or closed), `query_lag` (`seconds`).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, request

from . import alipay_errors as errors
from . import alipay_wire as wire
from .alipay_book import Book, Trade
from .alipay_errors import Failure
from .alipay_notices import Notices
from .alipay_payer import Payer
from .alipay_people import People
from .alipay_refunds import Refunds
from .alipay_trades import Trades, read_biz
from .alipay_wire import Asked
from .cashier import Account, counter_of
from .world import Fault, World

REFUSALS = ("refuse", "rate_limited", "unknown")
SPOILED = ("bad_signature", "missing_signature", "tampered_body", "wrong_root")
Method = Callable[[Asked], dict[str, Any]]


def blueprint(world: World) -> Blueprint:
    """Serve /gateway.do, and the payer's side under /_sim."""
    room = Blueprint("alipay", __name__)
    book, counter, people = Book(), counter_of(world), People(world)
    notices = Notices(world, counter.callbacks)
    trades = Trades(world, book, notices)
    methods: dict[str, Method] = {
        "alipay.system.oauth.token": lambda asked: people.token(asked.params),
        "alipay.open.app.mini.templatemessage.send": lambda asked: _done(people.send(_biz(asked))),
        **_trade_methods(world, trades),
        **_refund_methods(world, trades, Refunds(world, notices)),
    }
    world.on_reset.append(book.clear)
    counter.books.append(lambda: [_account(world, trade) for trade in book.trades.values()])
    Payer(world, book, trades).serve(room)
    people.serve(room)

    @room.before_app_request
    def keep_the_bytes() -> None:
        # The signature goes over what was sent; whoever reads request.form first would use it up.
        if request.path == "/gateway.do":
            request.get_data()

    @room.route("/gateway.do", methods=["GET", "POST"])
    def gateway() -> Response:
        return _answer(world, methods)

    return room


def _answer(world: World, methods: dict[str, Method]) -> Response:
    try:
        asked = wire.read(world, request.query_string, request.get_data())
    except Failure as failure:
        # Nobody is known yet, so nothing is signed.
        g.verdict = f"refused: {failure.sub_code}"
        return _text(wire.dump({"error_response": failure.as_json()}).encode())
    g.op = asked.method
    name = asked.method.replace(".", "_") + "_response"
    try:
        body = _run(world, methods, asked)
    except Failure as failure:
        g.verdict = f"refused: {failure.sub_code}"
        name = "error_response" if failure.at_gateway else name
        body = failure.as_json()
    fault = world.faults.take(asked.method, *SPOILED)
    spoiled = fault.kind if fault is not None else ""
    return _text(wire.write(world, name, body, asked=asked, spoiled=spoiled), charset=asked.charset)


def _run(world: World, methods: dict[str, Method], asked: Asked) -> dict[str, Any]:
    method = methods.get(asked.method)
    if method is None:
        raise errors.turned_away("isv.invalid-method", "不存在的方法名")
    fault = world.faults.take(asked.method, *REFUSALS)
    if fault is None:
        return method(asked)
    if fault.detail.get("after"):
        method(asked)
    raise _planned(fault)


def _planned(fault: Fault) -> Failure:
    if fault.kind == "rate_limited":
        return errors.call_limited()
    if fault.kind == "unknown":
        return errors.unknown_error()
    detail = fault.detail
    return Failure(
        str(detail.get("code", "40004")),
        str(detail.get("sub_code", "ACQ.SYSTEM_ERROR")),
        str(detail.get("sub_msg", "系统错误")),
    )


def _trade_methods(world: World, trades: Trades) -> dict[str, Method]:
    def create(asked: Asked) -> dict[str, Any]:
        return _done(trades.create(_biz(asked), notify_url=asked.params.get("notify_url", "")))

    def query(asked: Asked) -> dict[str, Any]:
        if world.faults.take(asked.method, "not_exist"):
            raise errors.no_such_trade()
        lags = world.faults.take(asked.method, "lag") is not None
        return _done(trades.show(trades.find(_biz(asked)), unpaid=lags))

    def close(asked: Asked) -> dict[str, Any]:
        trade = trades.find(_biz(asked))
        if world.faults.take(asked.method, "paid_meanwhile"):
            trades.pay(trade)
        late = world.faults.take(asked.method, "closes_late")
        tells = world.faults.take(asked.method, "tells") is not None
        seconds = float(late.detail.get("seconds", 30)) if late is not None else 0
        return _done(trades.close(trade, late=timedelta(seconds=seconds), tell=tells))

    return {"alipay.trade.create": create, "alipay.trade.query": query, "alipay.trade.close": close}


def _refund_methods(world: World, trades: Trades, refunds: Refunds) -> dict[str, Method]:
    def refund(asked: Asked) -> dict[str, Any]:
        biz = _biz(asked)
        trade = trades.find(biz)
        if world.faults.take(asked.method, "not_enough"):
            raise errors.acquiring("SELLER_BALANCE_NOT_ENOUGH", "商户余额不足")
        first = world.faults.take(asked.method, "notify_before_response") is not None
        silent = world.faults.take(asked.method, "fund_change_n") is not None
        return _done(refunds.refund(trade, biz, wait=first, silent=silent))

    def query(asked: Asked) -> dict[str, Any]:
        biz = _biz(asked)
        lags = world.faults.take(asked.method, "lag") is not None
        return _done(refunds.find(trades.find(biz), biz, lag=lags))

    return {"alipay.trade.refund": refund, "alipay.trade.fastpay.refund.query": query}


def _biz(asked: Asked) -> dict[str, Any]:
    return read_biz(asked.params.get("biz_content", ""))


def _done(body: dict[str, Any]) -> dict[str, Any]:
    return {"code": "10000", "msg": "Success", **body}


def _text(body: bytes, *, charset: str = "utf-8") -> Response:
    named = "GBK" if charset == "gb18030" else charset
    return Response(body, content_type=f"text/html;charset={named}")


def _account(world: World, trade: Trade) -> Account:
    return Account(
        channel="alipay",
        out_trade_no=trade.out_trade_no,
        state=trade.status(world.clock.now()),
        total_fen=trade.total,
        paid_fen=trade.total if trade.paid_at is not None else 0,
        refunded_fen=trade.refunded,
        refunding_fen=0,
    )
