"""Who citizens really are (市民实名): `flask --app wsgi citizens …`."""

import click
from flask.cli import AppGroup

from app.check_characters import CitizenNumberWrong
from app.db import unit_of_work
from app.delegations import service as delegations
from app.errors import DomainError
from app.people import on_paper, proving

group = AppGroup("citizens", help="Citizens and who they really are (市民实名).")


@group.command("prove")
@click.option("--phone", required=True, help="the proven phone of the account")
@click.option("--name", required=True, prompt=True, help="the name on the identity card")
@click.option("--number", required=True, prompt=True, help="the number on the identity card")
def prove(phone: str, name: str, number: str) -> None:
    """Write down that an office has checked somebody's identity card (实名核验)."""
    try:
        with unit_of_work() as session:
            account = proving.prove(session, phone=phone, name=name, number=number)
            on_paper_id = on_paper.retire(session, number=str(account.id_number), account_id=account.id)
            if on_paper_id is not None:
                delegations.end_all(session, citizen_id=on_paper_id, actor="system")
    except CitizenNumberWrong as wrong:
        raise click.ClickException(wrong.fault.value) from wrong
    except DomainError as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo("proven")
