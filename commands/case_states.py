"""Writing the table of states down: `flask --app bootstrap:assemble case-states > docs/case-states.md`."""

import click

from app.cases import state_table


@click.command("case-states")
def case_states() -> None:
    """Print which step leads a case from where to where, who may take it, and what must hold."""
    click.echo(state_table.written(), nl=False)
