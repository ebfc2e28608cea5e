"""Callbacks to the program: the retry ladders on the virtual clock, and a record of every delivery.

Planned faults change what is delivered (`op` is `wechat_pay.callback` or `alipay.notify`):

- `never` sends nothing and ends the ladder; `delayed` puts this attempt off by `seconds` (60);
- `duplicate` sends `count` (1) further copies, one after the other or, with `parallel`, at once;
- kinds of the channel's own are sent beside the genuine callback, before it or after it; with `only`
  instead of it. Those in `forged` must be refused: one that is taken is a violation.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .callback_line import Letter, Reply, post
from .world import Fault, World

WECHAT_PAY_LADDER = (
    15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600,
)  # fmt: skip
"""Seconds between the 16 deliveries of WeChat Pay; 24 h 4 m in all."""
ALIPAY_LADDER = (240, 600, 600, 3600, 7200, 21600, 54000)
"""Seconds between the 8 deliveries of Alipay; 24 h 24 m in all."""
OWN_KINDS = frozenset({"never", "delayed", "duplicate"})
MOST_COPIES = 64
MOST_RECORDS = 20_000
SHOWN_OF_ANSWER = 200


@dataclass(frozen=True)
class Channel:
    """How one platform calls back, and which faults it knows."""

    op: str
    ladder: tuple[int, ...]
    limit: float
    is_taken: Callable[[Reply], bool]
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    forged: frozenset[str] = frozenset()
    dress: frozenset[str] = frozenset()
    """Genuine, in another form; sent in place of the usual one."""

    @property
    def kinds(self) -> frozenset[str]:
        """Every fault that a delivery can suffer."""
        return OWN_KINDS | self.before | self.after | self.dress


@dataclass(frozen=True)
class Notice:
    """One event that the program must be told; `write` makes the letter anew for each delivery."""

    channel: Channel
    event_id: str
    event: str
    out_trade_no: str
    url: str
    write: Callable[[Fault | None], Letter]


@dataclass
class _Plan:
    """The faults of one attempt, one of each kind at most."""

    faults: dict[str, Fault] = field(default_factory=dict)

    def of(self, kinds: frozenset[str]) -> list[Fault]:
        return [fault for kind, fault in self.faults.items() if kind in kinds]


class Callbacks:
    """Everything that the payment stand-ins have still to tell, and what became of it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._age = 0
        world.on_reset.append(self._forget)

    def start(self, notice: Notice, *, wait: bool = False) -> None:
        """Begin the ladder at once; with `wait`, return only when the first attempt is over."""
        due, age = self._world.clock.now(), self._age
        if wait:
            self._attempt(notice, number=1, due=due, age=age)
        else:
            self._world.timers.at(due, lambda: self._attempt(notice, number=1, due=due, age=age))

    def violations(self) -> list[dict[str, Any]]:
        """List the forged or replayed callbacks that the program took for genuine."""
        with self._world.lock:
            return [each for each in self._world.deliveries if each["verdict"] == "probe_taken"]

    def _forget(self) -> None:
        self._age += 1

    def _attempt(self, notice: Notice, *, number: int, due: datetime, age: int) -> None:
        if age != self._age:
            return
        plan = self._take_faults(notice)
        for fault in plan.of(frozenset({"never", "delayed"})):
            self._hold_back(notice, fault, number=number, due=due, age=age)
            return
        for fault in plan.of(notice.channel.before):
            self._deliver(notice, fault, number=number)
        if any(fault.detail.get("only") for fault in plan.faults.values()):
            return
        is_taken = self._deliver_genuine(notice, plan, number=number)
        for fault in plan.of(notice.channel.after):
            self._deliver(notice, fault, number=number)
        if is_taken or number > len(notice.channel.ladder) or age != self._age:
            return
        # From the moment that was due, so that one large step of the clock walks the whole ladder.
        then = due + timedelta(seconds=notice.channel.ladder[number - 1])
        self._again(notice, number=number + 1, due=then, age=age)

    def _again(self, notice: Notice, *, number: int, due: datetime, age: int) -> None:
        self._world.timers.at(due, lambda: self._attempt(notice, number=number, due=due, age=age))

    def _take_faults(self, notice: Notice) -> _Plan:
        plan = _Plan()
        while left := notice.channel.kinds - plan.faults.keys():
            fault = self._world.faults.take(notice.channel.op, *left)
            if fault is None:
                break
            plan.faults[fault.kind] = fault
        return plan

    def _hold_back(self, notice: Notice, fault: Fault, *, number: int, due: datetime, age: int) -> None:
        verdict = "never_sent" if fault.kind == "never" else "delayed"
        self._record(notice, Reply(None, b"", 0.0), number=number, probe=None, verdict=verdict)
        if fault.kind == "delayed":
            then = due + timedelta(seconds=float(fault.detail.get("seconds", 60)))
            self._again(notice, number=number, due=then, age=age)

    def _deliver_genuine(self, notice: Notice, plan: _Plan, *, number: int) -> bool:
        dress = next(iter(plan.of(notice.channel.dress)), None)
        twice = plan.faults.get("duplicate")
        if twice is None:
            return self._deliver(notice, dress, number=number)
        copies = 1 + min(int(twice.detail.get("count", 1)), MOST_COPIES)
        taken: list[bool] = []

        def deliver() -> None:
            taken.append(self._deliver(notice, dress, number=number))

        if twice.detail.get("parallel"):
            senders = [threading.Thread(target=deliver, daemon=True) for _ in range(copies)]
            for sender in senders:
                sender.start()
            for sender in senders:
                sender.join()
        else:
            for _ in range(copies):
                deliver()
        return any(taken)

    def _deliver(self, notice: Notice, fault: Fault | None, *, number: int) -> bool:
        reply = post(notice.url, notice.write(fault), limit=notice.channel.limit)
        is_taken = notice.channel.is_taken(reply)
        if fault is not None and fault.kind in notice.channel.forged:
            verdict = "probe_taken" if is_taken else "probe_refused"
        elif is_taken:
            verdict = "accepted"
        elif reply.status is None:
            verdict = "timeout" if reply.trouble == "timeout" else "unreachable"
        else:
            verdict = "refused"
        probe = fault.kind if fault is not None else None
        self._record(notice, reply, number=number, probe=probe, verdict=verdict)
        return is_taken

    def _record(self, notice: Notice, reply: Reply, *, number: int, probe: str | None, verdict: str) -> None:
        record = {
            "at": self._world.clock.now().isoformat(),
            "op": notice.channel.op,
            "event": notice.event,
            "event_id": notice.event_id,
            "out_trade_no": notice.out_trade_no,
            "url": notice.url,
            "attempt": number,
            "of": len(notice.channel.ladder) + 1,
            "probe": probe,
            "status": reply.status,
            "seconds": round(reply.seconds, 3),
            "answer": reply.body[:SHOWN_OF_ANSWER].decode(errors="replace"),
            "trouble": reply.trouble,
            "verdict": verdict,
        }
        with self._world.lock:
            self._world.deliveries.append(record)
            del self._world.deliveries[:-MOST_RECORDS]
