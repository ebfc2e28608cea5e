"""Bringing items into the catalogue (导入事项): `flask --app wsgi catalogue import FILE`."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from app.catalogue import (
    exporting,
    generation,
    importing,
    mappings,
    service,
    sheet_guard,
    sheet_reading,
    sheet_writing,
    unified,
)
from app.catalogue.importing import Reading
from app.catalogue.item_files import Named
from app.catalogue.sheet_results import SheetReading
from app.db import unit_of_work
from app.papers import service as papers
from app.publishing import releasing
from commands.progress import bar

_WORKBOOK = ".xlsx"

group = AppGroup("catalogue", help="Service items and their guides (政务服务事项、办事指南).")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", type=click.Choice(mappings.names()), help="Whose field names the records have.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Where the bad rows go.")
def import_items(file: Path, mapping: str | None, report: Path | None) -> None:
    """Publish all items of FILE, or none of them.

    Without --mapping FILE is our own shape: a JSON object with a list "items", or a workbook (.xlsx) as
    `flask catalogue template` writes it. Every bad row is named on standard error with its line, field and
    rule; then nothing is kept and the exit code is 1. With --report the bad rows of a workbook are written
    to a workbook of their own. An item that has not changed stays as it is; a changed one becomes a new
    version.
    """
    reading: Reading
    if file.suffix.lower() == _WORKBOOK:
        reading = _read_workbook(file, mapping=mapping, report=report)
    else:
        with bar("checking") as told:
            reading = importing.read(file, mapping=mappings.load(mapping) if mapping else None, told=told)
    _name_faults(file, reading)
    with bar("publishing", total=len(reading.items)) as told, unit_of_work() as session:
        service.wait_for_turn(session)
        _refuse_unstored(file, papers.unstored(session, items=reading.items))
        done = service.publish(session, items=reading.items, told=told)
        withheld = [item["task_code"] for item in reading.items if item.get("secret")]
        releasing.forget(session, task_codes=withheld)
    if done.unchanged < done.total:
        generation.settle()  # what is said to be published is shown everywhere
    click.echo(
        f"{file.name}: {done.added} new, {done.changed} changed, {done.unchanged} unchanged"
        f", {done.withheld} withheld"
    )


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_items(file: Path) -> None:
    """Write the guides in force to FILE (.json or .xlsx), to be imported again; secret items stay out."""
    with unit_of_work() as session:
        if file.suffix.lower() == _WORKBOOK:
            file.write_bytes(sheet_writing.export(exporting.items(session)))
        else:
            with file.open("wb") as opened:
                opened.writelines(exporting.written(exporting.items(session)))
    click.echo(f"{file.name}: {file.stat().st_size} bytes")


@group.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def write_template(file: Path) -> None:
    """Write an empty workbook to FILE: what to fill in, lists to choose from, and an example."""
    file.write_bytes(sheet_writing.template())
    click.echo(f"{file.name}: {file.stat().st_size} bytes")


@group.command("unified")
@click.option("--explained", is_flag=True, help="Also what differs for a stated reason.")
def list_differences(*, explained: bool) -> None:
    """List what differs between districts that handle the same item (六统一), one line per element.

    Columns: base code, element, place, task code, only here, only in the standard item, reason.
    """
    count = 0
    with unit_of_work() as session:
        for found in unified.differences(session, explained=explained):
            count += 1
            told = (found.catalog_code, found.label, found.place, found.task_code)
            click.echo("\t".join((*told, "；".join(found.here), "；".join(found.there), found.reason or "")))
    click.echo(f"{count} differences", err=True)


def _refuse_unstored(file: Path, missing: list[tuple[str, Named]]) -> None:
    """A guide may not name a blank form or a sample that nobody has put there (表格文件没有上传)."""
    for task_code, named in missing:
        sentence = f"“{named.material}”的{papers.KIND_NAMES[named.field]}还没有上传"
        click.echo(f"{file}: error: {task_code}: {named.path}: files: {sentence}", err=True)
    if missing:
        click.echo(f"{file.name}: {len(missing)} files are not stored; nothing was imported", err=True)
        sys.exit(1)


def _read_workbook(file: Path, *, mapping: str | None, report: Path | None) -> SheetReading:
    if mapping is not None:
        raise click.UsageError("A workbook has our own shape; --mapping is for records of other sources.")
    with file.open("rb") as opened:
        reading = sheet_reading.read_sheet(opened.read(sheet_guard.LARGEST_FILE + 1))
    if report is not None:
        report.write_bytes(sheet_writing.report(reading))
    return reading


def _name_faults(file: Path, reading: Reading) -> None:
    for placed in reading.findings:
        click.echo(f"{file}:{placed}", err=True)
    if reading.refused:
        bad = {
            (getattr(placed, "sheet", ""), placed.line)
            for placed in reading.findings
            if placed.finding.refuses
        }
        click.echo(f"{file.name}: {len(bad)} bad rows; nothing was imported", err=True)
        sys.exit(1)
