"""Receipts for what was handed over under a number of ours (接收回执)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from platforms import strict_json
from platforms.signed_line import SignedLine

_RECEIPT: Final = re.compile(r"[0-9A-Za-z-]{4,64}", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Receipt:
    """That the other side has something (接收回执): its number, when, and the SHA-256 of what it has."""

    number: str
    at: datetime
    sha256: str


def read(line: SignedLine, answer: dict[str, Any], **ours: str) -> Receipt:
    """The receipt for one number of ours, by its name in the answer; raises Unknown for anything else."""
    ((name, number),) = ours.items()
    try:
        if strict_json.text_of(answer, name, longest=64) != number:
            raise ValueError("for another number")  # noqa: TRY301 - one way out for every fault
        receipt_no = strict_json.text_of(answer, "receipt_no", longest=64)
        sha256 = strict_json.text_of(answer, "sha256", longest=64)
        at = datetime.fromisoformat(strict_json.text_of(answer, "received_at", longest=40))
        if _RECEIPT.fullmatch(receipt_no) is None or _DIGEST.fullmatch(sha256) is None or at.tzinfo is None:
            raise ValueError("no receipt")  # noqa: TRY301
    except ValueError as error:
        raise line.unreadable("read", str(error)) from None
    return Receipt(receipt_no, at, sha256)
