"""Check the code of a certificate without a network: check_certificate.py KEYS.json CODE [UNIX TIME]."""

import base64
import json
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SHANGHAI = timezone(timedelta(hours=8))


def unpadded(text: str) -> bytes:
    """Bytes from base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check(keys: list[dict[str, Any]], code: str, now: float) -> dict[str, str]:
    """What a code says; raises ValueError with what is wrong with it."""
    raw = unpadded(code.strip().rsplit("/", 1)[-1])
    body, signature = raw[:-64], raw[-64:]
    known = [key for key in keys if key["kid"] == body[2:10].hex() and "contexts" in key]
    if not known or body[0] != 1:
        raise ValueError("no published key made this code")
    try:
        public = Ed25519PublicKey.from_public_bytes(unpadded(known[0]["x"]))
        public.verify(signature, known[0]["contexts"]["certificate"].encode() + body)
    except InvalidSignature:
        raise ValueError("the signature is wrong: the code was changed or made up") from None
    as_of, until = (int.from_bytes(body[at : at + 4], "big") for at in (26, 30))
    made = datetime.fromtimestamp(as_of, UTC).astimezone(SHANGHAI)
    if known[0]["until"] and made.date().isoformat() > known[0]["until"]:
        raise ValueError("its key had been retired before")
    if until and now >= until:
        raise ValueError("the showing is over")
    texts, rest = [], body[34:]
    for _ in range(4):
        texts.append(rest[1 : 1 + rest[0]].decode())
        rest = rest[1 + rest[0] :]
    if texts[3] and datetime.fromtimestamp(now, SHANGHAI).date().isoformat() > texts[3]:
        raise ValueError("the certificate has expired")
    names = ("identifier", "name", "holder", "valid_until")
    kind = {1: "shown", 2: "printed"}[body[1]]
    return {**dict(zip(names, texts, strict=True)), "as_of": made.isoformat(), "kind": kind}


if __name__ == "__main__":
    moment = float(sys.argv[3]) if len(sys.argv) > 3 else time.time()
    try:
        said = check(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["keys"], sys.argv[2], moment)
    except (ValueError, IndexError, KeyError) as problem:
        sys.exit(f"not valid: {problem}")
    print(json.dumps(said, ensure_ascii=False, indent=1))
