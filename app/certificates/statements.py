"""What stands in the code of a certificate (证照码): a signed statement that is read without a network.

Its format is in docs/certificate-codes.md, and docs/check_certificate.py reads it without anything of ours.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from app import clock, settings
from app.signatures import keys
from app.signatures.keys import SIGNATURE_BYTES, Purpose, Signature

VERSION = 1
ID_BYTES = 16
# Of a text no more bytes than these are said: the code must stay easy to scan.
_LONGEST_TEXT = 120
_KEY_ID_BYTES = 8
_TIME_BYTES = 4
_HEAD = 2 + _KEY_ID_BYTES + ID_BYTES + 2 * _TIME_BYTES
_TEXTS = 4
_TOKEN = re.compile(r"[A-Za-z0-9_-]{120,900}", re.ASCII)


class Kind(IntEnum):
    """Shown by its holder for a while, or printed on its paper."""

    SHOWN = 1
    PRINTED = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """What the city says of a certificate that stands at a moment; `expires_at` None: printed, without end.

    `share_id` names the showing, all zeros on paper. `holder` is masked where it names a person,
    `valid_until` a day or empty.
    """

    kind: Kind
    share_id: bytes
    as_of: datetime
    expires_at: datetime | None
    identifier: str
    name: str
    holder: str
    valid_until: str


def written(statement: Statement) -> str:
    """The signed statement as text for a code."""
    key = keys.published()[0]
    ends = 0 if statement.expires_at is None else int(statement.expires_at.timestamp())
    texts = (statement.identifier, statement.name, statement.holder, statement.valid_until)
    body = b"".join(
        (
            bytes((VERSION, statement.kind)),
            bytes.fromhex(key.key_id),
            statement.share_id,
            int(statement.as_of.timestamp()).to_bytes(_TIME_BYTES, "big"),
            ends.to_bytes(_TIME_BYTES, "big"),
            *(_text(text) for text in texts),
        )
    )
    signature = keys.sign(body, purpose=Purpose.CERTIFICATE)
    return _encoded(body + signature.value)


def read(token: str) -> Statement | None:
    """A statement that we signed; None for anything else, whatever its form."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        if _encoded(raw) != token:
            return None
        return _opened(raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:])
    except (binascii.Error, ValueError, IndexError):
        return None


def address(token: str) -> str:
    """What the picture of a code says (证照码内容)."""
    return f"{settings.current().public_url}/s/{token}"


def _opened(body: bytes, signature: bytes) -> Statement | None:
    key_id, rest = body[2 : 2 + _KEY_ID_BYTES], body[2 + _KEY_ID_BYTES :]
    as_of, ends = (
        int.from_bytes(rest[start : start + _TIME_BYTES], "big")
        for start in (ID_BYTES, ID_BYTES + _TIME_BYTES)
    )
    made = datetime.fromtimestamp(as_of, UTC)
    signed = Signature(key_id.hex(), signature)
    if body[0] != VERSION or not keys.is_ours(
        body, signed, purpose=Purpose.CERTIFICATE, on=clock.local(made).date()
    ):
        return None
    texts = _texts(body[_HEAD:])
    return Statement(
        kind=Kind(body[1]),
        share_id=rest[:ID_BYTES],
        as_of=made,
        expires_at=datetime.fromtimestamp(ends, UTC) if ends else None,
        identifier=texts[0],
        name=texts[1],
        holder=texts[2],
        valid_until=texts[3],
    )


def _text(text: str) -> bytes:
    raw = text.encode()
    if len(raw) > _LONGEST_TEXT:
        raw = raw[: _LONGEST_TEXT - 3].decode(errors="ignore").encode() + "…".encode()
    return bytes((len(raw),)) + raw


def _texts(raw: bytes) -> list[str]:
    texts = []
    for _ in range(_TEXTS):
        length = raw[0]
        texts.append(raw[1 : 1 + length].decode())
        raw = raw[1 + length :]
    return texts


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
