"""What the stand-ins share: people and their phones, time, planned faults, and what has happened."""

import base64
import hashlib
import random
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .keys import Keys
from .timers import Clock, Timers

__all__ = ["Clock", "Due", "Fault", "Faults", "NoSuchPerson", "Person", "Timers", "World"]

FOREVER = -1
DEMO_PEOPLE = (
    ("lin", "林晓燕", "13900000001"),
    ("chen", "陈志强", "13900000002"),
    ("wu", "吴秀英", "13900000003"),
)


class NoSuchPerson(KeyError):
    """Nobody with this id has a phone."""


@dataclass
class Fault:
    """One planned misbehaviour.

    `op` names the operation as the log does (`wechat.send_subscribe_message`, `alipay.trade.query`, or
    `*` for any), `kind` what goes wrong, `times` how often (-1: until the faults are cleared).
    `detail["probability"]` (0–1) makes it happen only now and then, from the world's seeded dice.
    """

    op: str
    kind: str
    times: int = 1
    detail: dict[str, Any] = field(default_factory=dict)


class Faults:
    """The faults that are still to come."""

    def __init__(self, dice: random.Random) -> None:
        self._lock = threading.Lock()
        self._dice = dice
        self._planned: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Plan one fault more; those planned first come first."""
        with self._lock:
            self._planned.append(fault)

    def take(self, op: str, *kinds: str) -> Fault | None:
        """Use up one planned fault of this operation, or None.

        With kinds, only those kinds are taken and others stay for whoever asks for them.
        """
        with self._lock:
            for fault in self._planned:
                if fault.op not in {op, "*"} or (kinds and fault.kind not in kinds):
                    continue
                if self._dice.random() >= float(fault.detail.get("probability", 1)):
                    continue
                if fault.times != FOREVER:
                    fault.times -= 1
                self._planned = [each for each in self._planned if each.times != 0]
                return fault
        return None

    def planned(self) -> list[dict[str, Any]]:
        """Show what is still to come."""
        with self._lock:
            return [asdict(fault) for fault in self._planned]

    def clear(self) -> None:
        """Plan nothing any more."""
        with self._lock:
            self._planned.clear()


@dataclass
class Person:
    """Somebody with a phone: one WeChat account, one Alipay account, one number.

    `credits` counts the one-time subscribe messages that the person still allows, by template id;
    `banned` holds the templates the person never wants to be asked about again.
    """

    person_id: str
    name: str
    phone: str
    mini_openid: str
    oa_openid: str
    unionid: str
    alipay_open_id: str
    alipay_user_id: str
    inbox: list[dict[str, Any]] = field(default_factory=list)
    credits: dict[str, int] = field(default_factory=dict)
    banned: set[str] = field(default_factory=set)
    follows: bool = True

    def as_json(self) -> dict[str, Any]:
        """Show the person without the inbox."""
        shown = asdict(self)
        del shown["inbox"]
        shown["banned"] = sorted(self.banned)
        return shown


@dataclass(frozen=True)
class Due:
    """An order that waits for its payer: the phone page shows it and pays by POSTing `body` to `path`."""

    channel: str
    title: str
    amount_fen: int
    out_trade_no: str
    path: str
    body: dict[str, Any]


class World:
    """Everything the stand-ins know. Hold `lock` (re-entrant) around any read-then-write of it.

    `cashiers` are functions (person) -> list[Due] which the payment stand-ins add; `on_reset` are
    functions that forget a stand-in's own state.
    """

    def __init__(
        self,
        folder: Path,
        keys: Keys,
        *,
        port: int,
        host: str = "127.0.0.1",
        app_url: str,
        seed: int = 20250101,
    ) -> None:
        self.folder = folder
        self.keys = keys
        self.host = host
        self.port = port
        self.app_url = app_url.rstrip("/")
        self.lock = threading.RLock()
        self.clock = Clock()
        self.timers = Timers(self.clock)
        self.faults = Faults(random.Random(seed))
        # Nobody gives a trade's number twice, not even after a restart that has forgotten the trades.
        self.numbers = random.SystemRandom()
        self.log: deque[dict[str, Any]] = deque(maxlen=20_000)
        self.deliveries: list[dict[str, Any]] = []
        self.people: dict[str, Person] = {}
        self.cashiers: list[Callable[[Person], list[Due]]] = []
        self.on_reset: list[Callable[[], None]] = []
        self._add_demo_people()

    @property
    def url(self) -> str:
        """The address under which the stand-ins answer."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 compared, not bound
        return f"http://{host}:{self.port}"

    def person(self, person_id: str) -> Person:
        """Find somebody by id; raises NoSuchPerson (a KeyError), which /_sim answers with 404."""
        with self.lock:
            if person_id not in self.people:
                raise NoSuchPerson(person_id)
            return self.people[person_id]

    def by_openid(self, openid: str) -> Person | None:
        """Find somebody by any of the ids that a platform may use for them."""
        with self.lock:
            return self._by_openid.get(openid)

    def add_person(self, name: str, phone: str, person_id: str | None = None) -> Person:
        """Let somebody new get a phone.

        The id follows from the number, so that the same person comes back after a restart with the
        same openids, as they would on the real platforms.
        """
        with self.lock:
            number = 0
            chosen = person_id or _digest("person", phone)[:10]
            while chosen in self.people:
                number += 1
                chosen = _digest("person", phone, str(number))[:10]
            person = Person(
                person_id=chosen,
                name=name,
                phone=phone,
                mini_openid="oM" + _letters(self.keys.mini_appid, chosen, length=26),
                oa_openid="oA" + _letters(self.keys.oa_appid, chosen, length=26),
                unionid="oU" + _letters("union", chosen, length=26),
                alipay_open_id=_letters("alipay", chosen, length=40),
                alipay_user_id="2088" + str(int(_digest("2088", chosen), 16))[-12:],
            )
            self.people[chosen] = person
            ids = (person.mini_openid, person.oa_openid, person.alipay_open_id, person.alipay_user_id)
            self._by_openid.update(dict.fromkeys(ids, person))
            return person

    def deliver(
        self,
        person: Person,
        *,
        channel: str,
        text: str,
        data: dict[str, Any] | None = None,
        page: str | None = None,
    ) -> None:
        """Put a message on somebody's phone, newest last."""
        message = {"channel": channel, "text": text, "data": data, "page": page}
        with self.lock:
            person.inbox.append({**message, "at": self.clock.now().isoformat()})

    def reset(self) -> None:
        """Forget everything that happened; keys and demo people stay."""
        with self.lock:
            self.timers.clear()
            self.clock.advance(-self.clock.offset.total_seconds())
            self.clock.set_skew(0)
            self.faults.clear()
            self.log.clear()
            self.deliveries.clear()
            self._add_demo_people()
            for forget in self.on_reset:
                forget()

    def _add_demo_people(self) -> None:
        self.people.clear()
        self._by_openid: dict[str, Person] = {}
        for person_id, name, phone in DEMO_PEOPLE:
            self.add_person(name, phone, person_id)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _letters(*parts: str, length: int) -> str:
    raw = hashlib.sha512("\x1f".join(parts).encode()).digest()
    return base64.urlsafe_b64encode(raw).decode()[:length]
