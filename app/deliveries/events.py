"""What has happened to a delivery (送达事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class DeliveryMoved(Event):
    """A result waits at a hall, is sent, came back, or its courier is being waited for.

    `happening` is the state it came to; `occasion` tells one parcel from the next.
    """

    delivery_id: int
    happening: str
    occasion: str
