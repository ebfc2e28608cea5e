"""Writing the contract down (接口文档): `flask --app bootstrap:assemble contract > client/openapi.json`."""

import click
import orjson
from flask import current_app
from flask.cli import with_appcontext

from web import openapi


@click.command("contract")
@with_appcontext
def contract() -> None:
    """Print the citizens' API as OpenAPI 3.1, sorted, so that two of them can be compared line by line."""
    written = orjson.dumps(
        openapi.described(current_app),
        option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE,
    )
    click.echo(written, nl=False)
