"""Bringing items into the catalogue (导入事项): `flask --app wsgi catalogue import FILE`."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from app.catalogue import exporting, importing, mappings, service
from app.catalogue.importing import Reading
from app.db import unit_of_work
from commands.progress import bar

group = AppGroup("catalogue", help="Service items and their guides (政务服务事项、办事指南).")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", type=click.Choice(mappings.names()), help="Whose field names the records have.")
def import_items(file: Path, mapping: str | None) -> None:
    """Publish all items of FILE, or none of them.

    Without --mapping FILE is our own shape: a JSON object with a list "items". Every bad row is named on
    standard error with its line, field and rule; then nothing is kept and the exit code is 1. An item that
    has not changed stays as it is; a changed one becomes a new version.
    """
    with bar("checking") as told:
        reading = importing.read(file, mapping=mappings.load(mapping) if mapping else None, told=told)
    _name_faults(file, reading)
    with bar("publishing", total=len(reading.items)) as told, unit_of_work() as session:
        done = service.publish(session, items=reading.items, told=told)
    click.echo(
        f"{file.name}: {done.added} new, {done.changed} changed, {done.unchanged} unchanged"
        f", {done.withheld} withheld"
    )


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_items(file: Path) -> None:
    """Write the guides in force to FILE, as one that can be imported again; secret items stay out."""
    with unit_of_work() as session, file.open("wb") as opened:
        opened.writelines(exporting.written(exporting.items(session)))
    click.echo(f"{file.name}: {file.stat().st_size} bytes")


def _name_faults(file: Path, reading: Reading) -> None:
    for placed in reading.findings:
        click.echo(f"{file}:{placed}", err=True)
    if reading.refused:
        bad = {placed.line for placed in reading.findings if placed.finding.refuses}
        click.echo(f"{file.name}: {len(bad)} bad rows; nothing was imported", err=True)
        sys.exit(1)
