"""The payer's phone: what my.tradePay does with a trade number (收银台)."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .alipay_book import Book, Trade
from .alipay_trades import Trades
from .cashier import Asked, counter_of
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
        counter_of(world).tills["alipay"] = self

    def serve(self, room: Blueprint) -> None:
        """Add the button; `?press=cancel` is the payer who changes their mind."""

        @room.post("/_sim/people/<person_id>/alipay/pay")
        def pay(person_id: str) -> Response:
            person = self._world.person(person_id)
            given = request.get_json(force=True, silent=True)
            wish = request.args.get("press", "pay")
            return jsonify(resultCode=self.press(person, given if isinstance(given, dict) else {}, wish))

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

    def look(self, person: Person, given: dict[str, Any]) -> Asked | None:
        """Show what this trade asks the person to pay; None when it is nobody's or somebody else's."""
        trade = self._own(person, given)
        if trade is None:
            return None
        with self._world.lock:
            return Asked(trade.subject, trade.total, trade.out_trade_no, trade.paid_at is not None)

    def press(self, person: Person, given: dict[str, Any], wish: str) -> str:
        """Give the resultCode that the mini-program would be handed."""
        trade = self._own(person, given)
        if trade is None:
            return FAILED
        if wish == "cancel":
            return CANCELLED
        anyway = self._world.faults.take(OP, "anyway")
        slow = self._world.faults.take(OP, "query_lag")
        lag = timedelta(seconds=float(slow.detail.get("seconds", 60)) if slow is not None else 0)
        return self._trades.pay(trade, anyway=anyway is not None, lag=lag)

    def _own(self, person: Person, given: dict[str, Any]) -> Trade | None:
        trade_no = given.get("tradeNO")
        with self._world.lock:
            trade = self._book.by_trade_no.get(trade_no) if isinstance(trade_no, str) else None
        return trade if trade is not None and trade.buyer is person else None
