"""What to do when an item is not handled in a hall (不在这里办): the right hall, an address, or the phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.appointments import right_hall
from app.appointments.bookable import bookable
from app.catalogue import cards
from app.catalogue import queries as catalogue

_WAYS = {"web": "网上办理", "mobile": "在手机上办理", "courier": "快递申请"}


@dataclass(frozen=True, slots=True)
class NotHere:
    """Where the item is handled instead; `centre_id` only when it is another hall."""

    sentence: str
    channels: list[str]
    phone: str
    centre_id: str | None = None
    centre_name: str | None = None
    address: str | None = None


def in_no_hall(session: Session, *, task_code: str) -> NotHere | None:
    """How to go on with an item that no hall takes; None when one does. Raises what the catalogue raises."""
    if bookable(session, task_code=task_code).centre_ids:
        return None
    body = catalogue.guide(session, task_code=task_code).body
    channels = _channels(body)
    address = str(body.get("transact_addr") or "")
    ways = [f"到{address}"] * bool(address) + [_WAYS[way] for way in channels]
    advice = "可以" + "，或".join(ways) if ways else "请先打电话问清楚去哪里办"
    return NotHere(f"这件事不在大厅办，{advice}", channels, _phone(body), address=address or None)


def not_at(session: Session, *, task_code: str, centre_id: str) -> NotHere | None:
    """Where to go with an item that this hall does not take; None when it does."""
    item = bookable(session, task_code=task_code)
    if centre_id in item.centre_ids:
        return None
    halls = right_hall.nearest(session, item, to=centre_id)
    if not halls:
        return in_no_hall(session, task_code=task_code)
    body = catalogue.guide(session, task_code=task_code).body
    hall, channels = halls[0], _channels(body)
    online = f"，也可以{_WAYS[channels[0]]}" if channels else ""
    return NotHere(
        f"这个大厅不办这件事，最近能办的是“{hall.name}”{online}",
        channels,
        _phone(body),
        centre_id=hall.id,
        centre_name=hall.name,
        address=hall.address,
    )


def _channels(body: Mapping[str, Any]) -> list[str]:
    return [channel for channel in cards.channels(body) if channel in _WAYS]


def _phone(body: Mapping[str, Any]) -> str:
    return str(body.get("consult_phone") or "12345")
