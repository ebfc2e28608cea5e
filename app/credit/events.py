"""What has happened to somebody's credit (信用事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class ListingAnswered(Event):
    """The credit platform said whether somebody is on its lists (名单查询有了结果)."""

    listing_id: int
