"""The units of the registry: who represents which, and which may still do business."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from .signed import Refusal
from .world import World

CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}", re.ASCII)
STANDINGS = frozenset({"active", "revoked", "deregistered"})


@dataclass(frozen=True)
class Unit:
    """One unit with its legal representative; `id_number` is empty where the registry has only a phone."""

    code: str
    name: str
    standing: str
    legal_person: str
    phone: str
    id_number: str = ""


# The legal persons are people of this world, by their phones.
REGISTERED = (
    Unit("91350100MA3456789F", "示例市榕城餐饮有限公司", "active", "林晓燕", "13900000001"),
    Unit("91350100MA31LN002R", "示例市老林面馆", "active", "林晓燕", "13900000001"),
    Unit("91350100MA3217654A", "示例市闽江物流有限公司", "active", "陈志强", "13900000002"),
    Unit("91350100MA2Y8TK3X1", "示例市茉莉花茶业有限公司", "revoked", "吴秀英", "13900000003"),
)


class Units:
    """Says who represents a unit."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._units: dict[str, Unit] = {}
        self._forget()
        world.on_reset.append(self._forget)

    def representative(self, asked: dict[str, str]) -> dict[str, Any]:
        """Whether somebody represents a unit: by name and number, or by the registered phone; or Refusal."""
        code = asked.get("code", "")
        if CODE.fullmatch(code) is None or not (asked.get("phone") or asked.get("id_number")):
            raise Refusal("bad_body")
        with self._world.lock:
            unit = self._units.get(code)
        if unit is None:
            raise Refusal("not_found")
        if asked.get("id_number"):
            told = (asked.get("name"), asked["id_number"])
            represented = bool(unit.id_number) and told == (unit.legal_person, unit.id_number)
        else:
            represented = asked["phone"] == unit.phone
        return {"code": code, "name": unit.name, "standing": unit.standing, "represented": represented}

    def put(self, told: dict[str, Any]) -> dict[str, Any]:
        """A unit is registered, or changes; raises Refusal."""
        fields = ("code", "name", "standing", "legal_person", "phone", "id_number")
        unit = Unit(**{key: str(told[key]) for key in fields if key in told})
        if CODE.fullmatch(unit.code) is None or unit.standing not in STANDINGS:
            raise Refusal("bad_body")
        with self._world.lock:
            self._units[unit.code] = unit
        return asdict(unit)

    def all(self) -> list[dict[str, Any]]:
        """Every unit."""
        with self._world.lock:
            return [asdict(unit) for unit in self._units.values()]

    def _forget(self) -> None:
        self._units = {unit.code: unit for unit in REGISTERED}
