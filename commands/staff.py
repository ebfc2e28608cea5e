"""Managing clerks (工作人员账号): `flask --app wsgi staff …`. What is secret is shown once, here."""

import secrets

import click
from flask.cli import AppGroup

from app import settings
from app.db import unit_of_work
from app.errors import DomainError
from app.staff import service, totp
from app.staff.models import Role
from app.staff.service import NewClerk

group = AppGroup("staff", help="Clerks of the desk (工作人员).")


@group.command("add")
@click.argument("username")
@click.option("--name", required=True, help="As citizens and colleagues read it.")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)
@click.option("--centre", help="The hall the clerk sits in, such as C01; none: no fixed one.")
@click.option("--department", help="The only department whose cases they see; none: all of them.")
@click.option("--second-factor/--no-second-factor", default=True, help="Production needs it.")
def add(  # noqa: PLR0913, RUF100 - one argument for each option
    *,
    username: str,
    name: str,
    roles: tuple[str, ...],
    centre: str | None,
    department: str | None,
    second_factor: bool,
) -> None:
    """Add a clerk and show their password and the address of their second factor, once."""
    password = secrets.token_urlsafe(12)
    wanted = NewClerk(username, name, tuple(Role(role) for role in roles), centre, department)
    try:
        with unit_of_work() as session:
            clerk = service.add(session, clerk=wanted, password=password, second_factor=second_factor)
    except DomainError as refusal:
        raise _told(refusal) from refusal
    click.echo(f"account: {clerk.username}\npassword: {password}")
    if clerk.totp_secret is not None:
        issuer = f"{settings.current().city_name}一码办"
        click.echo(
            f"second factor: {totp.address(clerk.totp_secret, username=clerk.username, issuer=issuer)}"
        )


@group.command("password")
@click.argument("username")
def reset_password(username: str) -> None:
    """Give a clerk a new password, shown once, and end their sessions."""
    password = secrets.token_urlsafe(12)
    try:
        with unit_of_work() as session:
            service.reset_password(session, username=username, password=password)
    except DomainError as refusal:
        raise _told(refusal) from refusal
    click.echo(f"password: {password}")


@group.command("disable")
@click.argument("username")
def disable(username: str) -> None:
    """Take a clerk's account away and end their sessions."""
    try:
        with unit_of_work() as session:
            service.disable(session, username=username)
    except DomainError as refusal:
        raise _told(refusal) from refusal
    click.echo(f"{username} is disabled")


def _told(refusal: DomainError) -> click.ClickException:
    details = [sentence for sentences in (refusal.errors or {}).values() for sentence in sentences]
    return click.ClickException("\n".join([refusal.sentence, *details]))
