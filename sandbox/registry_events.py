"""What the registry tells the program: signed, counted for each subject, and told again until it is taken."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

from .callback_line import Letter, Reply
from .callbacks import Callbacks, Channel, Notice
from .world import Fault, World

SHANGHAI = timezone(timedelta(hours=8))
PATH = "/webhooks/registry/events"
LADDER = (5, 30, 300, 1800, 7200)
OK = 200
FORGED = frozenset({"forged_signature", "tampered_body", "stale_timestamp", "missing_signature"})


def _is_taken(reply: Reply) -> bool:
    return reply.status == OK


CHANNEL = Channel(
    op="registry.event",
    ladder=LADDER,
    limit=5.0,
    is_taken=_is_taken,
    before=FORGED,
    forged=FORGED,
)


class Events:
    """Counts what happens to each subject and tells it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._callbacks = Callbacks(world)
        self._counts: dict[str, int] = {}
        world.on_reset.append(self._counts.clear)

    def tell(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Tell one event; its number, count and day may be given, to play a confused sender."""
        subject = str(asked.get("subject", ""))
        with self._world.lock:
            count = int(asked.get("sequence") or self._counts.get(subject, 0) + 1)
            self._counts[subject] = max(count, self._counts.get(subject, 0))
        today = self._world.clock.now().astimezone(SHANGHAI).date()
        event: dict[str, Any] = {
            "event_id": str(asked.get("event_id") or f"REG-{secrets.token_hex(12)}"),
            "kind": str(asked.get("kind", "")),
            "subject": subject,
            "sequence": count,
            "happened_on": str(asked.get("happened_on") or today.isoformat()),
            "values": asked.get("values") or {},
        }
        notice = Notice(
            channel=CHANNEL,
            event_id=event["event_id"],
            event=event["kind"],
            out_trade_no=subject,
            url=f"{self._world.app_url}{PATH}",
            write=self._writer(event),
        )
        self._callbacks.start(notice, wait=True)
        return event

    def _writer(self, event: dict[str, Any]) -> Callable[[Fault | None], Letter]:
        def write(fault: Fault | None) -> Letter:
            spoiled = fault.kind if fault is not None else ""
            moment = int(self._world.clock.wire().timestamp()) - (3600 if spoiled == "stale_timestamp" else 0)
            body = json.dumps(event, ensure_ascii=False).encode()
            key = (
                secrets.token_hex(16)
                if spoiled == "forged_signature"
                else self._world.keys.registry_event_key
            )
            signature = hmac.new(key.encode(), f"{moment}\n".encode() + body, hashlib.sha256).hexdigest()
            headers = {"Content-Type": "application/json", "X-Registry-Timestamp": str(moment)}
            if spoiled != "missing_signature":
                headers["X-Registry-Signature"] = signature
            if spoiled == "tampered_body":
                body = body.replace(b"}", b" }", 1)
            return Letter(headers, body)

        return write
