"""Two fingers on one button: the world's lock keeps the sums right, and without it they go wrong."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sandbox import keys
from sandbox.alipay_book import Book as AlipayBook
from sandbox.alipay_book import Trade
from sandbox.alipay_errors import Failure
from sandbox.alipay_notices import Notices as AlipayNotices
from sandbox.alipay_refunds import Refunds as AlipayRefunds
from sandbox.callbacks import Callbacks
from sandbox.wechat_pay_book import Book, Order
from sandbox.wechat_pay_notices import Notices
from sandbox.wechat_pay_orders import NotPayable, Orders
from sandbox.world import World
from tests.patience import PATIENCE_S


class NoLock:
    """What the lock would be if somebody forgot it."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


class SlowClock:
    """Says the time when both fingers ask, or after a moment where only one can."""

    def __init__(self, world: World, *, both: bool) -> None:
        self._now, self._pause = world.clock.now, pause(both=both)

    def now(self) -> Any:
        self._pause()
        return self._now()


class SlowDice:
    """Falls when both fingers throw it, or after a moment where only one can."""

    def __init__(self, *, both: bool) -> None:
        self._pause = pause(both=both)

    def randrange(self, _sides: int) -> int:
        self._pause()
        return 1


def pause(*, both: bool) -> Callable[[], object]:
    """What holds a finger up in the place where both of them must not be."""
    return threading.Barrier(2, timeout=PATIENCE_S).wait if both else partial(time.sleep, 0.05)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> keys.Keys:
    return keys.load_or_make(tmp_path_factory.mktemp("races"))


@pytest.fixture(params=[True, False], ids=["locked", "unlocked"])
def world(request: pytest.FixtureRequest, made: keys.Keys, tmp_path: Path) -> Iterator[tuple[World, bool]]:
    built = World(tmp_path, made, port=1, app_url="http://127.0.0.1:9")
    if not request.param:
        built.lock = NoLock()  # type: ignore[assignment]
    yield built, request.param
    built.timers.clear()


def two_at_once(work: Any) -> list[bool]:
    barrier = threading.Barrier(2)

    def one(_: int) -> bool:
        barrier.wait()
        with contextlib.suppress(NotPayable, Failure):
            return bool(work())
        return False

    with ThreadPoolExecutor(2) as fingers:
        return list(fingers.map(one, range(2)))


def test_two_fingers_pay_one_order_once(world: tuple[World, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    built, is_locked = world
    book, told = Book(), []
    notices = Notices(built, Callbacks(built))
    monkeypatch.setattr(notices, "tell_paid", lambda _order, payment, **_: told.append(payment))
    now = built.clock.now()
    order = Order(
        out_trade_no="YM1",
        appid="",
        openid="",
        description="",
        attach=None,
        notify_url="",
        total=100,
        asked={},
        made_at=now,
        payable_until=now.replace(year=now.year + 1),
    )
    monkeypatch.setattr(built, "numbers", SlowDice(both=not is_locked))
    paid = two_at_once(lambda: Orders(built, book, notices).pay(order))

    assert paid.count(True) == (1 if is_locked else 2)
    assert len(told) == (1 if is_locked else 2)


def test_two_refunds_give_back_no_more_than_was_paid(
    world: tuple[World, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    built, is_locked = world
    now = built.clock.now()
    trade = Trade(
        "T1", "YM1", built.person("lin"), "费", "", "", 100, "", now, now, paid_at=now, known_at=now
    )
    book = AlipayBook()
    book.trades["YM1"] = trade
    refunds = AlipayRefunds(built, AlipayNotices(built, Callbacks(built)))
    monkeypatch.setattr(built, "clock", SlowClock(built, both=not is_locked))
    numbers = iter(("R1", "R2"))

    def give_back() -> bool:
        asked = {"refund_amount": "0.80", "out_request_no": next(numbers)}
        return bool(refunds.refund(trade, asked)["fund_change"] == "Y")

    given = two_at_once(give_back)

    assert given.count(True) == (1 if is_locked else 2)
    assert trade.refunded == (80 if is_locked else 160)
