"""Things taken once under the sender's number, each with a receipt (接收回执)."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from .signed import REFERENCE, Refusal
from .world import World


@dataclass(frozen=True)
class Kept:
    """One thing as it is kept; `about` is what was read in it."""

    number: str
    receipt_no: str
    sha256: str
    received_at: str
    about: Any

    def receipt(self, name: str) -> dict[str, str]:
        """What whoever sent it is told; `name` is how they call their number."""
        return {
            name: self.number,
            "receipt_no": self.receipt_no,
            "sha256": self.sha256,
            "received_at": self.received_at,
        }


class Shelf:
    """All things of one kind, by their numbers; receipts begin with `letters`."""

    def __init__(self, world: World, *, letters: str, taken: str) -> None:
        self._world = world
        self._letters = letters
        self._taken = taken
        self._kept: dict[str, Kept] = {}
        world.on_reset.append(self._kept.clear)

    def take(self, number: str, content: bytes, about: Any) -> Kept:
        """Take something in; the same number with the same bytes is the same thing. Raises Refusal."""
        if REFERENCE.fullmatch(number) is None:
            raise Refusal("bad_reference")
        sha256 = hashlib.sha256(content).hexdigest()
        with self._world.lock:
            before = self._kept.get(number)
            if before is None:
                receipt = f"{self._letters}{secrets.randbelow(10**12):012d}"
                at = self._world.clock.wire().isoformat()
                before = self._kept[number] = Kept(number, receipt, sha256, at, about)
            elif before.sha256 != sha256:
                raise Refusal(self._taken)
            return before

    def find(self, number: str) -> Kept:
        """One thing; raises Refusal."""
        with self._world.lock:
            found = self._kept.get(number)
        if found is None:
            raise Refusal("not_found")
        return found

    def all(self) -> list[Kept]:
        """Everything that is kept."""
        with self._world.lock:
            return list(self._kept.values())
