"""Codes for walls and forms (制码): `flask --app wsgi codes …`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.centres import queries as centres
from app.codes import qr, queries, service
from app.codes.models import CodeKind
from app.db import Session, unit_of_work
from app.errors import DomainError

group = AppGroup("codes", help="Codes that hang in halls and stand on forms (静态码).")

_ON_WALLS = (CodeKind.GUIDE, CodeKind.CENTRE, CodeKind.WINDOW)


@group.command("draw")
@click.argument("kind", type=click.Choice([kind.value for kind in _ON_WALLS]))
@click.argument("target")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def draw(kind: str, target: str, file: Path) -> None:
    """Draw the code of a guide (task code), a centre (its id) or a window (centre id/window) as SVG."""
    with unit_of_work() as session:
        title = _draw(session, CodeKind(kind), target, file=file)
    click.echo(f"{file}: {title}")


@group.command("draw-halls")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def draw_halls(folder: Path) -> None:
    """Draw the codes of every centre and every window; drawing them again draws the same."""
    folder.mkdir(parents=True, exist_ok=True)
    with unit_of_work() as session:
        halls = [found.centre for found in centres.find(session)]
        windows = [f"{hall.id}/{code}" for hall in halls for group in hall.groups for code in group.codes]
        for hall in halls:
            _draw(session, CodeKind.CENTRE, hall.id, file=folder / f"{hall.id}.svg")
        for window in windows:
            _draw(session, CodeKind.WINDOW, window, file=folder / f"{window.replace('/', '-')}.svg")
    click.echo(f"{folder}: {len(halls)} halls, {len(windows)} windows")


def _draw(session: Session, kind: CodeKind, target: str, *, file: Path) -> str:
    """Draw one code; a code that would lead nowhere is not made."""
    content = service.static_code(session, kind=kind, target=target)
    try:
        meaning = queries.scan(session, content=content, citizen_id=None)
    except DomainError as refusal:
        raise click.ClickException(f"{kind} {target}: {refusal.sentence}") from refusal
    file.write_bytes(qr.svg(content))
    return meaning.title
