"""What the courier tells the program: signed, and told again until it is taken."""

from typing import Any

from . import signed_letters
from .callbacks import Callbacks, Notice
from .world import World

PATH = "/webhooks/courier/events"
CHANNEL = signed_letters.channel("courier.event")


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
            write=signed_letters.writer(
                self._world, event, key=self._world.keys.courier_event_key, prefix="Courier"
            ),
        )
        self._callbacks.start(notice, wait=True)
