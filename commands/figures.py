"""The promised numbers (承诺指标): `flask --app wsgi figures …`."""

import click
from flask.cli import AppGroup

from app import clock
from app.db import unit_of_work
from app.errors import DomainError
from app.figures import baselines, queries

group = AppGroup("figures", help="Promised numbers, measured (承诺指标).")


@group.command("freeze")
@click.option("--note", default="", help="Why this moment, in a few words.")
@click.option("--again", is_flag=True, help="Freeze anew; the earlier baseline is kept and no longer used.")
def freeze(note: str, *, again: bool) -> None:
    """Freeze what guides ask for now as the baseline against which reductions are counted."""
    try:
        with unit_of_work() as session:
            made, items = baselines.freeze(session, note=note[:200], again=again)
    except DomainError as refusal:
        raise click.ClickException(f"{refusal.sentence} (--again)") from refusal
    click.echo(f"baseline {made.id} of {clock.local(made.frozen_at).date()}: {items} items")


@group.command("show")
def show() -> None:
    """Print every number with what it is counted from."""
    with unit_of_work() as session:
        report = queries.count(session)
    for figure in report.figures:
        of = "" if figure.of is None else f"/{figure.of:g}"
        click.echo(f"{figure.key:22} {figure.text:>8}  {figure.counted:g}{of}  {figure.name}")
