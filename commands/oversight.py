"""What supervisors are told of licences (审管联动): `flask --app wsgi oversight …`."""

import click
from flask.cli import AppGroup

from app.oversight import catching_up

group = AppGroup("oversight", help="What supervisors are told of licences (审管联动).")


@group.command("catch-up")
def catch_up() -> None:
    """Note what was granted before supervisors were told of it; it is sent by the usual job.

    What came before migration 0095 was told only once something else happened to it. May be run at any time,
    and again.
    """
    caught = catching_up.catch_up()
    click.echo(f"cases: {caught.noted} noted, {caught.unread} could not be read")
