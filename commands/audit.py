"""Checking the audit log (审计日志核验): `flask --app wsgi audit verify`."""

import sys

import click
from flask.cli import AppGroup

from app.audit import queries
from app.db import unit_of_work

group = AppGroup("audit", help="The chain of who saw or changed what (审计日志).")


@group.command("verify")
def verify() -> None:
    """Walk the whole chain; the exit code is 1 when a line was changed, removed or put in."""
    with unit_of_work() as session:
        verdict = queries.verify(session)
    click.echo(f"{verdict.entries} entries are whole, head {verdict.head.hex()}")
    if verdict.broken_at is not None:
        click.echo(f"the chain breaks at entry {verdict.broken_at}", err=True)
        sys.exit(1)
