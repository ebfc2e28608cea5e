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
    """That the other side has something (接收回执): its number and when."""

    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DigestReceipt(Receipt):
    """A receipt that also names the SHA-256 of what the other side has."""

    sha256: str


def read(line: SignedLine, answer: dict[str, Any], **ours: str) -> Receipt:
    """The receipt for one number of ours, by its name in the answer; raises Unknown for anything else."""
    try:
        return _receipt(answer, ours)
    except ValueError as error:
        raise line.unreadable("read", str(error)) from None


def read_digest(line: SignedLine, answer: dict[str, Any], **ours: str) -> DigestReceipt:
    """The same, with the digest of what has arrived."""
    try:
        plain = _receipt(answer, ours)
        sha256 = strict_json.text_of(answer, "sha256", longest=64)
        if _DIGEST.fullmatch(sha256) is None:
            raise ValueError("no digest")  # noqa: TRY301 - one way out for every fault
    except ValueError as error:
        raise line.unreadable("read", str(error)) from None
    return DigestReceipt(plain.number, plain.at, sha256)


def _receipt(answer: dict[str, Any], ours: dict[str, str]) -> Receipt:
    ((name, number),) = ours.items()
    if strict_json.text_of(answer, name, longest=64) != number:
        raise ValueError("for another number")
    receipt_no = strict_json.text_of(answer, "receipt_no", longest=64)
    at = datetime.fromisoformat(strict_json.text_of(answer, "received_at", longest=40))
    if _RECEIPT.fullmatch(receipt_no) is None or at.tzinfo is None:
        raise ValueError("no receipt")
    return Receipt(receipt_no, at)
