"""The names of the registry: those of enterprises, those kept for somebody, and words not allowed."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from typing import Any

from .signed import REFERENCE, Refusal
from .world import World

SHANGHAI = timezone(timedelta(hours=8))
RETENTION = timedelta(days=60)  # 《企业名称登记管理规定》第十八条 says two months; here always 60 days
LONGEST_NAME = 100
MOST_SIMILAR = 10
PLACE = re.compile(r"^(?:福建省|福州市|示例市|福建|福州|示例)+")
FORM = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|合伙企业|经营部|商行|店|厂|社)$")
REGISTERED = (
    "示例市榕城餐饮有限公司",
    "示例市榕城小厨餐饮管理有限公司",
    "示例市闽江物流有限公司",
    "示例市三坊七巷文化传播有限公司",
    "示例市茉莉花茶业有限公司",
    "示例市老林面馆",
)
# The word and the clause of Article 11 that it offends; the registry's own list, kept by its own people.
NOT_ALLOWED = (("国务院", 3), ("联合国", 4), ("赌场", 5), ("国家级", 8))
REFUSALS = {"bad_name": 400, "name_taken": 409, "name_not_allowed": 409}


@dataclass(frozen=True)
class Reservation:
    """A name that is kept for one applicant until the end of a day."""

    reference: str
    name: str
    applicant: str
    number: str
    expires_on: date

    def as_json(self) -> dict[str, str]:
        """What the registry answers."""
        return {
            "reference": self.reference,
            "name": self.name,
            "number": self.number,
            "expires_on": self.expires_on.isoformat(),
        }


class Names:
    """Looks names up and keeps them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._registered = list(REGISTERED)
        self._kept: dict[str, Reservation] = {}
        world.on_reset.append(self._forget)

    def look_up(self, name: str) -> dict[str, Any]:
        """How a name stands, what is like it, and which words it must not hold."""
        _check(name)
        with self._world.lock:
            refused = _refused(name)
            standing = "not_allowed" if refused else "taken" if name in self._known() else "free"
            return {"name": name, "standing": standing, "similar": self._similar(name), "refused": refused}

    def reserve(self, *, reference: str, name: str, applicant: str) -> Reservation:
        """Keep a free name; the same reference is the same reservation. Raises Refusal."""
        _check(name)
        if REFERENCE.fullmatch(reference) is None or not applicant:
            raise Refusal("bad_reference")
        with self._world.lock:
            before = self._kept.get(reference)
            if before is not None:
                if (before.name, before.applicant) != (name, applicant):
                    raise Refusal("reference_reused")
                return before
            if _refused(name):
                raise Refusal("name_not_allowed")
            if name in self._known():
                raise Refusal("name_taken")
            made = Reservation(reference, name, applicant, _number(), self._today() + RETENTION)
            self._kept[reference] = made
            return made

    def reservation(self, reference: str) -> Reservation:
        """What is kept under a reference; raises Refusal."""
        with self._world.lock:
            found = self._kept.get(reference)
        if found is None:
            raise Refusal("not_found")
        return found

    def register(self, name: str) -> list[str]:
        """An enterprise of this name comes to be; every registered name."""
        _check(name)
        with self._world.lock:
            self._registered.append(name)
            return list(self._registered)

    def all(self) -> list[dict[str, str]]:
        """Every reservation."""
        with self._world.lock:
            return [each.as_json() for each in self._kept.values()]

    def _known(self) -> set[str]:
        live = {each.name for each in self._kept.values() if each.expires_on >= self._today()}
        return live | set(self._registered)

    def _similar(self, name: str) -> list[str]:
        wanted = _pieces(name)
        alike = [known for known in sorted(self._known()) if known != name and wanted & _pieces(known)]
        return alike[:MOST_SIMILAR]

    def _today(self) -> date:
        return self._world.clock.now().astimezone(SHANGHAI).date()

    def _forget(self) -> None:
        self._registered = list(REGISTERED)
        self._kept.clear()


def _check(name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME or name != name.strip():
        raise Refusal("bad_name")


def _refused(name: str) -> list[dict[str, Any]]:
    return [{"word": word, "clause": clause} for word, clause in NOT_ALLOWED if word in name]


def _pieces(name: str) -> set[str]:
    """The two characters with which the own name (字号) begins: by them names are taken for alike."""
    own = FORM.sub("", PLACE.sub("", name))
    return {own[:2]} if own else set()


def _number() -> str:
    return f"MCBL{secrets.randbelow(10**12):012d}"
