"""A small city for tests: the demo's halls and calendar, one item, slots of any size (城市夹具)."""

import functools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import clock
from app.appointments.models import Slot
from app.catalogue import service as catalogue
from app.centres import service as centres
from app.centres.models import WindowGroup
from app.db import unit_of_work
from tests import city_snapshot

DEMO = Path(__file__).resolve().parent.parent / "demo"
# A Monday, before the halls open.
MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=clock.SHANGHAI)
CENTRE = "C01"
FIELD = "公安"


def document(name: str) -> Any:
    """One file of the demo city; whoever asks may change it."""
    return json.loads(_written(name))


@functools.cache
def _written(name: str) -> str:
    return (DEMO / name).read_text(encoding="utf-8")


def items(*keys: str) -> list[dict[str, Any]]:
    """Items of the demo city by their keys; whoever asks may change them."""
    return [json.loads(_written_items()[key]) for key in keys]


@functools.cache
def _written_items() -> dict[str, str]:
    return {item["item_key"]: json.dumps(item) for item in document("items.json")["items"]}


def load_city() -> None:
    """The halls, the calendar and the rules."""

    def loaded() -> None:
        with unit_of_work() as session:
            centres.load_city(session, centres=document("centres.json"), calendar=document("calendar.json"))

    city_snapshot.restored("halls", loaded)


def publish_items(*keys: str) -> list[str]:
    """Publish items of the demo city; their task codes."""
    found = items(*keys)
    with unit_of_work() as session:
        catalogue.publish(session, items=found)
    return [item["task_code"] for item in found]


def make_slot(
    *, capacity: int = 4, at: datetime | None = None, centre_id: str = CENTRE, field: str = FIELD
) -> int:
    """One slot, by default on the Tuesday after MONDAY at 10:00; the id."""
    starts_at = (at or MONDAY + timedelta(days=1, hours=2)).astimezone(UTC)
    with unit_of_work() as session:
        group = session.scalars(
            select(WindowGroup).where(WindowGroup.centre_id == centre_id, WindowGroup.name == field)
        ).one()
        slot = Slot(
            centre_id=centre_id,
            window_group_id=group.id,
            day=clock.local(starts_at).date(),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30),
            shift=False,
            capacity=capacity,
            walk_in=2,
        )
        session.add(slot)
        session.flush()
        return slot.id
