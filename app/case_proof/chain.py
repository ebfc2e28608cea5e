"""How a receipt hangs on the one before it (凭据链); pure. docs/case-proof.md says the same for anybody.

What a step says is not in the chain, only a commitment to it: a hash over the content and a random salt. Who
has both can check it, who has neither learns nothing, and once they are dropped the chain stays whole.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from app.signatures.canonical import canonical

HASH_BYTES = 32
# What the first receipt of a case hangs on.
BEGINNING = bytes(HASH_BYTES)
_RECEIPT, _CONTENT = b"yima receipt 1\n", b"yima content 1\n"
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Link:
    """What is hashed of a receipt: all of it but the hash itself."""

    case_no: str
    seq: int
    kind: str
    source: str
    at: datetime
    noted_at: datetime
    day: date
    commitment: bytes
    previous: bytes


def plain(link: Link) -> dict[str, Any]:
    """A receipt as it is hashed and handed out."""
    return {
        "case_no": link.case_no,
        "seq": link.seq,
        "kind": link.kind,
        "source": link.source,
        "at": moment(link.at),
        "noted_at": moment(link.noted_at),
        "day": link.day.isoformat(),
        "commitment": link.commitment.hex(),
        "previous": link.previous.hex(),
    }


def digest(link: Link) -> bytes:
    """SHA-256 over the receipt."""
    return hashlib.sha256(_RECEIPT + canonical(plain(link))).digest()


def opening(content: Mapping[str, Any]) -> str:
    """A content with a fresh salt, as text."""
    return canonical({"salt": secrets.token_hex(_SALT_BYTES), "content": dict(content)}).decode()


def commitment(opened: str) -> bytes:
    """What the chain keeps of a content and its salt."""
    return hashlib.sha256(_CONTENT + opened.encode()).digest()


def moment(at: datetime) -> str:
    """A moment as it is written: UTC to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
