"""What both payment channels share: callbacks, the sandbox's own sums, and the payer's list of orders."""

import weakref
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from flask import Blueprint, Response, jsonify, request

from .callbacks import Callbacks
from .world import Due, Person, World

UNPAID = {"wechat": "NOTPAY", "alipay": "WAIT_BUYER_PAY"}


@dataclass(frozen=True)
class Account:
    """The money of one order, in fen, as the channel itself counts it."""

    channel: str
    out_trade_no: str
    state: str
    total_fen: int
    paid_fen: int
    refunded_fen: int
    refunding_fen: int


@dataclass(frozen=True)
class Asked:
    """What a cashier shows before anybody pays; `is_paid` when that has happened already."""

    title: str
    amount_fen: int
    out_trade_no: str
    is_paid: bool


class Till(Protocol):
    """A channel's cashier on the payer's phone; `given` is what the mini-program handed over (invoke)."""

    def look(self, person: Person, given: dict[str, Any]) -> Asked | None:
        """Show the order; None when the phone would refuse it at once, for which `press` gives the word."""

    def press(self, person: Person, given: dict[str, Any], wish: str) -> str:
        """Pay, or `cancel`; gives the platform's own word for what came of it."""


class Counter:
    """The common part of the two channels.

    `books` are functions that give each channel's accounts, `tills` the payers' cashiers by channel.
    """

    def __init__(self, world: World) -> None:
        self.callbacks = Callbacks(world)
        self.books: list[Callable[[], list[Account]]] = []
        self.tills: dict[str, Till] = {}


# Both stand-ins are made from the world alone, so this is how they meet; a process has one world.
_counters: weakref.WeakKeyDictionary[World, Counter] = weakref.WeakKeyDictionary()


def counter_of(world: World) -> Counter:
    """Give the world's counter; the first who asks makes it."""
    with world.lock:
        if world not in _counters:
            _counters[world] = Counter(world)
        return _counters[world]


def add_routes(room: Blueprint, world: World) -> None:
    """Serve the lists of both channels under /_sim."""
    counter = counter_of(world)

    @room.get("/_sim/people/<person_id>/orders")
    def orders(person_id: str) -> Response:
        person = world.person(person_id)
        return jsonify(items=[_order(due) for cashier in world.cashiers for due in cashier(person)])

    @room.get("/_sim/deliveries")
    def deliveries() -> Response:
        wanted = {key: request.args[key] for key in ("op", "out_trade_no", "verdict") if key in request.args}
        with world.lock:
            records = list(world.deliveries)
        return jsonify(items=[each for each in records if all(each[key] == wanted[key] for key in wanted)])

    @room.get("/_sim/invariants")
    def invariants() -> Response:
        with world.lock:
            accounts = [account for book in counter.books for account in book()]
        return jsonify(
            orders=[asdict(account) for account in accounts],
            totals={channel: _totals(accounts, channel) for channel in UNPAID},
            violations=counter.callbacks.violations(),
        )


def _order(due: Due) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "channel": due.channel,
        "out_trade_no": due.out_trade_no,
        "description": due.title,
        "amount_fen": due.amount_fen,
        "state": UNPAID[due.channel],
    }
    if due.channel == "alipay":
        return {**shown, "trade_no": due.body["tradeNO"]}
    return {**shown, "invoke": due.body}


def _totals(accounts: list[Account], channel: str) -> dict[str, int]:
    own = [account for account in accounts if account.channel == channel]
    return {
        "orders": len(own),
        "paid_fen": sum(account.paid_fen for account in own),
        "refunded_fen": sum(account.refunded_fen for account in own),
        "refunding_fen": sum(account.refunding_fen for account in own),
    }
