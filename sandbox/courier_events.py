"""What the courier tells the program: signed, and told again until it is taken."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any

from .callback_line import Letter, Reply
from .callbacks import Callbacks, Channel, Notice
from .world import Fault, World

PATH = "/webhooks/courier/events"
LADDER = (5, 30, 300, 1800, 7200)
OK = 200
FORGED = frozenset({"forged_signature", "tampered_body", "stale_timestamp", "missing_signature"})


def _is_taken(reply: Reply) -> bool:
    return reply.status == OK


CHANNEL = Channel(
    op="courier.event",
    ladder=LADDER,
    limit=5.0,
    is_taken=_is_taken,
    before=FORGED,
    forged=FORGED,
)


class Events:
    """Tells what happens to parcels."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._callbacks = Callbacks(world)

    def tell(self, event: dict[str, Any]) -> None:
        """Tell one event; returns when the first attempt is over."""
        notice = Notice(
            channel=CHANNEL,
            event_id=event["event_no"],
            event=event["kind"],
            out_trade_no=event["reference"],
            url=f"{self._world.app_url}{PATH}",
            write=self._writer(event),
        )
        self._callbacks.start(notice, wait=True)

    def _writer(self, event: dict[str, Any]) -> Callable[[Fault | None], Letter]:
        def write(fault: Fault | None) -> Letter:
            spoiled = fault.kind if fault is not None else ""
            moment = int(self._world.clock.wire().timestamp()) - (3600 if spoiled == "stale_timestamp" else 0)
            body = json.dumps(event, ensure_ascii=False).encode()
            forged = spoiled == "forged_signature"
            key = secrets.token_hex(16) if forged else self._world.keys.courier_event_key
            signature = hmac.new(key.encode(), f"{moment}\n".encode() + body, hashlib.sha256).hexdigest()
            headers = {"Content-Type": "application/json", "X-Courier-Timestamp": str(moment)}
            if spoiled != "missing_signature":
                headers["X-Courier-Signature"] = signature
            if spoiled == "tampered_body":
                body = body.replace(b"}", b" }", 1)
            return Letter(headers, body)

        return write
