"""A courier's news as the city keeps it (物流轨迹)."""

from app.deliveries.tracing import Told
from platforms.courier import CourierNews


def told(one: CourierNews) -> Told:
    """One piece of news, from the platform's shape to the room's."""
    return Told(
        reference=one.reference,
        waybill=one.waybill,
        event_no=one.event_no,
        sequence=one.sequence,
        kind=one.kind,
        at=one.at,
        place=one.place,
    )
