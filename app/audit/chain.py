"""How one line of the audit log hangs on the one before it (哈希链)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.audit.models import HASH_BYTES

# What the first line hangs on.
BEGINNING = bytes(HASH_BYTES)

# Only what JSON, PostgreSQL and Python write alike; a float would come back as another text.
Word = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Line:
    """What is hashed of a line: all of it but the hash itself."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    citizen_id: int | None
    details: Mapping[str, Word]
    prev_hash: bytes


def digest(line: Line) -> bytes:
    """SHA-256 over the line as canonical JSON: sorted keys, no blanks, UTF-8, UTC to the microsecond."""
    plain = {
        "id": line.id,
        "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": line.actor,
        "action": line.action,
        "subject": line.subject,
        "citizen_id": line.citizen_id,
        "details": dict(line.details),
        "prev_hash": line.prev_hash.hex(),
    }
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).digest()
