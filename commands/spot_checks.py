"""Draws of what the machine decided (秒批抽查): `flask --app wsgi spot-checks …`."""

from datetime import datetime

import click
from flask.cli import AppGroup

from app.db import unit_of_work
from app.spot_checks import drawing

group = AppGroup("spot-checks", help="Looking again at what the machine decided (秒批抽查).")


@group.command("verify")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
def verify(day: datetime) -> None:
    """Draw a day once more with the city's key and say whether it gives what was drawn (抽取复核)."""
    with unit_of_work() as session:
        holds = drawing.holds(session, day=day.date())
    if not holds:
        raise click.ClickException(f"{day:%Y-%m-%d}: not drawn, or not as the lot gives it")
    click.echo(f"{day:%Y-%m-%d}: drawn as the lot gives it")
