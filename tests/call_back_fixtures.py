"""Closed cases whose applicants are called back (回访夹具)."""

from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.call_backs import drawing
from app.call_backs.models import CallBack
from app.db import unit_of_work
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY


def drawn() -> CallBack:
    """A case that was closed on Monday and drawn on Tuesday; its call-back."""
    with clock.stopped_at(MONDAY):
        desk.closed()
    with clock.stopped_at(MONDAY + timedelta(days=1)):
        drawing.draw_days()
    return every_one()[0]


def every_one() -> list[CallBack]:
    """Everybody who is called, in the order in which they were drawn."""
    with unit_of_work() as session:
        return list(session.scalars(select(CallBack).order_by(CallBack.id)))
