"""Check a proof of a case without a network; see docs/case-proof.md.

check_proof.py PROOF.zip [KEYS.json] [ROOTS.json | 2026-11-16=ROOT ...]: the keys that the city published and
the roots of days that somebody kept, in any order.
"""

import base64
import hashlib
import json
import re
import sys
import zipfile
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

RECEIPT = ("case_no", "seq", "kind", "source", "at", "noted_at", "day", "commitment", "previous")
CITY_TIME, DAY_LONG = timezone(timedelta(hours=8)), timedelta(days=1)
DAY = ("day", "leaves", "root", "previous")


def written(content: Any) -> bytes:
    """The one way in which a content is written (RFC 8785)."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha(*parts: bytes) -> str:
    """SHA-256 over some parts, in hexadecimal digits."""
    return hashlib.sha256(b"".join(parts)).hexdigest()


def signed(keys: list[dict[str, Any]], kid: str, signature: str, purpose: str, content: Any, on: str) -> bool:
    """Whether a published key that was in use on a day signed a content for a purpose."""
    for key in keys:
        if key["kid"] == kid and "contexts" in key and (key["until"] is None or on <= key["until"]):
            raw = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
            context = key["contexts"][purpose].encode()
            try:
                Ed25519PublicKey.from_public_bytes(raw).verify(
                    bytes.fromhex(signature), context + written(content)
                )
            except InvalidSignature:
                return False
            return True
    return False


def root_of(day: dict[str, Any], leaf: str) -> str:
    """The root to which a leaf leads by its path (RFC 9162, 2.1.3.2)."""
    place, last, found = day["position"], day["leaves"] - 1, leaf
    for beside in day["path"]:
        pair = (beside, found) if place % 2 or place == last else (found, beside)
        found = sha(b"\x01", *map(bytes.fromhex, pair))
        while not place % 2 and place == last and place:
            place, last = place // 2, last // 2
        place, last = place // 2, last // 2
    return found if last == 0 else ""


def uncovered(payload: dict[str, Any]) -> list[str]:
    """The days of the newest receipts, which no root covers yet; raises ValueError when one should."""
    made = datetime.fromisoformat(payload["made_at"]).astimezone(CITY_TIME).date()
    entries = sorted(payload["days"], key=lambda day: str(day["day"]))
    begins = dict(
        zip((day["day"] for day in entries), [0, *(day["length"] for day in entries)], strict=False)
    )
    ends = {day["day"]: day["length"] for day in entries}
    last = entries[-1] if entries else {"day": "", "length": 0}
    for receipt in payload["receipts"]:
        day, seq = receipt["day"], receipt["seq"]
        if day in ends:
            fits = begins[day] < seq <= ends[day]
        else:
            fits = seq > last["length"] and day > last["day"] and date.fromisoformat(day) >= made - DAY_LONG
        if not fits:
            raise ValueError(f"receipt {seq} is not under the root of its day {day}")
    return sorted({receipt["day"] for receipt in payload["receipts"]} - set(ends))


def check(record: dict[str, Any], summary: bytes, keys: list[dict[str, Any]] | None) -> None:
    """Raise ValueError with what is wrong; `keys` are those that one trusts, else those in the record."""
    payload, mark = record["payload"], record["signature"]
    keys = payload["keys"] if keys is None else keys
    if not signed(keys, mark["kid"], mark["value"], "case_proof", payload, payload["made_at"][:10]):
        raise ValueError("the record is not signed by the city, or was changed")
    if sha(summary) != payload["summary_sha256"]:
        raise ValueError("the summary is not the one of this record")
    before = "00" * 32
    for number, receipt in enumerate(payload["receipts"], start=1):
        link = {name: receipt[name] for name in RECEIPT}
        if (link["seq"], link["previous"], link["case_no"]) != (number, before, payload["case_no"]):
            raise ValueError(f"receipt {number} does not hang on the one before it")
        before = sha(b"yima receipt 1\n", written(link))
        if receipt["hash"] != before:
            raise ValueError(f"receipt {number} was changed")
        if receipt["says"] and sha(b"yima content 1\n", written(receipt["says"])) != receipt["commitment"]:
            raise ValueError(f"receipt {number} says something else than it was made for")
    for day in payload["days"]:
        if not signed(keys, day["kid"], day["signature"], "daily_root", {n: day[n] for n in DAY}, day["day"]):
            raise ValueError(f"the root of {day['day']} is not signed by the city")
        head = payload["receipts"][day["length"] - 1]["hash"]
        entry = {"case_no": payload["case_no"], "length": day["length"], "head": head}
        if root_of(day, sha(b"\x00", written(entry))) != day["root"]:
            raise ValueError(f"the chain is not under the root of {day['day']}")
    uncovered(payload)


def kept(words: list[str]) -> tuple[list[dict[str, Any]] | None, dict[str, str]]:
    """The keys one trusts, where any are given, and the roots one kept, by day."""
    keys: list[dict[str, Any]] | None = None
    roots: dict[str, str] = {}
    for word in words:
        if re.fullmatch(r"\d{4}-\d\d-\d\d=[0-9a-fA-F]{64}", word):
            roots[word[:10]] = word[11:].lower()
            continue
        read = json.loads(Path(word).read_text(encoding="utf-8"))
        if isinstance(read, dict) and "keys" in read:
            keys = read["keys"]
            continue
        days = read.get("items", [read]) if isinstance(read, dict) else read
        roots.update({day["day"]: day["root"].lower() for day in days})
    return keys, roots


def compare(payload: dict[str, Any], roots: dict[str, str]) -> list[str]:
    """The days of the record whose root one kept; raises ValueError when one is another."""
    for day in payload["days"]:
        if roots.get(day["day"], day["root"]) != day["root"]:
            raise ValueError(f"the root of {day['day']} is not the one that was kept")
    return [day["day"] for day in payload["days"] if day["day"] in roots]


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as pack:
        found, pdf = json.loads(pack.read("record.json")), pack.read("summary.pdf")
    trusted, own = kept(sys.argv[2:])
    try:
        check(found, pdf, trusted)
        met = compare(found["payload"], own)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as problem:
        sys.exit(f"not valid: {problem}")
    count = len(found["payload"]["receipts"])
    print(f"whole: {count} receipts, {len(found['payload']['days'])} published days")
    if without := uncovered(found["payload"]):
        print(f"under no root yet: what came in on {', '.join(without)}")
    if own:
        print(f"the same roots as were kept: {', '.join(met)}" if met else "of no day whose root was kept")
    if trusted is None:
        print("the keys were those in the record: compare them with the published ones")
