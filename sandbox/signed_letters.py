"""Letters of stand-ins to the program, signed over Unix seconds, a line feed and the body."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any

from .callback_line import Letter, Reply
from .callbacks import Channel
from .world import Fault, World

LADDER = (5, 30, 300, 1800, 7200)
OK = 200
FORGED = frozenset({"forged_signature", "tampered_body", "stale_timestamp", "missing_signature"})


def _is_taken(reply: Reply) -> bool:
    return reply.status == OK


def channel(op: str) -> Channel:
    """How such letters are repeated, and what may go wrong with one."""
    return Channel(op=op, ladder=LADDER, limit=5.0, is_taken=_is_taken, before=FORGED, forged=FORGED)


def writer(world: World, event: dict[str, Any], *, key: str, prefix: str) -> Callable[[Fault | None], Letter]:
    """What writes one event down, each time with a fresh moment; headers begin with X-<prefix>."""

    def write(fault: Fault | None) -> Letter:
        spoiled = fault.kind if fault is not None else ""
        moment = int(world.clock.wire().timestamp()) - (3600 if spoiled == "stale_timestamp" else 0)
        body = json.dumps(event, ensure_ascii=False).encode()
        used = secrets.token_hex(16) if spoiled == "forged_signature" else key
        signature = hmac.new(used.encode(), f"{moment}\n".encode() + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", f"X-{prefix}-Timestamp": str(moment)}
        if spoiled != "missing_signature":
            headers[f"X-{prefix}-Signature"] = signature
        if spoiled == "tampered_body":
            body = body.replace(b"}", b" }", 1)
        return Letter(headers, body)

    return write
