"""Units and what they hold (市场主体): `flask --app wsgi units …`."""

from typing import Protocol

import click
from flask.cli import AppGroup

from app.cases import organisations
from app.certificates import following
from app.db import Session, unit_of_work

group = AppGroup("units", help="Units that are registered (市场主体).")

_AT_ONCE = 500


class _Fill(Protocol):
    def __call__(self, session: Session, *, after: int, limit: int) -> tuple[int | None, int]: ...


@group.command("index")
def index() -> None:
    """Note beside old certificates and cases whose unit they are, so that they hear what it registers.

    What came before migration 0039 does not have it. May be run at any time, and again.
    """
    click.echo(f"certificates: {_filled(following.fill_index)} noted")
    click.echo(f"cases: {_filled(organisations.fill_index)} noted")


def _filled(fill: _Fill) -> int:
    """Some at a time, so that nobody who works on one of them waits for long."""
    after: int | None = 0
    count = 0
    while after is not None:
        with unit_of_work() as session:
            after, found = fill(session, after=after, limit=_AT_ONCE)
        count += found
    return count
