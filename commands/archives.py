"""Archives of closed cases (电子档案): `flask --app wsgi archives …`."""

from datetime import datetime

import click
from flask.cli import AppGroup

from app.archives import checking, making
from app.archives.retention import TEXTS, Retention
from app.db import unit_of_work

group = AppGroup("archives", help="Archives of closed cases (电子档案单套归档).")


@group.command("make")
def make() -> None:
    """Archive what was closed long enough ago, now instead of in the night (归档)."""
    click.echo(f"{making.archive_closed()} archived")


@group.command("verify")
def verify() -> None:
    """Look through every archive and name those that are not what they were (完整性校验)."""
    found = list(checking.faults())
    for fault in found:
        click.echo(f"{fault.archive_no}: {fault.what}")
    if found:
        raise click.ClickException(f"{len(found)} archives are not what they were")
    click.echo("every archive is what it was")


@group.command("due")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Another day than today.")
def due(on: datetime | None) -> None:
    """List the archives whose time is over, for a person to appraise (到期鉴定); deletes nothing."""
    with unit_of_work() as session:
        found = checking.due(session, on=None if on is None else on.date())
        lines = [f"{one.archive_no}\t{TEXTS[Retention(one.retention)]}\t{one.keep_until}" for one in found]
    click.echo("\n".join(lines) if lines else "no archive's time is over")
