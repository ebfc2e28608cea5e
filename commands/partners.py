"""Managing partner systems (合作单位): `flask --app wsgi partners …`. A secret is shown once, here."""

import click
from flask.cli import AppGroup

from app import clock
from app.db import unit_of_work
from app.errors import DomainError
from app.partners import service

group = AppGroup("partners", help="Partner systems that read the city's data (合作单位).")

_LONGEST_NAME = 100
_MOST = 10_000_000


@group.command("add")
@click.argument("name")
@click.option("--day-quota", type=click.IntRange(1, _MOST), default=service.DAY_QUOTA, show_default=True)
@click.option("--minute-rate", type=click.IntRange(1, _MOST), default=service.MINUTE_RATE, show_default=True)
def add(name: str, day_quota: int, minute_rate: int) -> None:
    """Let the system NAME read, and show its key and its secret, once."""
    if not 1 <= len(name.strip()) <= _LONGEST_NAME:
        raise click.ClickException(f"A name has 1 to {_LONGEST_NAME} characters.")
    with unit_of_work() as session:
        partner = service.add(session, name=name.strip(), day_quota=day_quota, minute_rate=minute_rate)
        click.echo(f"key:    {partner.key}\nsecret: {partner.secret}")


@group.command("list")
def list_partners() -> None:
    """List every partner: key, name, today's requests and quota, per minute, state."""
    with unit_of_work() as session:
        for used in service.everyone(session):
            partner = used.partner
            ended = partner.ended_at
            state = "in use" if ended is None else f"ended {clock.local(ended):%Y-%m-%d}"
            asked = f"{used.day_used}/{partner.day_quota} today\t{partner.minute_rate}/minute"
            click.echo(f"{partner.key}\t{partner.name}\t{asked}\t{state}")


@group.command("end")
@click.argument("key")
def end(key: str) -> None:
    """End the key KEY at once; its requests are refused from now on."""
    try:
        with unit_of_work() as session:
            service.end(session, key=key)
    except DomainError as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo(f"{key}: ended")
