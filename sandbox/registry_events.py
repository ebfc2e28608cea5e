"""What the registry tells the program: signed, counted for each subject, and told again until it is taken."""

import secrets
from datetime import timedelta, timezone
from typing import Any

from . import signed_letters
from .callbacks import Callbacks, Notice
from .world import World

SHANGHAI = timezone(timedelta(hours=8))
PATH = "/webhooks/registry/events"
CHANNEL = signed_letters.channel("registry.event")


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
            write=signed_letters.writer(
                self._world, event, key=self._world.keys.registry_event_key, prefix="Registry"
            ),
        )
        self._callbacks.start(notice, wait=True)
        return event
