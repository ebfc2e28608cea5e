"""The payer's phone: what my.tradePay does with a trade number (收银台)."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify, request

from .alipay_book import Book
from .alipay_trades import Trades
from .world import Due, Person, World

OP = "alipay.pay"
PAID, FAILED, CANCELLED = "9000", "4000", "6001"


class Payer:
    """The Alipay client's cashier."""

    def __init__(self, world: World, book: Book, trades: Trades) -> None:
        self._world = world
        self._book = book
        self._trades = trades
        world.cashiers.append(self.waiting)

    def serve(self, room: Blueprint) -> None:
        """Add the button; `?press=cancel` is the payer who changes their mind."""

        @room.post("/_sim/people/<person_id>/alipay/pay")
        def pay(person_id: str) -> Response:
            person = self._world.person(person_id)
            given = request.get_json(force=True, silent=True)
            trade_no = given.get("tradeNO") if isinstance(given, dict) else None
            return jsonify(resultCode=self._pressed(person, trade_no, request.args.get("press", "pay")))

    def waiting(self, person: Person) -> list[Due]:
        """List what the person can still pay."""
        now = self._world.clock.now()
        with self._world.lock:
            return [
                Due(
                    channel="alipay",
                    title=trade.subject,
                    amount_fen=trade.total,
                    out_trade_no=trade.out_trade_no,
                    path=f"/_sim/people/{person.person_id}/alipay/pay",
                    body={"tradeNO": trade.trade_no},
                )
                for trade in self._book.trades.values()
                if trade.buyer is person and trade.status(now) == "WAIT_BUYER_PAY"
            ]

    def _pressed(self, person: Person, trade_no: object, wish: str) -> str:
        with self._world.lock:
            trade = self._book.by_trade_no.get(trade_no) if isinstance(trade_no, str) else None
        if trade is None or trade.buyer is not person:
            return FAILED
        if wish == "cancel":
            return CANCELLED
        anyway = self._world.faults.take(OP, "anyway")
        slow = self._world.faults.take(OP, "query_lag")
        lag = timedelta(seconds=float(slow.detail.get("seconds", 60)) if slow is not None else 0)
        return self._trades.pay(trade, anyway=anyway is not None, lag=lag)
