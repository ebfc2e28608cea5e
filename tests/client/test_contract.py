"""The contract from which the phone client makes its types is that of the program."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from web.flask_app import YimaFlask

KEPT = Path(__file__).resolve().parents[2] / "client" / "openapi.json"


def written(app: YimaFlask) -> str:
    runner: FlaskCliRunner = app.test_cli_runner()
    printed = runner.invoke(args=["contract"])
    assert printed.exit_code == 0
    return printed.stdout


def test_the_contract_is_written_the_same_every_time(app: YimaFlask) -> None:
    assert written(app) == written(app)
    assert json.loads(written(app))["openapi"] == "3.1.0"


@pytest.mark.skipif(not KEPT.exists(), reason="there is no phone client here")
def test_the_clients_contract_is_that_of_the_program(app: YimaFlask) -> None:
    assert KEPT.read_text("utf-8") == written(app), (
        "the API has changed: flask --app bootstrap:assemble contract > client/openapi.json"
    )
