"""The daily draw (每日抽取)."""

from app.db import unit_of_work
from app.spot_checks import drawing


def draw_days() -> None:
    """Draw every day that is over and was not drawn (job). Safe to repeat, late and in parallel."""
    with unit_of_work() as session:
        due = list(drawing.days_due(session))
    for day in due:
        with unit_of_work() as session:
            drawing.draw(session, day=day)
