"""Counting tries within a window of time (限次): one row per key, which parallel tries wait for."""

import ipaddress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session

from app import clock

_IPV6_HOUSEHOLD = 64


class Counted:
    """What a table of tries has beside its key; the primary key says whose they are."""

    window_began_at: Mapped[datetime]
    tries: Mapped[int]


def count(session: Session, table: type[Counted], *, window: timedelta, **key: Any) -> int:
    """Count one try; how many there were since its window began, this one included."""
    now = clock.now()
    over = table.window_began_at <= now - window
    found = session.scalar(
        insert(table)
        .values(window_began_at=now, tries=1, **key)
        .on_conflict_do_update(
            index_elements=list(key),
            set_={
                "tries": case((over, 1), else_=table.tries + 1),
                "window_began_at": case((over, now), else_=table.window_began_at),
            },
        )
        .returning(table.tries)
    )
    return found or 0


def forget_over(session: Session, table: type[Counted], *, window: timedelta) -> None:
    """Drop counts whose window is over."""
    session.execute(delete(table).where(table.window_began_at < clock.now() - window))


def household(address: str) -> str:
    """The network of one household: an IPv6 caller changes the rest of its address at will."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _IPV6_HOUSEHOLD), strict=False))
    return str(found)
