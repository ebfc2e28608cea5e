"""WeChat Pay v3 for one merchant, in public-key mode (微信支付).

Faults of its own (`op` as in the log: wechat_pay.prepay, .query, .close, .refund, .query_refund):

- any operation: `refuse` (`status`, `code`, `message`), `rate_limited`, `system_error`; each is answered
  before anything is done or, with `after`, once it is done. `bad_signature`, `wrong_serial`,
  `missing_headers`, `old_timestamp`, `tampered_body`: the answer is not as signed;
- prepay `callback_before_response`; query `lag`, `not_exist`; close `closes_late` (`seconds`),
  `paid_meanwhile`; refund `refund_abnormal`, `refund_closed`, `notify_before_response`, `not_enough`;
  query_refund `late_processing`; pay `anyway` (expired or closed), `query_lag` (`seconds`).
"""

import contextlib
from datetime import timedelta

from flask import Blueprint, Response, request

from . import wechat_pay_errors as errors
from .cashier import Account, counter_of
from .cashier import add_routes as add_cashier_routes
from .wechat_pay_book import Book, Order
from .wechat_pay_door import Door
from .wechat_pay_errors import Refusal
from .wechat_pay_notices import Notices, compact
from .wechat_pay_orders import NotPayable, Orders
from .wechat_pay_payer import Payer
from .wechat_pay_reading import read_object, text_of
from .wechat_pay_refunds import ENDINGS, Refunds
from .world import World

MONEY_IN_HAND = {"PROCESSING", "ABNORMAL"}


def blueprint(world: World) -> Blueprint:
    """Serve /v3 as WeChat Pay does, and the payer's side under /_sim."""
    room = Blueprint("wechat_pay", __name__)
    book = Book()
    counter = counter_of(world)
    notices = Notices(world, counter.callbacks)
    orders, refunds = Orders(world, book, notices), Refunds(world, book, notices)
    world.on_reset.append(book.clear)
    counter.books.append(lambda: [_account(world, order) for order in book.orders.values()])
    Door(world).stand_at(room)
    _add_orders(room, world, orders)
    _add_queries(room, world, orders)
    _add_refunds(room, world, refunds)
    Payer(world, book, orders).serve(room)
    add_cashier_routes(room, world)
    return room


def _add_orders(room: Blueprint, world: World, orders: Orders) -> None:
    @room.post("/v3/pay/transactions/jsapi")
    def prepay() -> Response:
        order = orders.place(read_object(request.get_data()))
        prepay_id = orders.prepay_id(order)
        if world.faults.take("wechat_pay.prepay", "callback_before_response"):
            with contextlib.suppress(NotPayable):
                orders.pay(order, wait=True)
        return _answer({"prepay_id": prepay_id})

    @room.post("/v3/pay/transactions/out-trade-no/<out_trade_no>/close")
    def close(out_trade_no: str) -> Response:
        _check_merchant(world, text_of(read_object(request.get_data()), "mchid", longest=32))
        order = orders.find(out_trade_no=out_trade_no)
        if world.faults.take("wechat_pay.close", "paid_meanwhile"):
            with contextlib.suppress(NotPayable):
                orders.pay(order)
        late = world.faults.take("wechat_pay.close", "closes_late")
        orders.close(order, late=timedelta(seconds=float(late.detail.get("seconds", 30)) if late else 0))
        return Response(status=204)


def _add_queries(room: Blueprint, world: World, orders: Orders) -> None:
    def answer(order: Order) -> Response:
        if world.faults.take("wechat_pay.query", "not_exist"):
            raise errors.unknown_order()
        lags = world.faults.take("wechat_pay.query", "lag") is not None
        return _answer(orders.show(order, unpaid=lags))

    @room.get("/v3/pay/transactions/out-trade-no/<out_trade_no>", endpoint="query")
    def by_number(out_trade_no: str) -> Response:
        _check_merchant(world, request.args.get("mchid"))
        return answer(orders.find(out_trade_no=out_trade_no))

    @room.get("/v3/pay/transactions/id/<transaction_id>", endpoint="query_by_id")
    def by_transaction(transaction_id: str) -> Response:
        _check_merchant(world, request.args.get("mchid"))
        return answer(orders.find(transaction_id=transaction_id))

    @room.get("/v3/certificates")
    def certificates() -> Response:
        raise Refusal(
            404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥"
        )


def _add_refunds(room: Blueprint, world: World, refunds: Refunds) -> None:
    @room.post("/v3/refund/domestic/refunds")
    def refund() -> Response:
        if world.faults.take("wechat_pay.refund", "not_enough"):
            raise Refusal(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")
        fault = world.faults.take("wechat_pay.refund", *ENDINGS)
        ending = ENDINGS[fault.kind] if fault is not None else "SUCCESS"
        at_once = world.faults.take("wechat_pay.refund", "notify_before_response") is not None
        return _answer(refunds.ask(read_object(request.get_data()), ending=ending, at_once=at_once))

    @room.get("/v3/refund/domestic/refunds/<out_refund_no>")
    def query_refund(out_refund_no: str) -> Response:
        late = world.faults.take("wechat_pay.query_refund", "late_processing") is not None
        return _answer(refunds.find(out_refund_no, late=late))


def _check_merchant(world: World, mchid: str | None) -> None:
    if not mchid:
        raise errors.bad_field("/mchid", "必填", location="query")
    if mchid != world.keys.mchid:
        raise errors.no_right()


def _answer(body: dict[str, object]) -> Response:
    return Response(compact(body), mimetype="application/json")


def _account(world: World, order: Order) -> Account:
    return Account(
        channel="wechat",
        out_trade_no=order.out_trade_no,
        state=order.state(world.clock.now()),
        total_fen=order.total,
        paid_fen=order.total if order.payment is not None else 0,
        refunded_fen=sum(each.amount for each in order.refunds if each.status == "SUCCESS"),
        refunding_fen=sum(each.amount for each in order.refunds if each.status in MONEY_IN_HAND),
    )
