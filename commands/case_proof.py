"""Checking the proof of all cases (办事凭据核验): `flask --app wsgi proof verify`."""

import sys

import click
from flask.cli import AppGroup

from app.case_proof import checking
from app.db import unit_of_work

group = AppGroup("proof", help="Chains of cases and roots of days (办事凭据).")


@group.command("verify")
def verify() -> None:
    """Read every chain and every root; the exit code is 1 when anything was changed, removed or put in."""
    bad = 0
    with unit_of_work() as session:
        for fault in checking.faults(session):
            bad += 1
            click.echo(fault, err=True)
    click.echo("all chains and roots are whole" if not bad else f"{bad} faults")
    if bad:
        sys.exit(1)
