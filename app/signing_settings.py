"""The settings of the city's signing keys (签名密钥的配置): private ones by the environment alone."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_KEY_BYTES = 32
# The names of keys that `make run` makes begin with it; a production start refuses them.
DEVELOPMENT_MARK = "dev"


class UnreadableKeysError(ValueError):
    """The keys cannot be read; the message is a sentence that names the setting."""


@dataclass(frozen=True)
class SigningSettings:
    """Ed25519 seeds by which may be signed, the first one does, and public keys that no longer sign.

    `names` are the operator's own; the public never sees them.
    """

    names: tuple[str, ...]
    seeds: tuple[bytes, ...]
    retired: tuple[tuple[bytes, date], ...]

    @property
    def for_development(self) -> bool:
        """Whether a key that `make run` made is among them."""
        return any(name.startswith(DEVELOPMENT_MARK) for name in self.names)


def read_signing(env: Mapping[str, str]) -> SigningSettings:
    """SIGNING_KEYS `name:base64,…` and RETIRED_SIGNING_KEYS `x@2026-10-01,…`; raises UnreadableKeysError.

    `x` is the public key as it was published, the date the last day on which it signed.
    """
    own = [part.strip().partition(":") for part in env.get("SIGNING_KEYS", "").split(",") if part.strip()]
    if not own or not all(name for name, _, _ in own):
        raise UnreadableKeysError("SIGNING_KEYS is not set or not name:key pairs; `make run` makes one.")
    retired = env.get("RETIRED_SIGNING_KEYS", "").split(",")
    return SigningSettings(
        names=tuple(name for name, _, _ in own),
        seeds=tuple(_key("SIGNING_KEYS", encoded) for _, _, encoded in own),
        retired=tuple(_retired(part.strip()) for part in retired if part.strip()),
    )


def _retired(part: str) -> tuple[bytes, date]:
    encoded, _, day = part.partition("@")
    try:
        until = date.fromisoformat(day)
    except ValueError as error:
        raise UnreadableKeysError("RETIRED_SIGNING_KEYS must be x@YYYY-MM-DD pairs.") from error
    return _key("RETIRED_SIGNING_KEYS", encoded), until


def _key(setting: str, encoded: str) -> bytes:
    plain = encoded.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise UnreadableKeysError(f"{setting} holds a key that is not base64.") from error
    if len(key) != _KEY_BYTES:
        raise UnreadableKeysError(f"{setting} must hold keys of 32 bytes in base64.")
    return key
